"""The forms in which models write markers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

LONGEST_MARKER = 40
LONGEST_GROUP = 120
LONGEST_RANGE = 10  # numbers in [1-3]; of a longer range only both ends count
_CLOSERS = {"[": "]", "【": "】", "［": "］", "(": ")", "（": "）"}
_BRACKETS = "[【［"
_LABELS = (
    "sources source sentences sentence citations citation references reference refs ref cite "
    "evidence ids id s"
).split()
"""Longer ones first."""
_LABEL = rf"(?:(?:{'|'.join(_LABELS)})[ .:#_-]{{0,3}})?"
_RANGE = rf"(\d{{1,3}})(?:[ ]?[-–—][ ]?{_LABEL}(\d{{1,3}}))?"
_ITEM = rf"\s{{0,2}}\^?#?{_LABEL}{_RANGE}\s{{0,2}}"
_ITEMS = re.compile(rf"{_ITEM}(?:(?:[,;&]|and){_ITEM})*", re.IGNORECASE)
_NUMBERS = re.compile(_RANGE, re.IGNORECASE)
_NAMES = ("source ", "sources ", "sentence ", "sentences ", "citation ", "citations ")
"""With one of them a number in round brackets is a marker; alone it is none."""
_DAGGER = re.compile(r"\s?(\d{1,3})(?::\d{1,3})?\s?†[^\n]*")
_BEFORE, _BETWEEN = re.compile(r"[ \t]{1,3}"), re.compile(r"[ \t,;]{1,3}")
_LETTERS = re.compile(r"\s{0,2}[\^#]?([A-Za-z]+)\Z")
_ALLOWED = re.compile(r"[A-Za-z0-9 \t,;:.#^†&_–—+-]*")


@dataclass(frozen=True, slots=True)
class ParsedMarkers:
    """One or several markers from a place on, or (``open``) what may yet become them."""

    numbers: tuple[int, ...] = ()
    end: int = 0
    open: bool = False


_OPEN = ParsedMarkers(open=True)


def parse_marker(text: str, at: int) -> ParsedMarkers | None:
    """Return the markers of the bracket at ``at``; None when it is no marker, now or later."""
    if at >= len(text):
        return _OPEN
    closer = _CLOSERS.get(text[at], "")
    if not closer or (text[at] not in _BRACKETS and not _may_be_named(text, at + 1)):
        return None
    inner = _ALLOWED.match(text, at + 1, at + LONGEST_MARKER)
    assert inner, "the pattern matches the empty text"
    if inner.end() < len(text):
        numbers = _numbers(inner[0]) if text[inner.end()] == closer else ()
        return ParsedMarkers(numbers, inner.end() + 1) if numbers else None
    letters = _LETTERS.match(inner[0])
    if letters and not any(label.startswith(letters[1].lower()) for label in _LABELS):
        return None
    return _OPEN


def _may_be_named(text: str, at: int) -> bool:
    """Say whether one of ``_NAMES`` stands there, or its beginning at the end of the text."""
    inner = text[at : at + len(max(_NAMES, key=len))].lower()
    return any(inner.startswith(name) or name.startswith(inner) for name in _NAMES)


def parse_group(text: str, at: int) -> ParsedMarkers | None:
    """Return the markers of ``([1], [2])`` or ``[[1]]`` at ``at``; None when it is no group."""
    closer = _CLOSERS[text[at]]
    inside = at + 1
    if text[at] in _BRACKETS and text[inside : inside + 1] not in ("", *_BRACKETS):
        return None
    numbers: tuple[int, ...] = ()
    while inside - at < LONGEST_GROUP:
        blanks = (_BETWEEN if numbers else _BEFORE).match(text, inside)
        inside = blanks.end() if blanks else inside
        if inside < len(text) and text[inside] == closer and numbers:
            return ParsedMarkers(numbers, inside + 1)
        found = parse_marker(text, inside)
        if found is None or found.open:
            return found
        numbers, inside = numbers + found.numbers, found.end
    return None


def _numbers(content: str) -> tuple[int, ...]:
    if dagger := _DAGGER.fullmatch(content):
        return (int(dagger[1]),)
    if not _ITEMS.fullmatch(content):
        return ()
    ranges = (_range(int(one[1]), int(one[2] or one[1])) for one in _NUMBERS.finditer(content))
    return tuple(chain.from_iterable(ranges))


def _range(first: int, last: int) -> Sequence[int]:
    first, last = min(first, last), max(first, last)
    return range(first, last + 1) if last - first < LONGEST_RANGE else (first, last)
