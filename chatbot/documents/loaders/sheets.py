"""Reads tables of values (csv, tsv), and writes any sheet of cells: titles, tables, notes.

A sheet has no marks for these. Blank rows end a table; a row of one cell above a table is a title;
the first full row names the columns unless it holds values.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.encoding import decode
from chatbot.errors import UnreadableFile

_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,:/ -]*\s?[^\w\s]?\)?")
_LONGEST_NAME = 80
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def read_csv(data: bytes, *, name: str) -> Content:
    """Return the content of a table of values."""
    decoded = decode(data)
    lines = decoded.text.lstrip("\ufeff").splitlines(keepends=True)
    builder = ContentBuilder()
    try:
        rows = list(csv.reader(lines, delimiter=_delimiter(lines[:_SAMPLE_LINES])))
    except csv.Error as error:
        raise UnreadableFile(
            f"{name} is damaged: it cannot be read as a table ({error})."
        ) from error
    write_sheet(rows, builder)
    return builder.build(warnings=decoded.warnings)


def _delimiter(lines: Sequence[str]) -> str:
    """Return the sign that cuts most lines into the same number of values, at least two."""

    def agreement(sign: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if row)
        width, often = max(counts.items(), key=lambda item: item[::-1], default=(1, 0))
        return (often, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=agreement)


def write_sheet(rows: Iterable[Sequence[str]], builder: ContentBuilder) -> int | None:
    """Write the rows of a sheet and return the offset of the first, None if all are blank."""
    first: int | None = None
    run: list[Sequence[str]] = []
    for row in [*rows, ()]:
        if any(cell.strip() for cell in row):
            run.append(row)
        elif run:
            start = _write_run(run, builder)
            first = start if first is None else first
            run = []
    return first


def _write_run(run: Sequence[Sequence[str]], builder: ContentBuilder) -> int | None:
    first: int | None = None
    wide = max(_filled(row) for row in run) > 1
    begin = 0
    while begin < len(run) and _filled(run[begin]) == 1:
        text = next(cell for cell in run[begin] if cell.strip())
        start = builder.add(text, close=begin > 0 and not wide)
        first = start if first is None else first
        begin += 1
    table = _without_margins(run[begin:])
    if table:
        start = builder.add_table(table, has_header=_names_columns(table[0]))
        first = start if first is None else first
    return first


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _without_margins(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows of one width, without the empty columns at both sides."""
    used = [n for row in rows for n, cell in enumerate(row) if cell.strip()]
    if not used:
        return []
    left, width = min(used), max(used) + 1
    return [[*row[left:width], *[""] * (width - max(left, len(row)))] for row in rows]


def _names_columns(row: Sequence[str]) -> bool:
    """Say whether a row names columns: short texts or years, all different."""
    names = [cell.strip() for cell in row if cell.strip()]
    return (
        len(names) > 1
        and len(set(names)) == len(names)
        and all(len(name) <= _LONGEST_NAME for name in names)
        and not all(_YEAR.fullmatch(name) for name in names)
        and not any(_VALUE.fullmatch(name) and not _YEAR.fullmatch(name) for name in names)
    )
