"""The lines, tables and columns of a page, found by where its letters stand.

A page says where each letter is put and nothing else. Letters on one baseline that follow each
other are a ``Segment``; segments that stand in columns under each other are a table; the others are
lines, in the order in which the page was written. Knows no file format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

_PROSE_CELL = 30
"""Mean characters of a cell from which two columns next to each other are text, not a table."""
_RUNNING_LINE = 15
"""Mean characters of the lines of a text in a narrow column; "yes" and "no" are cells."""
_LEAST_ROWS = 3
_ROW_PITCH = 2.6
"""Heights of a line that may lie between two rows of a table."""
_WORD_GAP = 0.2
_JOINED_GAP = 4.0
"""Heights between two segments of a line that is no table row."""
_BLANK_GAP = 1.75
"""Times the usual distance of lines: more of it is a blank line."""


Box = tuple[float, float, float, float]
"""Left, bottom, right and top as the page is drawn."""


class Letter(NamedTuple):
    """A letter and its place."""

    char: str
    box: Box


@dataclass(slots=True, kw_only=True)
class Segment:
    """A run of letters on one baseline; the y axis goes up, units are points."""

    text: str
    x0: float
    x1: float
    y: float
    """The baseline."""
    height: float
    bold: bool = False
    letters: list[Letter] = field(default_factory=list)

    def is_level_with(self, other: Segment) -> bool:
        """Say whether both stand on one line."""
        return abs(self.y - other.y) < 0.45 * max(self.height, other.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """What stands on a page, from top to bottom: a line, a blank (no text), or a table."""

    text: str = ""
    height: float = 0.0
    bold: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class _PageTable:
    rows: list[list[Segment]]
    columns: list[tuple[float, float]]


_Line = list[Segment] | _PageTable
"""What stands on one height of a page: segments from left to right, or a table from there on."""


def page_lines(segments: Sequence[Segment], rules: Sequence[float] = ()) -> list[PageLine]:
    """Return the lines and tables of a page in reading order.

    Args:
        segments: the runs of letters, in the order in which the page was written.
        rules: the heights at which horizontal lines are drawn.
    """
    return list(_written(_arranged(segments, rules), rules))


def reading_order(segments: Sequence[Segment], rules: Sequence[float] = ()) -> Iterator[Segment]:
    """Yield the segments of a page in the order in which ``page_lines`` writes their text."""
    for line in _arranged(segments, rules):
        cells = _cells(line, rules) if isinstance(line, _PageTable) else [[line]]
        yield from (segment for row in cells for cell in row for segment in cell)


def _arranged(segments: Sequence[Segment], rules: Sequence[float]) -> list[_Line]:
    tables = list(_tables(segments, rules))
    owner = {id(one): table for table in tables for row in table.rows for one in row}
    lines: list[_Line] = []
    written: set[int] = set()
    for segment in segments:
        table = owner.get(id(segment))
        last = lines[-1] if lines else None
        if table is None and isinstance(last, list) and _follows(last[-1], segment):
            last.append(segment)
        elif table is None:
            lines.append([segment])
        elif id(table) not in written:
            written.add(id(table))
            lines.append(table)
    return _edges_joined(_ordered(lines))


def _follows(before: Segment, segment: Segment) -> bool:
    gap = segment.x0 - before.x1
    size = max(before.height, segment.height)
    return before.is_level_with(segment) and -0.5 * size < gap < _JOINED_GAP * size


def _ordered(lines: list[_Line]) -> list[_Line]:
    """Sort a page that was written in no order; one in columns goes up only once a column."""
    tops = [_top(line) for line in lines]
    rises = sum(b > a + 2 for a, b in pairwise(tops))
    if rises > max(3, len(lines) // 4):
        return sorted(lines, key=lambda line: (-_top(line), _left(line)))
    return lines


def _edges_joined(lines: list[_Line]) -> list[_Line]:
    """Join the first two and the last two lines where they are one: a title and a page number."""
    for n in (len(lines) - 2, 0):
        if n < 0 or n + 1 >= len(lines):
            continue
        first, second = lines[n], lines[n + 1]
        if isinstance(first, list) and isinstance(second, list) and len(lines) > 4:
            if first[0].is_level_with(second[0]):
                joint = sorted([*first, *second], key=lambda segment: segment.x0)
                lines = [*lines[:n], joint, *lines[n + 2 :]]
    return lines


def _top(line: _Line) -> float:
    return line[0].y if isinstance(line, list) else line.rows[0][0].y


def _left(line: _Line) -> float:
    return line[0].x0 if isinstance(line, list) else line.columns[0][0]


def _written(lines: list[_Line], rules: Sequence[float]) -> Iterator[PageLine]:
    pitch = _pitch(lines)
    before: list[Segment] | None = None
    for line in lines:
        if isinstance(line, _PageTable):
            rows = _cells(line, rules)
            yield PageLine(rows=tuple(tuple(_cell_text(cell) for cell in row) for row in rows))
            before = None
            continue
        if before is not None and _is_apart(before[0], line[0], pitch):
            yield PageLine()
        yield PageLine(
            text=joined(line),
            height=round(max(segment.height for segment in line), 1),
            bold=all(segment.bold for segment in line),
        )
        before = line


def _pitch(lines: Sequence[list[Segment] | _PageTable]) -> float:
    """Return the usual distance of two lines, in heights of a line."""
    steps = [
        (a[0].y - b[0].y) / a[0].height
        for a, b in pairwise(lines)
        if isinstance(a, list) and isinstance(b, list) and 0 < a[0].y - b[0].y < 4 * a[0].height
    ]
    return sorted(steps)[len(steps) // 3] if steps else 1.2


def _is_apart(before: Segment, line: Segment, pitch: float) -> bool:
    step = before.y - line.y
    if abs(before.height - line.height) > 0.12 * max(before.height, line.height):
        return True
    return step > _BLANK_GAP * pitch * max(before.height, line.height)


def joined(segments: Sequence[Segment]) -> str:
    """Return the text of segments on one line, with a space where they do not touch."""
    parts: list[str] = []
    for number, segment in enumerate(segments):
        if number:
            gap = segment.x0 - segments[number - 1].x1
            if gap > _WORD_GAP * 0.6 * segment.height:
                parts.append(" ")
        parts.append(segment.text)
    return " ".join("".join(parts).split())


def _tables(segments: Sequence[Segment], rules: Sequence[float]) -> Iterator[_PageTable]:
    rows = _rows(segments)
    order = {id(segment): number for number, segment in enumerate(segments)}
    start = 0
    while start < len(rows):
        table = _grown(rows, start) if len(rows[start]) > 1 else None
        if table is not None and _is_table(table, order, rules):
            yield table
            start += len(table.rows)
        else:
            start += 1


def _rows(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return the segments line by line from top to bottom, each line from left to right."""
    rows = _level_runs(sorted(segments, key=lambda one: (-one.y, one.x0)))
    return [sorted(row, key=lambda one: one.x0) for row in rows]


def _level_runs(segments: Iterable[Segment]) -> list[list[Segment]]:
    runs: list[list[Segment]] = []
    for segment in segments:
        if runs and runs[-1][0].is_level_with(segment):
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return runs


def _grown(rows: Sequence[list[Segment]], start: int) -> _PageTable | None:
    """Return the longest run of rows from ``start`` whose segments keep to the same columns."""
    columns = [(segment.x0, segment.x1) for segment in rows[start]]
    kept = [rows[start]]
    last_full = 1
    for above, row in pairwise(rows[start:]):
        step = above[0].y - row[0].y
        size = max(segment.height for segment in (*above, *row))
        if step > _ROW_PITCH * size:
            break
        widened = _widened(columns, row, size)
        if widened is None:
            break
        columns = widened
        kept.append(row)
        if len(row) > 1:
            last_full = len(kept)
    kept = kept[:last_full]
    return _PageTable(rows=kept, columns=_columns_of(kept)) if len(kept) > 1 else None


def _widened(
    columns: list[tuple[float, float]], row: Sequence[Segment], size: float
) -> list[tuple[float, float]] | None:
    """Return the columns with the cells of one more row, None if a cell lies over two of them."""
    result = list(columns)
    for cell in row:
        inside = [n for n, (x0, x1) in enumerate(result) if cell.x0 < x1 and cell.x1 > x0]
        if len(inside) > 1:
            return None
        if inside:
            x0, x1 = result[inside[0]]
            result[inside[0]] = (min(x0, cell.x0), max(x1, cell.x1))
        else:
            result.append((cell.x0, cell.x1))
    result.sort()
    narrow = any(b[0] - a[1] < 0.3 * size for a, b in pairwise(result))
    return None if narrow else result


def _columns_of(rows: Sequence[Sequence[Segment]]) -> list[tuple[float, float]]:
    columns: list[tuple[float, float]] = []
    for cell in sorted((cell for row in rows for cell in row), key=lambda one: one.x0):
        if columns and cell.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], cell.x1))
        else:
            columns.append((cell.x0, cell.x1))
    return columns


def _is_table(table: _PageTable, order: dict[int, int], rules: Sequence[float]) -> bool:
    """Tell a table from text in columns and from a list whose marks are set apart."""
    rows, columns = table.rows, table.columns
    full = [row for row in rows if len(row) > 1]
    top, bottom = rows[0][0].y + rows[0][0].height, rows[-1][0].y - rows[-1][0].height
    ruled = sum(bottom <= rule <= top for rule in rules) >= 2
    if len(columns) < 2 or len(full) < (2 if ruled or len(columns) > 2 else _LEAST_ROWS):
        return False
    cells: list[list[str]] = [[] for _ in columns]
    for cell in (cell for row in rows for cell in row):
        cells[_column(cell, columns)].append(cell.text)
    means = [sum(map(len, column)) / len(column) for column in cells]
    if all(not any(char.isalpha() for char in text) and len(text) < 5 for text in cells[0]):
        if len(columns) == 2 and means[1] > 12:
            return False  # the bullets and numbers of a list
    by_column = sum(order[id(row[1])] - order[id(row[0])] != 1 for row in full)
    written_down = 2 * by_column > len(full)
    if ruled and not written_down:
        return True
    long_columns = sum(mean > _PROSE_CELL for mean in means)
    if written_down and (long_columns or any(map(_runs_on, cells))):
        return False
    return long_columns < 2


def _runs_on(column: Sequence[str]) -> bool:
    """Say whether the cells of a column are lines of a text: most go on in lower case."""
    lower = sum(text[:1].islower() for text in column[1:])
    return 2 * lower > len(column) - 1 and sum(map(len, column)) > _RUNNING_LINE * len(column)


def _column(cell: Segment, columns: Sequence[tuple[float, float]]) -> int:
    return next(n for n, (x0, x1) in enumerate(columns) if x0 <= cell.x0 <= x1)


def _cells(table: _PageTable, rules: Sequence[float]) -> list[list[list[Segment]]]:
    """Return the cells row by row, each with the segments of all its lines."""
    result: list[list[list[Segment]]] = []
    for number, row in enumerate(table.rows):
        if not number or not _continues(table, number, rules):
            result.append([[] for _ in table.columns])
        for cell in row:
            result[-1][_column(cell, table.columns)].append(cell)
    return result


def _cell_text(cell: Sequence[Segment]) -> str:
    lines = _level_runs(cell)
    return " ".join(joined(line) for line in lines)


def _continues(table: _PageTable, number: int, rules: Sequence[float]) -> bool:
    """Say whether a row holds only further lines of the cells above it."""
    above, row = table.rows[number - 1][0], table.rows[number][0]
    first, last = table.rows[0][0].y + table.rows[0][0].height, table.rows[-1][0].y
    inside = [rule for rule in rules if last < rule < first]
    if len(inside) >= 3 or (len(inside) >= 2 and len(table.rows) <= 3):
        return not any(row.y + 0.1 * row.height < rule <= above.y for rule in inside)
    if _column(row, table.columns) == 0:
        return False
    steps = [a[0].y - b[0].y for a, b in pairwise(table.rows)]
    return above.y - row.y <= median(steps) * 1.05
