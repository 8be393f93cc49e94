"""Rows of tables as text, and which row of a table names its columns.

Knows no file format: loaders hand over the texts of the cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CELLS = " | "
_VALUE = re.compile(r"\d")
_LONGEST = 80
"""Characters of a cell that names a column; a longer one says something."""


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
