"""Which parts of the candidates' passages the reader's network reads: runs of whole sentences.

A passage that fits into one row is read once, whatever number of candidates it holds; of a longer
one the sentences around each candidate. Knows no network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.models.reading import Candidate
from chatbot.models.token_windows import TokenisedText
from chatbot.types import Span

Tokens = Callable[[str], TokenisedText]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWindow:
    """A part of a passage and the sentences in it."""

    passage: str
    first: int
    """Number of its first token in the passage."""
    end: int
    sentences: tuple[Span, ...]
    """Their places in the passage."""
    tokens: tuple[tuple[int, int], ...]
    """Their tokens, counted from ``first``."""
    candidates: tuple[tuple[int, int], ...]
    """Which candidate is which of the sentences."""


def read_windows(candidates: Sequence[Candidate], tokens: Tokens, *, room: int) -> list[ReadWindow]:
    """Cut the passages into windows that hold every candidate once.

    Args:
        candidates: best first.
        tokens: cuts a text into tokens.
        room: tokens of a passage that fit into one row.
    """
    found: list[ReadWindow] = []
    for passage in dict.fromkeys(candidate.passage for candidate in candidates):
        members = {at: c for at, c in enumerate(candidates) if c.passage == passage}
        text = tokens(passage)
        places = _sentences(list(members.values()))
        ranges = [text.range_of(place) for place in places]
        open_ = {at: places.index(_own(c)) for at, c in members.items()}
        while open_:
            first, last = _run(ranges, next(iter(open_.values())), room)
            inside = {at: n for at, n in open_.items() if first <= n <= last}
            open_ = {at: n for at, n in open_.items() if at not in inside}
            begin = ranges[first][0]
            found.append(
                ReadWindow(
                    passage=passage,
                    first=begin,
                    end=min(ranges[last][1], begin + room),
                    sentences=tuple(places[first : last + 1]),
                    tokens=tuple((a - begin, b - begin) for a, b in ranges[first : last + 1]),
                    candidates=tuple((at, n - first) for at, n in inside.items()),
                )
            )
    return found


def _own(candidate: Candidate) -> Span:
    return Span(start=candidate.start, end=candidate.start + len(candidate.text))


def _sentences(members: Sequence[Candidate]) -> list[Span]:
    known = set(members[0].sentences) | {_own(member) for member in members}
    return sorted(known, key=lambda span: (span.start, span.end))


def _run(ranges: Sequence[tuple[int, int]], at: int, room: int) -> tuple[int, int]:
    """Return the first and last sentence of the longest run around one, grown on both sides."""
    first = last = at
    while True:
        wider = [
            (a, b)
            for a, b in ((first - 1, last), (first, last + 1))
            if a >= 0 and b < len(ranges) and ranges[b][1] - ranges[a][0] <= room
        ]
        if not wider:
            return first, last
        # the side where less has been read
        first, last = min(wider, key=lambda run: abs((at - run[0]) - (run[1] - at)))
