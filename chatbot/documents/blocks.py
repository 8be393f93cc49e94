"""What a loader hands over: a text and the blocks it consists of.

A block is a paragraph, a heading, a list item, a table row or a line of code. Knows no file format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chatbot.documents.cleaning import Cleaner, counted

_LONGEST_FACT = 300
_CELLS = " | "
_VALUE = re.compile(r"\d")
_LONGEST = 80
"""Characters of a cell that names a column; a longer one says something."""
_NOBODY = re.compile(
    r"\(?(?:anonymous|unknown|unspecified|untitled|user|admin(?:istrator)?|root|owner|default|none"
    r"|null|python-docx|openpyxl|steve canny|author|microsoft(?: office user)?)\)?",
    re.IGNORECASE,
)
"""What programs write where they know no author or title."""


class BlockKind(StrEnum):
    """How a block is cut into sentences."""

    PROSE = "prose"
    WHOLE = "whole"
    """One sentence, whatever stands in it: a heading, a table row, a line of code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A range of the text that sentences never cross."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PROSE
    heading: str | None = None
    """The nearest heading above; of a heading, itself."""
    header: str | None = None
    """The header row of the table, for each of its rows and for itself; None elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A text with its blocks, in order and without overlap, and what is known about it."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = ()
    """Offset at which each page begins, first page first; empty where there are no pages."""
    title: str = ""
    """Empty where the file names none."""
    source: str = ""
    """Where the text is from, if the file says so (front matter); else empty."""
    warnings: tuple[str, ...] = ()
    scanned: bool = False
    """Whether some pages are pictures, in which recognition may find words."""


@dataclass(slots=True)
class ContentBuilder:
    """Writes a text block by block, so that every offset is known when it is written."""

    cleaner: Cleaner = field(default_factory=Cleaner)
    length: int = 0
    """Characters written so far."""
    scanned: bool = False
    """See ``Content``."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many of each kind of thing ("picture") are not in the text; the warnings say it."""
    _parts: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _heading: str | None = None

    def add(
        self,
        text: str,
        *,
        kind: BlockKind = BlockKind.PROSE,
        close: bool = False,
        header: str | None = None,
    ) -> int | None:
        """Append a block and return its offset; text without a visible character is left out.

        Args:
            text: the block's text; outer whitespace is dropped.
            kind: how it is cut into sentences.
            close: put it on the next line instead of behind a blank line (list items, rows).
            header: of a table row, see ``Block``.
        """
        text = self.cleaner.clean(text).strip()
        if not text:
            return None
        if self._parts:
            gap = "\n" if close else "\n\n"
            self._parts.append(gap)
            self.length += len(gap)
        start = self.length
        self._parts.append(text)
        self.length += len(text)
        self._blocks.append(
            Block(start=start, end=self.length, kind=kind, heading=self._heading, header=header)
        )
        return start

    def add_facts(self, facts: Mapping[str, str], *, origin: str = "") -> None:
        """Append what the file says of itself ("Author: Ana Reis"), each a line that can be cited.

        Args:
            facts: name and value; what names nobody and nothing ("anonymous") is left out.
            origin: where they stand, if no reader of the document sees them.
        """
        close = False
        for name, value in facts.items():
            text = " ".join(self.cleaner.clean(value).split())
            if text and len(text) <= _LONGEST_FACT and not _NOBODY.fullmatch(text):
                label = f"{name} ({origin})" if origin else name
                line = f"{label}: {text}"
                close = self.add(line, kind=BlockKind.WHOLE, close=close) is not None or close

    def add_table(
        self, rows: Sequence[Sequence[str]], *, has_header: bool | None = None
    ) -> int | None:
        """Append the rows of a table, each a block that knows the header row; return its offset.

        Args:
            rows: the texts of the cells, row by row; rows without any text are left out.
            has_header: whether the first row names the columns; None looks at its cells.
        """
        texts = [[" ".join(self.cleaner.clean(cell).split()) for cell in row] for row in rows]
        header = header_row([row for row in texts if any(row)], has_header=has_header)
        first: int | None = None
        for row in texts:
            text = join_cells(row) if any(row) else ""
            added = self.add(text, kind=BlockKind.WHOLE, close=first is not None, header=header)
            first = added if first is None else first
        return first

    def add_heading(self, text: str) -> int | None:
        """Append a heading and return its offset; it stands for all blocks after it and itself."""
        text = " ".join(self.cleaner.clean(text).split())
        if not text:
            return None
        self._heading = text
        return self.add(text, kind=BlockKind.WHOLE)

    def add_content(self, content: Content) -> None:
        """Append the blocks of another content; those without a heading get the present one."""
        self.scanned |= content.scanned
        above = self._heading
        before = 0
        for number, block in enumerate(content.blocks):
            gap = content.text[before : block.start]
            self._heading = block.heading or above
            self.add(
                content.text[block.start : block.end],
                kind=block.kind,
                close=number > 0 and gap.count("\n") == 1,
                header=block.header,
            )
            before = block.end

    @property
    def first_heading(self) -> str:
        """The first heading, or an empty string."""
        return next((block.heading for block in self._blocks if block.heading), "")

    def build(
        self,
        *,
        title: str = "",
        source: str = "",
        pages: Sequence[int] = (),
        warnings: Sequence[str] = (),
    ) -> Content:
        """Return what was written, with warnings that say what was left out."""
        left_out = [f"{counted(n, what)} left out." for what, n in self.left_out.items() if n]
        return Content(
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            pages=tuple(pages),
            title=title,
            source=source,
            warnings=(*warnings, *left_out, *self.cleaner.warnings),
            scanned=self.scanned,
        )


def join_cells(cells: Sequence[str]) -> str:
    """Return a row as one line of text."""
    return _CELLS.join(cells).strip()


def header_row(rows: Sequence[Sequence[str]], *, has_header: bool | None = None) -> str | None:
    """Return the text of the header row of a table, None if it has none.

    Where the file does not say it, the first row is the header if each of its cells (the first may
    be empty) is a short text of its own without a figure, and other rows follow.

    Args:
        rows: the texts of the cells, row by row; no row is empty.
        has_header: whether the file says that the first row is one; None if it says nothing.
    """
    if has_header is False or len(rows) < 2:
        return None
    first = list(rows[0])
    if has_header or _names_columns(first):
        return join_cells(first)
    return None


def _names_columns(cells: Sequence[str]) -> bool:
    named = [cell for number, cell in enumerate(cells) if cell or number]
    return (
        len(cells) > 1
        and len(set(named)) == len(named)
        and all(cell and len(cell) <= _LONGEST and not _VALUE.search(cell) for cell in named)
    )
