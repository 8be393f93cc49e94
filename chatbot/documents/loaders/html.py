"""Reads html pages: trafilatura says where the main text begins and ends, our own walk reads it.

trafilatura finds the main text of a page well, but in pages with little prose it drops headings
(seen with 2.3.1), and it does not say where they stood. So the page is walked in full, without what
a visitor does not see, and cut to the range in which trafilatura found its text. Where it finds too
little, the whole page is kept: navigation in the text is a smaller loss than text that is missing.

Nothing is fetched: neither library opens a connection for a page that it is handed.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.encoding import decode
from chatbot.documents.loaders.html_walk import Piece, walk_page
from chatbot.errors import UnreadableFile

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,200}encoding=[\"']([\w.:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NOT_WORDS = re.compile(r"[\W_]+")

_MAIN_TEXT_CHARS = 1_500_000
"""Beyond this many characters of markup trafilatura takes too much memory."""
_MAIN_TEXT_SECONDS = 5
"""Its time grows with the square of the links and rows (3 MB of either: over 20 s)."""
_ENOUGH = 0.3
"""trafilatura is believed if it kept this share of the page's text."""
_KEY = 40
"""Letters and digits by which two pieces of text are known to be the same."""
_LONG_KEY = 20
_REACH = 3
"""Pieces that may lie between two that belong together."""


def read_html(data: bytes, *, name: str) -> Content:
    """Return the content of an html page.

    Raises:
        UnreadableFile: if there is no page in it.
    """
    from lxml.etree import HTMLParser, XMLSyntaxError, fromstring

    declared = _CHARSET.search(data, 0, 4096) or _XML_CHARSET.search(data, 0, 4096)
    decoded = decode(data, declared=declared[1].decode("ascii", "replace") if declared else "")
    markup = _DECLARATION.sub("", decoded.text.replace("\x00", ""))
    parser = HTMLParser(huge_tree=True, no_network=True, remove_comments=True)
    try:
        page: _Element | None = fromstring(markup, parser=parser)
    except XMLSyntaxError as error:
        raise UnreadableFile(f"{name} holds no html page.") from error
    if page is None:
        raise UnreadableFile(f"{name} holds no html page.")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # The parser stops there without an error, and the rest of the page would be missing.
        raise UnreadableFile(f"{name} is nested too deeply to be read (over 2,000 elements).")
    title = " ".join(page.findtext(".//title", "").split())
    pieces = walk_page(page)
    headline = next((piece.text for piece in pieces if piece.level == 1), "")
    builder = ContentBuilder()
    _write(_main_range(pieces, markup), builder)
    return builder.build(
        title=headline or title or builder.first_heading, warnings=decoded.warnings
    )


def _write(pieces: Sequence[Piece], builder: ContentBuilder) -> None:
    tight = False
    for piece in pieces:
        if piece.level:
            builder.add_heading(piece.text)
        else:
            builder.add(piece.text, kind=piece.kind, close=tight and piece.tight)
        tight = piece.tight


def _main_range(pieces: Sequence[Piece], markup: str) -> Sequence[Piece]:
    """Return the pieces from the first to the last that trafilatura took for main text."""
    keys = _main_keys(markup)
    shared = [n for n, piece in enumerate(pieces) if _key(piece.text) in keys]
    # A short line ("Contact") may stand in the navigation too: long ones mark the range.
    marks = [n for n in shared if len(_key(pieces[n].text)) >= _LONG_KEY] or shared
    if not marks:
        return pieces
    first, last = _widened(marks[0], marks[-1], shared)
    total = sum(len(piece.text) for piece in pieces)
    kept = sum(len(piece.text) for piece in pieces[first : last + 1])
    if kept < _ENOUGH * total:
        return pieces
    while first > 0 and pieces[first - 1].level:
        first -= 1
    headline = next((n for n in range(first) if pieces[n].level == 1), None)
    if headline is not None and first - headline <= 5:
        first = headline  # a byline or a date between the headline and the text
    return pieces[first : last + 1]


def _widened(first: int, last: int, shared: Sequence[int]) -> tuple[int, int]:
    """Move both ends of the range over the shared pieces next to them."""
    for n in shared:
        if last < n <= last + _REACH:
            last = n
    for n in reversed(shared):
        if first - _REACH <= n < first:
            first = n
    return first, last


def _main_keys(markup: str) -> frozenset[str]:
    """Return the keys of the lines that trafilatura keeps; none where it fails."""
    if len(markup) > _MAIN_TEXT_CHARS:
        return frozenset()
    import trafilatura

    try:
        with _time_limit(_MAIN_TEXT_SECONDS):
            text = trafilatura.extract(
                markup, output_format="txt", favor_recall=True, include_comments=False
            )
    except (_TooSlow, RecursionError, ValueError, TypeError, AttributeError, LookupError):
        return frozenset()  # it is a guide here, not the reader: without it the page is kept whole
    return frozenset(_key(line) for line in (text or "").splitlines()) - {""}


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
