"""What a loader hands over: a text and the blocks it consists of.

A block is a paragraph, a heading, a list item, a table row or a line of code. Knows no file format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from chatbot.documents.cleaning import Cleaner, counted
from chatbot.documents.encoding import decode
from chatbot.documents.limits import MAX_TEXT_CHARS
from chatbot.errors import FileTooLarge

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A range of the text that sentences never cross."""

    start: int
    end: int
    whole: bool = False
    """It is one sentence, whatever stands in it: a heading, a table row, a line of code."""
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


def too_long(name: str, length: str) -> FileTooLarge:
    """Return the refusal of a text of more than ``MAX_TEXT_CHARS`` characters."""
    return FileTooLarge(
        f"{name} has {length} characters, and the limit for one document is "
        f"{MAX_TEXT_CHARS:,}. Split it and add the parts."
    )


@dataclass(slots=True)
class ContentBuilder:
    """Writes a text block by block, so that every offset is known when it is written."""

    name: str
    """The file's, for messages."""
    cleaner: Cleaner = field(default_factory=Cleaner)
    length: int = 0
    """Characters written so far."""
    scanned: bool = False
    """See ``Content``."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many of each kind of thing ("picture") are not in the text; the warnings say it."""
    warnings: list[str] = field(default_factory=list)
    """What else the user should know, one sentence each."""
    _parts: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _heading: str | None = None

    def decoded(self, data: bytes, *, declared: str = "") -> str:
        """Return the text of ``data`` (``encoding.decode``), and note how it was read."""
        found = decode(data, declared=declared)
        self.warnings += found.warnings
        return found.text

    def add(
        self, text: str, *, whole: bool = False, close: bool = False, header: str | None = None
    ) -> int | None:
        """Append a block and return its offset; text without a visible character is left out.

        Args:
            text: the block's text; outer whitespace is dropped.
            whole: see ``Block``.
            close: put it on the next line instead of behind a blank line (list items, rows).
            header: of a table row, see ``Block``.

        Raises:
            FileTooLarge: if the whole text gets longer than a document may be.
        """
        text = self.cleaner.clean(text).strip()
        if not text:
            return None
        gap = ("\n" if close else "\n\n") if self._parts else ""
        self._parts += [gap, text]
        start = self.length + len(gap)
        self.length = start + len(text)
        if self.length > MAX_TEXT_CHARS:
            raise too_long(self.name, f"more than {MAX_TEXT_CHARS:,}")
        self._blocks.append(
            Block(start=start, end=self.length, whole=whole, heading=self._heading, header=header)
        )
        return start

    def add_lines(
        self, lines: Iterable[str], *, whole: bool = False, header: str | None = None
    ) -> int | None:
        """Append blocks without blank lines between them; return the offset of the first."""
        first: int | None = None
        for line in lines:
            start = self.add(line, whole=whole, close=first is not None, header=header)
            first = start if first is None else first
        return first

    def add_facts(self, facts: Mapping[str, str], *, origin: str = "") -> None:
        """Append what the file says of itself ("Author: Ana Reis"), each a line that can be cited.

        Args:
            facts: name and value; what names nobody and nothing ("anonymous") is left out.
            origin: where they stand, if no reader of the document sees them.
        """
        lines: list[str] = []
        for name, value in facts.items():
            text = " ".join(self.cleaner.clean(value).split())
            if not text or len(text) > _LONGEST_FACT or _NOBODY.fullmatch(text):
                continue
            if origin and name == "Created" and not lines:
                continue  # programs write a date of their own where nobody is named
            lines.append(f"{name} ({origin}): {text}" if origin else f"{name}: {text}")
        self.add_lines(lines, whole=True)

    def add_table(
        self, rows: Sequence[Sequence[str]], *, has_header: bool | None = None
    ) -> int | None:
        """Append the rows of a table, each a block that knows the header row; return its offset.

        Args:
            rows: the texts of the cells, row by row; rows without any text are left out.
            has_header: whether the first row names the columns; None looks at its cells.
        """
        # Row by row, so that a sheet of a million long cells ends where the text gets too long.
        texts = ([" ".join(self.cleaner.clean(cell).split()) for cell in row] for row in rows)
        filled = filter(any, texts)
        first = list(islice(filled, 2))
        header = None
        if len(first) > 1 and (_names_columns(first[0]) if has_header is None else has_header):
            header = join_cells(first[0])
        return self.add_lines(map(join_cells, chain(first, filled)), whole=True, header=header)

    def add_heading(self, text: str) -> int | None:
        """Append a heading and return its offset; it stands for all blocks after it and itself."""
        text = " ".join(self.cleaner.clean(text).split())
        if not text:
            return None
        self._heading = text
        return self.add(text, whole=True)

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
                whole=block.whole,
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
    ) -> Content:
        """Return what was written, with warnings that say what was left out."""
        left_out = [f"{counted(n, what)} left out." for what, n in self.left_out.items() if n]
        return Content(
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            pages=tuple(pages),
            title=title,
            source=source,
            warnings=(*dict.fromkeys(self.warnings), *left_out, *self.cleaner.warnings),
            scanned=self.scanned,
        )


def join_cells(cells: Sequence[str]) -> str:
    """Return a row as one line of text."""
    return _CELLS.join(cells).strip()


def _names_columns(cells: Sequence[str]) -> bool:
    """Say whether each cell (the first may be empty) is a short text of its own, no figure in it.

    So the first row of a table is its header where the file does not say it.
    """
    named = [cell for number, cell in enumerate(cells) if cell or number]
    return (
        len(cells) > 1
        and len(set(named)) == len(named)
        and all(cell and len(cell) <= _LONGEST and not _VALUE.search(cell) for cell in named)
    )
