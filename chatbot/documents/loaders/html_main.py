"""Chooses the main text of a page among its pieces, with trafilatura as the guide.

trafilatura finds the main text of a page well, but in pages with little prose it drops headings and
lists (seen with 2.3.1), and it does not say where they stood. So its lines mark the range of pieces
in which the main text lies; inside it, what it left out is kept unless it looks like links or
teasers. Measured on 330 pages of trafilatura's own evaluation set (wanted phrases found, unwanted
phrases kept): the whole page .98/.86, trafilatura .94/.11, this .97/.28. Text that is missing is a
greater loss here than some navigation in it.

Knows pieces, not markup.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from chatbot.documents.blocks import BlockKind
from chatbot.documents.loaders.html_walk import Piece

_NOT_WORDS = re.compile(r"[\W_]+")
_LIST_MARK = re.compile(r"^\s*(?:[-|]|\d{1,3}\.)\s+")

_MAIN_TEXT_CHARS = 1_500_000
"""Beyond this many characters of markup trafilatura takes too much memory."""
_MAIN_TEXT_SECONDS = 5
"""Its time grows with the square of the links and rows (3 MB of either: over 20 s)."""
_ENOUGH = 0.3
"""trafilatura is believed if the range it marks holds this share of the page's text."""
_KEY = 40
"""Letters and digits by which two pieces of text are known to be the same."""
_LONG_KEY = 20
_REACH = 3
"""Pieces that may lie between two that belong together."""
_TEASERS = 5
"""So many short pieces in a row that trafilatura left out are teasers or menus."""
_SHORT = 60


def main_pieces(pieces: Sequence[Piece], markup: str) -> Sequence[Piece]:
    """Return the pieces that hold the main text of the page; all of them where that is unclear."""
    lines = _main_lines(markup)
    keys = frozenset(_key(line) for line in lines) - {""}
    known = frozenset(_key(piece.text) for piece in pieces)
    long_lines = [line for line in lines if len(_key(line)) >= _LONG_KEY]
    lost = [line for line in long_lines if _key(line) not in known]
    if _size(lost) > _ENOUGH * _size(long_lines) and _size(long_lines) > 2 * _total(pieces):
        # The page shows its text by script only; trafilatura looks into more of it than we do.
        return [Piece(text=line) for line in lines]
    bounds = _bounds(pieces, keys)
    if bounds is None:
        return pieces
    first, last = bounds
    return _without_teasers(pieces[first : last + 1], keys)


def _bounds(pieces: Sequence[Piece], keys: frozenset[str]) -> tuple[int, int] | None:
    """Return the first and the last piece of the main text, None if trafilatura is not believed."""
    shared = [n for n, piece in enumerate(pieces) if _key(piece.text) in keys]
    # A short line ("Contact") may stand in the navigation too: long ones mark the range.
    marks = [n for n in shared if len(_key(pieces[n].text)) >= _LONG_KEY] or shared
    if not marks:
        return None
    first, last = _widened(marks[0], marks[-1], shared)
    while last + 1 < len(pieces) and _goes_on(pieces[last + 1], pieces[last]):
        last += 1
    if _total(pieces[first : last + 1]) < _ENOUGH * _total(pieces):
        return None
    while first > 0 and pieces[first - 1].level:
        first -= 1
    headline = next((n for n in range(first) if pieces[n].level == 1), None)
    if headline is not None and first - headline <= _TEASERS:
        first = headline  # a byline or a date between the headline and the text
    return first, last


def _goes_on(piece: Piece, before: Piece) -> bool:
    """Say whether a piece behind the main text is still of its last list, or its first one."""
    listed = bool(piece.number) or (piece.is_item and before.is_item)
    return listed and not piece.is_link


def _widened(first: int, last: int, shared: Sequence[int]) -> tuple[int, int]:
    """Move both ends of the range over the shared pieces next to them."""
    for n in shared:
        if last < n <= last + _REACH:
            last = n
    for n in reversed(shared):
        if first - _REACH <= n < first:
            first = n
    return first, last


def _without_teasers(pieces: Sequence[Piece], keys: frozenset[str]) -> list[Piece]:
    """Leave out links, and runs of short pieces, that trafilatura left out too."""
    kept: list[Piece] = []
    run: list[Piece] = []
    for piece in pieces:
        numbered = bool(piece.number) and not piece.is_link
        if numbered or _key(piece.text) in keys or piece.kind is BlockKind.WHOLE:
            kept += _honest(run)
            run = []
            kept.append(piece)
        else:
            run.append(piece)
    return kept + _honest(run)


def _honest(run: Sequence[Piece]) -> list[Piece]:
    if len(run) >= _TEASERS and _total(run) < _SHORT * len(run):
        return []
    return [piece for piece in run if piece.level or not piece.is_link]


def _total(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _main_lines(markup: str) -> list[str]:
    """Return the lines that trafilatura keeps; none where it fails."""
    if len(markup) > _MAIN_TEXT_CHARS:
        return []
    import trafilatura

    try:
        with _time_limit(_MAIN_TEXT_SECONDS):
            text = trafilatura.extract(
                markup, output_format="txt", favor_recall=True, include_comments=False
            )
    except (_TooSlow, RecursionError, ValueError, TypeError, AttributeError, LookupError):
        return []  # it is a guide here, not the reader: without it the page is kept whole
    return [_LIST_MARK.sub("", line) for line in (text or "").splitlines() if line.strip()]


class _TooSlow(BaseException):
    """Not an ``Exception``, so that no handler inside the library swallows it."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise ``_TooSlow`` after this much processor time, where the system and the thread allow."""
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable:
        yield
        return

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _key(text: str) -> str:
    return _NOT_WORDS.sub("", text[: 3 * _KEY])[:_KEY].lower()
