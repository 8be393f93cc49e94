"""Chooses the main text of a page among its pieces, with trafilatura as the guide.

trafilatura finds the main text of a page well, but in pages with little prose it drops headings and
lists (seen with 2.3.1), and it does not say where they stood. So its lines mark the range of pieces
in which the main text lies; inside it, what it left out is kept unless it looks like links or
teasers. Measured on 330 pages of trafilatura's own evaluation set (wanted phrases found, unwanted
phrases kept): the whole page .98/.86, trafilatura .94/.11, this .98/.23. Text that is missing is a
greater loss here than some navigation in it.

Knows pieces, not markup.
"""

from __future__ import annotations

import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from types import FrameType

from chatbot.documents.loaders.html_walk import Piece

_NOT_WORDS = re.compile(r"[\W_]+")
_LIST_MARK = re.compile(r"^\s*(?:[-|]|\d{1,3}\.)\s+")

_MAIN_TEXT_CHARS = 1_500_000
"""The most characters of markup for which trafilatura does not take too much memory."""
_MAIN_TEXT_SECONDS = 5
"""Its time grows with the square of the links and rows (3 MB of either: over 20 s)."""
_ENOUGH = 0.5
"""trafilatura is believed if the range it marks holds this share of the page's long pieces."""
_UNKNOWN = 0.3
"""Share of its lines that the page does not have, from which it has read a script."""
_KEY = 40
"""Letters and digits by which two pieces of text are known to be the same."""
_LONG_KEY = 20
_REACH = 3
"""Pieces that may lie between two that belong together."""
_TEASERS = 5
"""The number of short pieces in a row, left out by trafilatura, that are teasers or menus."""
_SHORT = 60
_LABEL = 2
"""Words of a piece that, if it comes again and again, is a button or a caption of the page."""
_SENTENCE = 40
_SAID = 0.1
"""Share of whole sentences from which a run of short pieces is no menu."""
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


def main_pieces(pieces: Sequence[Piece], markup: str) -> Sequence[Piece]:
    """Return the pieces that hold the main text of the page; all of them where that is unclear."""
    lines = [Piece(text=line) for line in _main_lines(markup)]
    keys = frozenset(_key(line.text) for line in lines) - {""}
    known = frozenset(_key(piece.text) for piece in pieces)
    long_lines = [line for line in lines if len(_key(line.text)) >= _LONG_KEY]
    lost = [line for line in long_lines if _key(line.text) not in known]
    if _size(lost) > _UNKNOWN * _size(long_lines) and _size(long_lines) > 2 * _size(pieces):
        # The page shows its text by script only; trafilatura looks into more of it than we do.
        return lines
    if keys.isdisjoint(known):
        return pieces
    first, last = _bounds(pieces, keys)
    return _without_labels(_without_teasers(pieces[first : last + 1], keys))


def _bounds(pieces: Sequence[Piece], keys: frozenset[str]) -> tuple[int, int]:
    """Return the first and the last piece of the main text, of all if it is not believed."""
    shared = [n for n, piece in enumerate(pieces) if _key(piece.text) in keys]
    # A short line ("Contact") may stand in the navigation too: long ones mark the range.
    marks = [n for n in shared if len(_key(pieces[n].text)) >= _LONG_KEY] or shared
    first, last = _widened(marks[0], marks[-1], shared)
    for piece in pieces[last + 1 :]:  # that are still of its last list, or its first one
        listed = bool(piece.number) or (piece.is_item and pieces[last].is_item)
        if piece.is_link or not listed:
            break
        last += 1
    if _prose(pieces[first : last + 1]) < _ENOUGH * _prose(pieces):
        return 0, len(pieces) - 1
    while first > 0 and pieces[first - 1].level:
        first -= 1
    headline = next((n for n in range(first) if pieces[n].level == 1), None)
    if headline is not None and first - headline <= _TEASERS:
        first = headline  # a byline or a date between the headline and the text
    return first, last


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

    def is_kept(piece: Piece) -> bool:
        numbered = bool(piece.number) and not piece.is_link
        return numbered or piece.whole or _key(piece.text) in keys

    kept: list[Piece] = []
    for sure, group in groupby(pieces, key=is_kept):
        run = list(group)
        kept += run if sure else _honest(run)
    return kept


def _honest(run: Sequence[Piece]) -> list[Piece]:
    said = sum(len(one.text) >= _SENTENCE and not one.is_link and _is_ended(one) for one in run)
    is_menu = _size(run) < _SHORT * len(run) and said < _SAID * len(run)
    if len(run) >= _TEASERS and is_menu:
        return []
    return [piece for piece in run if piece.level or not piece.is_link or len(piece.text) >= _SHORT]


def _is_ended(piece: Piece) -> bool:
    return _ENDS.search(piece.text[-4:]) is not None


def _without_labels(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out "Reply", "Photo" and the like: a word or two that come again and again."""
    often = Counter(piece.text for piece in pieces)
    return [
        piece
        for piece in pieces
        if often[piece.text] < _TEASERS
        or piece.whole
        or len(piece.text.split()) > _LABEL
        or _is_ended(piece)
    ]


def _prose(pieces: Sequence[Piece]) -> int:
    return _size([one for one in pieces if len(one.text) >= _SHORT and not one.is_link])


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _main_lines(markup: str) -> list[str]:
    """Return the lines that trafilatura keeps; none where it fails."""
    if len(markup) > _MAIN_TEXT_CHARS:
        return []
    import trafilatura  # it takes long to load

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
