"""Reads tables of values (csv, tsv), and writes any sheet of cells: titles, tables, notes.

A sheet has no marks for these. Blank rows end a table; a row of one cell above a table is a title;
the first full row names the columns unless it holds values.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.errors import UnreadableFile

_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,:/ -]*\s?[^\w\s]?\)?")
_LONGEST_NAME = 80
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def read_csv(data: bytes, *, name: str) -> Content:
    """Return the content of a table of values."""
    builder = ContentBuilder(name)
    lines = builder.decoded(data).lstrip("\ufeff").splitlines(keepends=True)
    try:
        write_sheet(csv.reader(lines, delimiter=_delimiter(lines[:_SAMPLE_LINES])), builder)
    except csv.Error as error:
        words = f"{name} is damaged: it cannot be read as a table ({error})."
        raise UnreadableFile(words) from error
    return builder.build()


def _delimiter(lines: Sequence[str]) -> str:
    """Return the sign that cuts most lines into the same number of values, at least two."""

    def agreement(sign: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if row)
        width, often = max(counts.items(), key=lambda item: item[::-1], default=(1, 0))
        return (often, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=agreement)


def write_sheet(
    rows: Iterable[Sequence[str]], builder: ContentBuilder, *, heading: str = ""
) -> None:
    """Write the rows of a sheet, under a heading if not all of them are blank."""
    runs = [list(run) for filled, run in groupby(rows, key=lambda row: _filled(row) > 0) if filled]
    if runs:
        builder.add_heading(heading)
    for run in runs:
        titles = list(takewhile(lambda row: _filled(row) == 1, run))
        lines = [cell for row in titles for cell in row if cell.strip()]
        if len(titles) == len(run):
            builder.add_lines(lines)
            continue
        for line in lines:
            builder.add(line)
        table = _without_margins(run[len(titles) :])
        builder.add_table(table, has_header=_names_columns(table[0]))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _without_margins(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows of one width, without the empty columns at both sides."""
    used = [n for row in rows for n, cell in enumerate(row) if cell.strip()]
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
