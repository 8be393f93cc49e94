"""Finds the blocks of plain text: which line breaks end something, and which are only wrapping.

Text files come with one paragraph a line, hard-wrapped at some column, as lists, tables, poems or
logs. Nothing declares which, so the lines decide: a break is soft if the text is wrapped and the
next word would not have fitted, or if the next line goes on in lower case. Linear in the length of
the text. Used for txt files, for text given as a string, for answers, and for the lines of a pdf.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from chatbot.documents.abbreviations import TITLES
from chatbot.documents.blocks import Block

_BULLET = re.compile(r"[*+•‣◦▪●○■□➢✓✔–—-]\s+\S")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*[.)]|[a-zA-Z]\)|[ivxlc]{1,5}\)|[a-z]\.)\s+\S")
_ENDS = re.compile(r"[.!?:;…。！？][\"'’”»)\]]*$")
_HEADING = re.compile(r"#{1,6}\s+\S")

_MAX_WRAP = 130
"""Characters: no one wraps by hand beyond this; longer lines are paragraphs."""
_MIN_WRAP = 30
_MAX_PAGE_WRAP = 250
_PAGE_WRAP = 60
"""Characters from which lines of a page are as wide as a column of text."""
_LEADER = re.compile(r"(?:\. ?){5}")
"""The dots between an entry of a table of contents and its page."""
_LONG_LINE = 40
"""Characters from which a line may be wrapped where the text as a whole does not look wrapped; in
shorter ones, lower case means a list of words."""
_LONG_PAGE_LINE = 20
_MAX_CELL = 120
_UNFINISHED = re.compile(
    r"(?:,|\b(?:a|an|the|of|by|to|and|or|in|on|at|for|from|with|that|which|who|whose|was|were|is|are"
    r"|has|had|have|its|their|der|die|das|den|dem|und|oder|von|mit|le|la|les|de|du|des|et|el|los|y))$"
)
"""How a line ends that goes on, whatever the next one begins with."""
_CODE_SIGNS = re.compile(r"[{};=<>$\\|#]|\(\)|->|::|^\s*(?:def|import|return|if|for)\b")
_PROSE_WORDS = 4
_PARAGRAPH_LINES = 60
"""The lines of a paragraph that are looked at to see at which column it is wrapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line without its outer whitespace."""

    start: int
    end: int
    text: str
    page: int = 0


def plain_blocks(text: str) -> list[Block]:
    """Return the blocks of a plain text, in order; between them only whitespace is left out."""
    blocks: list[Block] = []
    for group in group_lines(list(_lines(text))):
        whole = len(group) == 1 and _is_row(group[0].text)
        blocks.append(Block(start=group[0].start, end=group[-1].end, whole=whole))
    return blocks


def prose_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a preformatted text that is prose set in lines; none if it is code.

    Prose has several words a line, its lines end in sentences, and few signs of code.
    """
    filled = [line for line in _lines(text) if line is not None]
    words = sum(len(line.text.split()) for line in filled)
    signs = sum(_CODE_SIGNS.search(line.text) is not None for line in filled)
    ended = sum(_ENDS.search(line.text[-8:]) is not None for line in filled)
    if not ended or words < _PROSE_WORDS * len(filled) or signs * 10 > len(filled):
        return []
    groups = group_lines(list(_lines(text)), set_in_lines=True)
    return [" ".join(line.text for line in group) for group in groups]


def group_lines(
    lines: Sequence[TextLine | None], *, set_in_lines: bool = False
) -> Iterator[list[TextLine]]:
    """Group lines into blocks; None stands for blank lines between them.

    Args:
        lines: the lines of a text, in order.
        set_in_lines: they come from a page (pdf), where every paragraph is wrapped, at any width.
    """
    max_wrap = _MAX_PAGE_WRAP if set_in_lines else _MAX_WRAP
    common = _wrap_width(lines, max_wrap=max_wrap)
    width = common
    column = _column_width(lines) if set_in_lines else None
    long_line = _LONG_PAGE_LINE if set_in_lines else _LONG_LINE
    group: list[TextLine] = []
    for number, line in enumerate([*lines, None]):
        before = group[-1].text if group else ""
        if before and line and _is_soft(before, line.text, width=width, long_line=long_line):
            group.append(line)
            continue
        if group:
            yield group
        elif line and common is None:
            width = _paragraph_width(lines, number, max_wrap=max_wrap) or column
        group = [line] if line else []


def _is_soft(line: str, following: str, *, width: int | None, long_line: int) -> bool:
    """Say whether the break between two lines is only wrapping.

    ``width`` is the column at which the whole text is wrapped, None if it is not.
    """
    lower = following[:1].islower() or (
        len(line) >= long_line and _UNFINISHED.search(line[-12:]) is not None
    )
    titled = line[-1:] == "." and line.rsplit(None, 1)[-1][:-1].lower() in TITLES
    if width is None and not titled and not (lower and len(line) >= long_line):
        return False
    ended = _ENDS.search(line[-8:]) is not None
    if _is_row(line) or _is_row(following) or _HEADING.match(line) or _HEADING.match(following):
        return False
    if _is_item(following) and (ended or _is_item(line) or following[0] in "*•‣◦▪●"):
        return False
    if titled:
        return True  # "Mr." at the end of a line
    if width is None:
        return not ended
    return _with_next(line, following) > width * 0.95 or (
        not ended and (lower or len(line) >= width * 0.6)
    )


def _with_next(line: str, following: str) -> int:
    """Return how long a line would be with the first word of the next one."""
    return len(line) + 1 + len(following.split(None, 1)[0])


def _is_row(line: str) -> bool:
    """Recognise a row of a table, or of a table of contents: bars, tabs or dots between cells."""
    if _LEADER.search(line):
        return True
    if "\t" not in line and line.count("|") < 2:
        return False
    cells = re.split(r"[\t|]", line[2:] if _is_item(line) else line)
    return len(cells) > 1 and max(map(len, cells)) <= _MAX_CELL


def _is_item(line: str) -> bool:
    return _BULLET.match(line) is not None or _NUMBERED.match(line) is not None


def _lines(text: str) -> Iterator[TextLine | None]:
    position = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        start = position + len(raw) - len(raw.lstrip())
        yield TextLine(start=start, end=start + len(line), text=line) if line else None
        position += len(raw)


def _paragraph_width(lines: Sequence[TextLine | None], first: int, *, max_wrap: int) -> int | None:
    """Return the column at which the paragraph at ``first`` is wrapped, None if it is not.

    All its lines but the last are full, the last ends a sentence, and another does not.
    """
    near = lines[first : first + _PARAGRAPH_LINES]
    texts = [line.text for line in takewhile(lambda line: line is not None, near) if line]
    inner = texts[:-1]
    if len(inner) < 2 or not _ENDS.search(texts[-1][-8:]) or any(map(_is_row, texts)):
        return None
    if any(_is_item(text) for text in texts[1:]):
        return None
    width = max(map(len, inner))
    if not _LONG_LINE <= width <= max_wrap or len(texts[-1]) > width + 2:
        return None
    full = all(_with_next(line, following) > width * 0.95 for line, following in pairwise(texts))
    open_lines = [text for text in inner if not _ENDS.search(text[-8:])]
    return width if full and 2 * len(open_lines) > len(inner) else None


def _column_width(lines: Sequence[TextLine | None]) -> int | None:
    """Return how many letters most full lines of a page have, None where no line is long."""
    lengths = sorted(len(line.text) for line in lines if line is not None)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    return width if _PAGE_WRAP <= width <= _MAX_PAGE_WRAP else None


def _wrap_width(lines: Sequence[TextLine | None], *, max_wrap: int) -> int | None:
    """Return the column at which the text is wrapped, or None if it does not look wrapped.

    In wrapped text nearly every line that has a successor in its paragraph is nearly full, and many
    of the lines behind it begin in lower case (in scripts that have it).
    """
    pairs = [
        (a.text, b.text)
        for a, b in pairwise(lines)
        if a is not None and b is not None and not _is_row(a.text) and not _is_item(b.text)
    ]
    if len(pairs) < 3:
        return None
    lengths = sorted(len(a) for a, _ in pairs)
    width = lengths[int(len(lengths) * 0.95)]
    if not _MIN_WRAP <= width <= max_wrap:
        return None
    full = sum(_with_next(line, following) > width * 0.9 for line, following in pairs)
    lower = sum(b[:1].islower() for _, b in pairs)
    cased = sum(b[:1].isupper() for _, b in pairs) + lower
    return width if full >= 0.6 * len(pairs) and lower >= 0.3 * cased else None
