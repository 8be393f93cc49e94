"""Rows of tables, read with their headers: "Room: Birch; Seats: 12; Projector: yes".

The citation stays the row as it is stored, and a short answer is a cell of it. Knows no store and
no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from chatbot.models.word_stems import content_stems
from chatbot.types import RetrievedSentence, Span

_CELL = re.compile(r"(?:\A|\|)\s*([^|]*?)\s*(?=\||\Z)")
_TRUE = frozenset("yes true y x ✓ ✔ ☑ available included ja".split())
_FALSE = frozenset(("no", "false", "n", "-", "–", "—", "✗", "✘", "☐", "none", "not", "n/a", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A table row as it is read: each cell behind the name of its column."""

    text: str
    places: tuple[tuple[Span, Span], ...]
    """For each cell its place in ``text`` and its place in the stored row."""

    def stored(self, span: Span) -> Span | None:
        """Return the cell of the stored row in which a span of ``text`` lies."""
        return next(
            (
                there
                for here, there in self.places
                if span.start < here.end and here.start < span.end
            ),
            None,
        )


def _cells(row: str) -> Iterator[tuple[str, Span]]:
    for cell in _CELL.finditer(row):
        yield cell[1], Span(start=cell.start(1), end=cell.end(1))


def cells_of(row: str) -> list[str]:
    """Return the texts of a row's cells."""
    return [text for text, _ in _cells(row)]


@lru_cache(maxsize=2_000)
def read_row(row: str, header: str, heading: str | None) -> ReadRow:
    """Return a row with the names of its columns before its cells, under its heading."""
    text = f"{heading}: " if heading else ""
    places: list[tuple[Span, Span]] = []
    names = cells_of(header)
    for number, (cell, there) in enumerate(_cells(row)):
        if not cell:
            continue
        name = names[number] if number < len(names) else ""
        text += f"{name}: " if name and name != cell else ""
        here = Span(start=len(text), end=len(text) + len(cell))
        places.append((here, there))
        text += f"{cell}; "
    return ReadRow(text=text.rstrip("; ") + ".", places=tuple(places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Some or all rows of one table."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[RetrievedSentence, ...]  # the stored row of each

    def column_named(self, question: str, *, but: int | None = None) -> int | None:
        """Return the column of which the question names the most words, None if none or several."""
        asked = content_stems(question)
        named = {
            number: len(shared) / len(content_stems(name))
            for number, name in enumerate(self.header)
            if number != but and (shared := content_stems(name) & asked)
        }
        best = max(named.values(), default=0)
        found = [number for number, share in named.items() if share == best]
        return found[0] if len(found) == 1 else None

    def column(self, number: int) -> list[str]:
        """Return the cells of a column; empty where a row is too short."""
        return [row[number] if number < len(row) else "" for row in self.rows]

    def only(self, kept: Sequence[bool]) -> Table:
        """Return the table with some of its rows."""
        return Table(
            header=self.header,
            rows=tuple(compress(self.rows, kept)),
            sentences=tuple(compress(self.sentences, kept)),
        )


def table_of(sentences: Sequence[RetrievedSentence]) -> Table:
    """Return the table that some rows of one header make; the header row itself is left out."""
    rows = [one for one in sentences if one.header is not None and one.text != one.header]
    return Table(
        header=tuple(cells_of(rows[0].header or "")) if rows else (),
        rows=tuple(tuple(cells_of(one.text)) for one in rows),
        sentences=tuple(rows),
    )


def truth(cell: str) -> bool | None:
    """Return what a cell of a yes-or-no column says, None if it says something else."""
    word = cell.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def outdone(question: str, rows: Sequence[RetrievedSentence]) -> frozenset[int]:
    """Return the places of rows that another row of their table fits better.

    The better row has every word of the question that they have, and more; or it has one under the
    column that the question names, and they do not: "Who works late?" and the column "Late".
    """
    asked = content_stems(question)
    fits = [_fit(row, asked) for row in rows]
    return frozenset(
        at
        for at, (row, mine) in enumerate(zip(rows, fits, strict=True))
        if any(
            row.header is not None
            and other.text != other.header
            and (row.document_id, row.header) == (other.document_id, other.header)
            and (mine[0] < theirs[0] or (mine[0] == theirs[0] and mine[1] < theirs[1]))
            for other, theirs in zip(rows, fits, strict=True)
        )
    )


def _fit(row: RetrievedSentence, asked: frozenset[str]) -> tuple[frozenset[str], int]:
    names = cells_of(row.header or "")
    matched: set[str] = set()
    under = 0
    for number, cell in enumerate(cells_of(row.text)):
        here = content_stems(cell) & asked
        matched |= here
        named = number < len(names) and content_stems(names[number]) & asked
        under += bool(here and named)
    return frozenset(matched), under


def cell_asked(question: str, row: RetrievedSentence) -> Span | None:
    """Return the cell under the column that the question names, where the row is named too."""
    table = table_of([row])
    column = table.column_named(question)
    asked = content_stems(question)
    cells = table.rows[0] if table.rows else ()
    if column is None or column >= len(cells) or not cells[column]:
        return None
    spans = [span for _, span in _cells(row.text)]
    if content_stems(cells[column]) & asked:  # the value is named, and something else is asked for
        return spans[0] if column and cells[0] else None
    return spans[column]
