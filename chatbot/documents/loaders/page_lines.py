"""The lines, tables and columns of a page, found by where its letters stand.

A page says where each letter is put and nothing else. Letters on one baseline that follow each
other are a ``Segment``; segments that stand in columns under each other are a table; the others are
lines, in the order in which the page was written. Knows no file format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_WORD_GAP = 0.12
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


@dataclass(slots=True, eq=False)
class _Line:
    """What stands on one height of a page: a line, or a table from there on."""

    rows: list[list[Segment]]
    """Of a line one row; each from left to right."""
    columns: list[tuple[float, float]] = field(default_factory=list)
    """Left and right of each column; empty for a line."""

    @property
    def first(self) -> Segment:
        return self.rows[0][0]

    def column(self, cell: Segment) -> int:
        return next(n for n, (x0, x1) in enumerate(self.columns) if x0 <= cell.x0 <= x1)


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
        for row in _cells(line, rules) if line.columns else [line.rows]:
            for cell in row:
                yield from cell


def _arranged(segments: Sequence[Segment], rules: Sequence[float]) -> list[_Line]:
    owner = {
        id(one): table for table in _tables(segments, rules) for row in table.rows for one in row
    }
    lines: list[_Line] = []
    written: set[int] = set()
    for segment in segments:
        table = owner.get(id(segment))
        if table is not None:
            if id(table) not in written:
                lines.append(table)
            written.add(id(table))
        elif lines and not lines[-1].columns and _follows(lines[-1].rows[0][-1], segment):
            lines[-1].rows[0].append(segment)
        else:
            lines.append(_Line([[segment]]))
    # A page that was written in no order is sorted; one in columns goes up only once a column.
    rises = sum(below.first.y > above.first.y + 2 for above, below in pairwise(lines))
    if rises > max(3, len(lines) // 4):
        lines.sort(key=lambda line: (-line.first.y, line.first.x0))
    return _edges_joined(lines)


def _follows(before: Segment, segment: Segment) -> bool:
    gap = segment.x0 - before.x1
    size = max(before.height, segment.height)
    return before.is_level_with(segment) and -0.5 * size < gap < _JOINED_GAP * size


def _edges_joined(lines: list[_Line]) -> list[_Line]:
    """Join the first two and the last two lines where they are one: a title and a page number."""
    for n in (len(lines) - 2, 0) if len(lines) > 4 else ():
        first, second = lines[n : n + 2]
        if not (first.columns or second.columns) and first.first.is_level_with(second.first):
            joint = sorted(first.rows[0] + second.rows[0], key=lambda segment: segment.x0)
            lines[n : n + 2] = [_Line([joint])]
    return lines


def _written(lines: list[_Line], rules: Sequence[float]) -> Iterator[PageLine]:
    pitch = _pitch(lines)
    before: Segment | None = None
    for line in lines:
        if line.columns:
            rows = _cells(line, rules)
            yield PageLine(rows=tuple(tuple(_cell_text(cell) for cell in row) for row in rows))
            before = None
            continue
        if before is not None and _is_apart(before, line.first, pitch):
            yield PageLine()
        (row,) = line.rows
        height = round(max(segment.height for segment in row), 1)
        yield PageLine(text=_joined(row), height=height, bold=all(one.bold for one in row))
        before = line.first


def _pitch(lines: Sequence[_Line]) -> float:
    """Return the usual distance of two lines, in heights of a line."""
    steps = sorted(
        (a.first.y - b.first.y) / a.first.height
        for a, b in pairwise(lines)
        if not a.columns and not b.columns and 0 < a.first.y - b.first.y < 4 * a.first.height
    )
    return steps[len(steps) // 3] if steps else 1.2


def _is_apart(before: Segment, line: Segment, pitch: float) -> bool:
    size = max(before.height, line.height)
    if abs(before.height - line.height) > 0.12 * size:
        return True
    return before.y - line.y > _BLANK_GAP * pitch * size


def _joined(segments: Sequence[Segment]) -> str:
    text = segments[0].text
    for before, segment in pairwise(segments):
        apart = segment.x0 - before.x1 > _WORD_GAP * segment.height
        text += f" {segment.text}" if apart else segment.text
    return " ".join(text.split())


def _tables(segments: Sequence[Segment], rules: Sequence[float]) -> Iterator[_Line]:
    levels = _level_runs(sorted(segments, key=lambda one: (-one.y, one.x0)))
    rows = [sorted(row, key=lambda one: one.x0) for row in levels]
    order = {id(segment): number for number, segment in enumerate(segments)}
    start = 0
    while start < len(rows):
        table = _grown(rows, start) if len(rows[start]) > 1 else None
        if table is not None and _is_table(table, order, rules):
            yield table
            start += len(table.rows)
        else:
            start += 1


def _level_runs(segments: Sequence[Segment]) -> list[list[Segment]]:
    runs: list[list[Segment]] = []
    for segment in segments:
        if runs and runs[-1][0].is_level_with(segment):
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return runs


def _grown(rows: Sequence[list[Segment]], start: int) -> _Line | None:
    """Return the longest run of rows from ``start`` whose segments keep to the same columns."""
    columns: list[tuple[float, float]] | None = [(cell.x0, cell.x1) for cell in rows[start]]
    table: _Line | None = None
    for n in range(start + 1, len(rows)):
        above, row = rows[n - 1], rows[n]
        size = max(segment.height for segment in (*above, *row))
        if columns is None or above[0].y - row[0].y > _ROW_PITCH * size:
            break
        columns = _widened(columns, row, size)
        if columns is not None and len(row) > 1:
            table = _Line(list(rows[start : n + 1]), columns)
    return table


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


def _is_table(table: _Line, order: dict[int, int], rules: Sequence[float]) -> bool:
    """Tell a table from text in columns and from a list whose marks are set apart."""
    rows, columns = table.rows, table.columns
    full = [row for row in rows if len(row) > 1]
    top, bottom = rows[0][0].y + rows[0][0].height, rows[-1][0].y - rows[-1][0].height
    ruled = sum(bottom <= rule <= top for rule in rules) >= 2
    if len(columns) < 2 or len(full) < (2 if ruled or len(columns) > 2 else _LEAST_ROWS):
        return False
    cells: list[list[str]] = [[] for _ in columns]
    for cell in (cell for row in rows for cell in row):
        cells[table.column(cell)].append(cell.text)
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


def _cells(table: _Line, rules: Sequence[float]) -> list[list[list[Segment]]]:
    """Return the cells row by row, each with the segments of all its lines."""
    result: list[list[list[Segment]]] = []
    for number, row in enumerate(table.rows):
        if not number or not _continues(table, number, rules):
            result.append([[] for _ in table.columns])
        for cell in row:
            result[-1][table.column(cell)].append(cell)
    return result


def _cell_text(cell: Sequence[Segment]) -> str:
    return " ".join(map(_joined, _level_runs(cell)))


def _continues(table: _Line, number: int, rules: Sequence[float]) -> bool:
    """Say whether a row holds only further lines of the cells above it."""
    above, row = table.rows[number - 1][0], table.rows[number][0]
    first, last = table.rows[0][0].y + table.rows[0][0].height, table.rows[-1][0].y
    inside = [rule for rule in rules if last < rule < first]
    if len(inside) >= 3 or (len(inside) >= 2 and len(table.rows) <= 3):
        return not any(row.y + 0.1 * row.height < rule <= above.y for rule in inside)
    if table.column(row) == 0:
        return False
    steps = [a[0].y - b[0].y for a, b in pairwise(table.rows)]
    return above.y - row.y <= median(steps) * 1.05
