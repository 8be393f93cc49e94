"""What kind of line of Markdown begins at a place in a growing text, and where it ends.

Knows no claims and no markers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_ENOUGH = 12  # characters by which a line's first mark is known
_PREFIX = re.compile(r"(?:>|[-*+•–—▪◦·]|\(?\d{1,3}[.)]|\[[ xX]\])[ \t]{1,4}")
_HEADING = re.compile(r"#{1,6}[ \t]")
_AFTER_BOLD = re.compile(r":?[ \t]*")
_SEPARATOR = re.compile(r"[ \t:|-]*")


class LineKind(Enum):
    """What a line is."""

    PROSE = "prose"  # sentences: a paragraph, or what stands behind a list mark
    HEADING = "heading"  # a heading, or the head of a table: no claim by itself
    ROW = "row"  # a row of a table: one claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line whose marks are known. Of prose only ``start`` counts: its end may still come."""

    kind: LineKind
    start: int  # where its text begins, behind the marks
    end: int = 0
    next: int = 0  # where the next line begins


def line_at(text: str, at: int, limit: int, *, final: bool) -> Line | None:
    """Return the line that begins at ``at``, no blank; None when more text is needed to tell.

    Nothing behind ``limit`` is looked at; ``final`` says that no text follows it.
    """
    while True:
        newline = text.find("\n", at, limit)
        whole = newline >= 0 or final
        if not whole and limit - at < _ENOUGH:
            return None
        end = newline if newline >= 0 else limit
        prefix = _PREFIX.match(text, at, end)
        if not prefix:
            break
        at = prefix.end()
    if hashes := _HEADING.match(text, at, end):
        start = hashes.end()
        return Line(kind=LineKind.HEADING, start=start, end=end, next=end) if whole else None
    if text.startswith(("**", "__"), at):
        return _bold(text, at, end, whole=whole)
    if text.startswith("|", at):
        return _row(text, at, end, limit, final=final) if whole else None
    return Line(kind=LineKind.PROSE, start=at)


def soft_end(text: str, at: int, limit: int, *, final: bool) -> tuple[int, bool]:
    """Return the end of the prose from ``at`` on, and whether that is certain.

    A line break in the middle of a sentence, before a lower-case letter, does not end it.
    """
    newline = at - 1
    while (newline := text.find("\n", newline + 1, limit)) >= 0:
        after = newline + 1
        while after < limit and text[after] in " \t":
            after += 1
        if after == limit and not final:
            return newline, False
        if after == limit or not text[after].islower():
            return newline, True
    return limit, final


def _bold(text: str, at: int, end: int, *, whole: bool) -> Line | None:
    """A line that is bold from its beginning to its end is a heading, unless it is a sentence."""
    close = text.find(text[at : at + 2], at + 2, end)
    behind = _AFTER_BOLD.match(text, close + 2, end) if close >= 0 else None
    if not whole and (behind is None or behind.end() == end):
        return None
    heading = behind and behind.end() == end and text[close - 1] not in ".!?…"
    kind = LineKind.HEADING if heading else LineKind.PROSE
    return Line(kind=kind, start=at, end=end, next=end)


def _row(text: str, at: int, end: int, limit: int, *, final: bool) -> Line | None:
    """A row; the head of a table is known by the line of dashes under it."""
    below = _SEPARATOR.match(text, min(end + 1, limit), limit)
    assert below, "the pattern matches the empty text"
    if below.end() == limit and not final:
        return None
    dashes = below.end() == limit or text[below.end()] == "\n"
    kind = LineKind.HEADING if dashes and "-" in below[0] else LineKind.ROW
    body = text[at:end].rstrip(" \t|")
    start = at + len(body) - len(body.lstrip(" \t|"))
    return Line(kind=kind, start=start, end=start + len(body.lstrip(" \t|")), next=end)
