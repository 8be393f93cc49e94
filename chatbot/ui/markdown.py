"""A small safe Markdown subset: paragraphs, headings, lists, tables, bold, code and markers.

Pure: text in, plain values with offsets out; nothing here is HTML. No images, no links, no raw
HTML: what looks like them stays the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

BlockKind = Literal["paragraph", "heading", "bullet", "number", "header", "row", "code"]
"""``header`` is the first row of a table."""

_FENCED = re.compile(
    r"^[ \t]*```[^\n]*\n?(?P<code>.*?)(?:^[ \t]*```[ \t]*$|\Z)", re.DOTALL | re.MULTILINE
)
_LINE = re.compile(r"[^\n]*\n?")
_OPENINGS: dict[BlockKind, re.Pattern[str]] = {
    "heading": re.compile(r"^#{1,6}[ \t]+"),
    "bullet": re.compile(r"^[ \t]*[-*•][ \t]+"),
    "number": re.compile(r"^[ \t]*\d{1,3}[.)][ \t]+"),
    "header": re.compile(r"^[ \t]*(?=\|)"),
}
"""What a line begins with that begins a block."""
_RULE = re.compile(r"^[ \t]*\|[ \t]*:?-[-|: \t]*$")
"""The line of dashes under a table's first row."""
_CELL = re.compile(r"[^|\n\s](?:[^|\n]*[^|\n\s])?")
_INLINE = re.compile(
    r"\*\*(?P<strong>(?=\S)[^\n]+?(?<=\S))\*\*|`(?P<code>[^`\n]+)`|\[(?P<marker>\d{1,4})\]"
)
_MARKER = re.compile(r"\[(?P<marker>\d{1,4})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A piece of one block: ``source[start:end] == text`` unless it is a marker."""

    start: int
    end: int
    text: str
    marker: int | None = None
    strong: bool = False
    code: bool = False
    cell: int = 0
    """The column of the row, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBlock:
    """A paragraph, a heading, a list item, a row of a table or a piece of code."""

    kind: BlockKind
    runs: tuple[TextRun, ...]


class _Region(NamedTuple):
    kind: BlockKind
    start: int
    end: int


def parse(source: str, *, plain: bool = False) -> tuple[AnswerBlock, ...]:
    """Cut an answer, complete or cut anywhere while it streams, into blocks of runs.

    ``plain`` knows paragraphs and markers only, for text that is quoted word for word.
    """
    regions = _paragraphs(source) if plain else _regions(source)
    pattern = _MARKER if plain else _INLINE
    blocks = []
    for kind, start, end in regions:
        if kind == "code":
            runs: Iterable[TextRun] = (replace(_plain(source, start, end), code=True),)
        else:
            find = _cells if kind in ("header", "row") else _runs
            runs = find(source, start, end, pattern)
        blocks.append(AnswerBlock(kind=kind, runs=tuple(runs)))
    return tuple(block for block in blocks if block.runs)


def _paragraphs(source: str) -> Iterator[_Region]:
    for match in re.finditer(r"\S.*?(?=\n[ \t]*\n|\s*\Z)", source, re.DOTALL):
        yield _Region("paragraph", match.start(), match.end())


def _regions(source: str) -> Iterator[_Region]:
    at = 0
    for fence in _FENCED.finditer(source):
        yield from _prose(source, at, fence.start())
        start, end = fence.span("code")
        yield _Region("code", start, start + len(source[start:end].rstrip()))
        at = fence.end()
    yield from _prose(source, at, len(source))


def _prose(source: str, start: int, end: int) -> Iterator[_Region]:
    """Yield the blocks of a part without code; a line that goes on is joined to its block."""
    current: _Region | None = None
    for line in _LINE.finditer(source, start, end):
        if current is not None and current.kind == "header" and _RULE.match(line[0].rstrip()):
            continue
        stop = line.start() + len(line[0].rstrip())
        opened = _opened(line[0])
        blank = stop == line.start()
        goes_on = current is not None and current.kind not in ("heading", "header", "row")
        if current is not None and goes_on and opened is None and not blank:
            current = current._replace(end=stop)
            continue
        if current is not None:
            yield current
        in_table = current is not None and current.kind in ("header", "row")
        kind, inset = opened or ("paragraph", len(line[0]) - len(line[0].lstrip()))
        if kind == "header" and in_table:
            kind = "row"
        current = None if blank else _Region(kind, line.start() + inset, stop)
    if current is not None:
        yield current


def _opened(line: str) -> tuple[BlockKind, int] | None:
    """Return the kind of block that a line begins, and where its text begins in the line."""
    found = ((kind, pattern.match(line)) for kind, pattern in _OPENINGS.items())
    return next(((kind, match.end()) for kind, match in found if match), None)


def _runs(source: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[TextRun]:
    position = start
    for match in pattern.finditer(source, start, end):
        if match.start() > position:
            yield _plain(source, position, match.start())
        position = match.end()
        if match["marker"]:
            yield TextRun(
                start=match.start(), end=match.end(), text=match[0], marker=int(match["marker"])
            )
        elif match["strong"]:
            for run in _runs(source, *match.span("strong"), pattern):
                yield replace(run, strong=True)
        else:
            yield replace(_plain(source, *match.span("code")), code=True)
    if position < end:
        yield _plain(source, position, end)


def _cells(source: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[TextRun]:
    """Yield the runs of a row; an empty cell has none, and a bar is always a border."""
    bars = [start + match.end() for match in re.finditer(r"\|", source[start:end])]
    for number, (left, right) in enumerate(pairwise([*bars, end])):
        if match := _CELL.search(source, left, right):
            yield from (replace(run, cell=number) for run in _runs(source, *match.span(), pattern))


def _plain(source: str, start: int, end: int) -> TextRun:
    return TextRun(start=start, end=end, text=source[start:end])
