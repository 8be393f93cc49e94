"""Walks an html tree and writes down what a visitor reads: headings, paragraphs, items, rows.

Iterative, so that no depth of nesting can overflow the stack. Hidden elements, scripts, forms and
navigation are left out: hidden text is a way to plant instructions. Knows lxml, not trafilatura.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml.etree import _Element, iterwalk  # type: ignore[import-untyped]

from chatbot.documents.blocks import join_cells
from chatbot.documents.layout import prose_paragraphs
from chatbot.documents.loaders.marks import STRUCK, formula, lowered, raised

_SKIPPED = frozenset(
    """
    audio button canvas dialog embed frame frameset head iframe link map meta nav noframes
    noscript object option script select style svg template textarea title video
    """.split()
)
_EMBEDDED = frozenset("audio canvas embed frame iframe object video".split())
"""The skipped elements that show or play something."""
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu ol p pre
    section summary table tbody td tfoot th thead tr ul
    """.split()
)
_LISTS = frozenset("ul ol menu dir".split())
_SHIFTED = frozenset("sup sub del s strike".split())
_IN_CELL = frozenset("table ul ol h1 h2 h3 h4 h5 h6 blockquote pre".split())
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|$)"
    r"|opacity\s*:\s*(?:0?\.)?0+%?\s*(?:;|$)|(?<!-)\bcolor\s*:\s*transparent"
    r"|\b(?:left|top|right|bottom|text-indent|margin-left)\s*:\s*-\d{4,}"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?\s*[,\s]\s*[01](?:px)?\s*[,\s]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%",
    re.IGNORECASE,
)
"""What a style attribute hides. A style sheet is not read: what only it hides is not noticed."""
_LINK_SHARE = 0.8
_MAX_CELL = 500
"""Characters: a cell with more is page layout, not a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block of the page, before it is known whether it belongs to the main text."""

    text: str
    number: str = ""
    """The number of an item of an ordered list, with a full stop and a space."""
    is_item: bool = False
    whole: bool = False
    """See ``Block``."""
    level: int = 0
    """1 to 6 for a heading."""
    tight: bool = False
    """An item, a row or a line: no blank line between it and another of them."""
    is_link: bool = False
    """Nearly all of it is the text of links."""
    cells: tuple[str, ...] = ()
    """The cells of a table row."""
    table: int = 0
    """The table that a row is in: a number; 0 for everything else."""
    names_columns: bool | None = None
    """Whether the page marks the first row of a table as a header; None where it says nothing."""


def walk_page(page: _Element, left_out: Counter[str]) -> list[Piece]:
    """Return the pieces of a page in reading order, and count what cannot be kept as text."""
    walker = _Walker(left_out)
    steps = iterwalk(page, events=("start", "end"))
    skipped = None
    for event, element in steps:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            if element is not skipped:
                walker.leave(tag)
            walker.text(element.tail)
        elif walker.skips(element, tag):
            skipped = element
            steps.skip_subtree()
        else:
            walker.enter(element, tag)
    walker.flush()
    return walker.pieces


def _is_hidden(element: _Element) -> bool:
    marked = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return marked or _HIDDEN_STYLE.search(element.get("style", "")) is not None


@dataclass(slots=True)
class _Walker:
    """What was read, what is open, and the block that is being read."""

    left_out: Counter[str]
    pieces: list[Piece] = field(default_factory=list)
    _lists: list[int | None] = field(default_factory=list)
    """Next number of each open list; None for bullets."""
    _row: list[str] | None = None
    """Cells of the open table row, None outside."""
    _header_cells: int = 0
    _table: int = 1
    """The number of tables that were opened, and one."""
    _table_of_last_row: int = 0
    _preformatted: int = 0
    _is_code: bool = False
    _links: int = 0
    _run: list[str] = field(default_factory=list)
    _shifts: list[int] = field(default_factory=list)
    """How many parts the run had before each open sup, sub or del."""
    _struck: list[str] = field(default_factory=list)
    _linked: int = 0
    """Characters of the run that stand in links."""
    _drawn: int = 0
    """Characters of the run that stand for pictures."""
    _level: int = 0
    _number: str = ""
    _is_item: bool = False
    _tight: bool = False

    def text(self, text: str | None) -> None:
        if text:
            self._run.append(text)
            self._linked += len(text) if self._links else 0

    def skips(self, element: _Element, tag: str) -> bool:
        """Say whether the inside of an element is not read; write or count what stands there."""
        if not tag or tag in _SKIPPED or _is_hidden(element):
            if tag in _EMBEDDED:
                self.left_out["embedded recording or page"] += 1
            elif tag and tag not in _SKIPPED:
                self.left_out["hidden passage"] += any(text.strip() for text in element.itertext())
        elif tag == "math":
            self.text(formula(element))
        elif tag == "img":
            words = " ".join((element.get("alt") or "").split())
            self._drawn += len(words.replace(" ", ""))
            self.left_out["picture"] += not words
            self._run.append(words)
        elif tag == "input":
            if element.get("type", "").lower() == "checkbox":
                self.text("[x] " if element.get("checked") is not None else "[ ] ")
        else:
            return False
        return True

    def enter(self, element: _Element, tag: str) -> None:
        if tag == "a":
            self._links += 1
        elif tag in _SHIFTED:
            self._shifts.append(len(self._run))
        elif tag == "br":
            self._break()
        elif tag == "tr" and _is_data_row(element):
            self.flush()
            self._row, self._header_cells = [], 0
        elif tag in _BLOCKS and self._row is None:
            self.flush()
            self._open(element, tag)
        elif tag in _BLOCKS:
            self._run.append(" ")
        self.text(element.text)

    def _open(self, element: _Element, tag: str) -> None:
        self._tight = tag in ("li", "dt", "dd")
        if tag in _LISTS:
            start = element.get("start", "1")
            self._lists.append((int(start) if start.isdecimal() else 1) if tag == "ol" else None)
        elif tag == "li":
            self._is_item = True
            if self._lists and (number := self._lists[-1]) is not None:
                self._number = f"{number}. "
                self._lists[-1] = number + 1
        elif tag == "table":
            self._table += 1
        elif tag == "pre":
            self._preformatted += 1
            self._is_code = next(iter(element), None) is not None and element[0].tag == "code"
        elif tag[0] == "h" and tag[1:].isdecimal():
            self._level = int(tag[1:])

    def leave(self, tag: str) -> None:
        if tag == "a":
            self._links -= 1
        elif tag in _SHIFTED:
            self._shift(tag)
        elif tag in ("td", "th") and self._row is not None:
            self._row.append(self._taken())
            self._header_cells += tag == "th"
        elif tag == "tr" and self._row is not None:
            self._end_row(tuple(self._row))
        elif tag in _BLOCKS and self._row is None:
            self.flush()
            if tag in _LISTS:
                del self._lists[-1:]
            elif tag == "pre" and self._preformatted:
                self._preformatted -= 1
            elif tag[0] == "h" and tag[1:].isdecimal():
                self._level = 0

    def _shift(self, tag: str) -> None:
        """Write what stood raised or lowered; put aside what was struck out."""
        first = self._shifts.pop() if self._shifts else len(self._run)
        text = "".join(self._run[first:])
        before = "".join(self._run[max(0, first - 2) : first])
        del self._run[first:]
        if tag in ("sup", "sub"):
            self._run.append((raised if tag == "sup" else lowered)(text, before))
        elif text.strip():
            self._struck.append(" ".join(text.split()))

    def _end_row(self, cells: tuple[str, ...]) -> None:
        self._row = None
        self._run.clear()
        if any(cells):
            opens = self._table != self._table_of_last_row
            self._table_of_last_row = self._table
            self.pieces.append(
                Piece(
                    text=join_cells(cells),
                    whole=True,
                    tight=True,
                    cells=cells,
                    table=self._table,
                    names_columns=(opens and self._header_cells == len(cells)) or None,
                )
            )

    def _break(self) -> None:
        """End a line at <br>: the next one belongs close below it."""
        if self._preformatted:
            self._run.append("\n")
        elif self._level or self._row is not None:
            self._run.append(" ")  # a headline in two lines is one headline
        else:
            self._tight = True
            self.flush()
            self._tight = True

    def flush(self) -> None:
        """End the block that is being read."""
        linked, self._linked = self._linked, 0
        if self._preformatted:
            raw = "".join(self._run)
            self._run.clear()
            self._lines(raw)
        elif text := self._taken():
            self.pieces.append(
                Piece(
                    text=text,
                    number=self._number,
                    is_item=self._is_item,
                    level=self._level,
                    tight=self._tight,
                    is_link=linked > _LINK_SHARE * len(text),
                )
            )
            self._number, self._is_item, self._tight = "", False, False

    def _taken(self) -> str:
        """Return the text of the block that ends here; what is struck out only if it is all."""
        text = " ".join("".join(self._run).split())
        self._run.clear()
        self._shifts.clear()
        struck, self._struck = self._struck, []
        drawn, self._drawn = self._drawn, 0
        if drawn and self._row is None and drawn >= len(text.replace(" ", "")):
            self.left_out["picture"] += 1  # a picture by itself, not one inside a sentence
            text = ""
        if struck and not text:
            return STRUCK + " ".join(struck)
        self.left_out["struck-through passage"] += len(struck)
        return text

    def _lines(self, raw: str) -> None:
        """Write a preformatted block: paragraphs if it is prose set in lines, else its lines."""
        paragraphs = [] if self._is_code else prose_paragraphs(raw)
        self.pieces += [Piece(text=paragraph) for paragraph in paragraphs]
        if not paragraphs:
            lines = (line.rstrip() for line in raw.splitlines() if line.strip())
            self.pieces += [Piece(text=line, whole=True, tight=True) for line in lines]


def _is_data_row(row: _Element) -> bool:
    """Tell a row of data from a table that only places parts of a page."""
    return row.get("role") == "row" or not any(
        any(child.tag in _IN_CELL for child in cell.iter())
        or sum(len(text) for text in cell.itertext()) > _MAX_CELL
        for cell in row
    )
