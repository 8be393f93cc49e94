"""Markers in the answer of a model, resolved while it streams.

A model writes ``[1]``, ``[1, 2]``, ``[1-3]``, ``【1】``, ``[^1]``, ``[1†source]``, ``[Source 1]``,
``([1])``, ``(Source 1)`` or ``[[1]]``; released is always ``[1]``, whole. A number that was never
offered is a marker too, one without a citation: it is shown and counted against its claim. Links,
images, html and addresses that a model was talked into are broken by a space, so that no program
that shows the text as Markdown fetches anything: of addresses those that no offered sentence holds,
since one may have the question or the answer in it (``https:/ /…``). Whatever the cuts of the
stream, the released text and its markers are the same. Knows no model and no store.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from chatbot.answering.streaming.code_marks import CodeTracker, marker_spans, run_at
from chatbot.answering.streaming.marker_forms import parse_group, parse_marker
from chatbot.types import Citation

_LONGEST_ADDRESS = 150
"""Characters behind the first slash; a longer address is taken for one that nobody offered."""
_OPEN = re.compile(r"(?:https?|ftp|wss?|file):/\Z", re.IGNORECASE)
_BEGIN = re.compile(r"(?:https?|ftp|wss?|file):/(?=/)", re.IGNORECASE)
_REST = re.compile(rf"/[^\s<>\"'`~\[\](){{}}【】（）［］]{{0,{_LONGEST_ADDRESS}}}")
_LONGEST_OPEN = 8  # at least the length of https:/
_ENDS = frozenset(" \t\n)]}>\"'")
_BREAKS = re.compile("[\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0d-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Control, zero-width, bidirectional and tag characters. The two joiners (U+200C, U+200D) stay:
several scripts and emoji are written with them."""
_PLAIN = re.compile(r"[^`~\n\[(【［（]{1,2000}")
"""Bounded, since what lies behind an address is looked at again."""
_BEFORE_MARKER = re.compile(r"[ \t]*\Z")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_DEFINITION = re.compile(r"[\s>*+\-\d.)]{0,30}\[[^\]\n]{0,500}\]:")
"""The address of a reference link or image, alone on its line."""
_LONGEST_LINE = 1000  # what is remembered of a line; more than _DEFINITION looks at


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer that is safe to show; it holds no marker."""

    text: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker, whole."""

    number: int
    citation: Citation | None  # what it points to; None when the number was never offered

    @property
    def text(self) -> str:
        """How it stands in the answer."""
        return f"[{self.number}]"


Piece = Text | Marker


class MarkerParser:
    """Turns the deltas of a model into pieces; one for each answer.

    The answer is ``"".join(piece.text for piece in pieces)``. Never more than about 150 characters
    are held back, and only from an opening bracket, a backtick or the slashes of an address on.
    """

    def __init__(self, offered: Mapping[int, Citation]) -> None:
        """Start an answer, with the citations by the numbers that the model was shown."""
        self.reformed = 0  # markers that were written in another form than [1]
        self._offered = offered
        self._tracker = CodeTracker()
        self._held = ""
        # A pair that came in two deltas becomes one character, half a pair a replacement.
        self._decoder = codecs.getincrementaldecoder("utf-16-le")("replace")
        self._before = ""  # the last released character
        self._line = ""  # what was released of the line

    def feed(self, delta: str) -> list[Piece]:
        """Take a delta; return what may be released now."""
        return self._parse(delta, final=False)

    def finish(self) -> list[Piece]:
        """Return the rest: no delta follows."""
        return self._parse("", final=True)

    def _parse(self, delta: str, *, final: bool) -> list[Piece]:
        more = self._decoder.decode(delta.encode("utf-16-le", "surrogatepass"), final)
        text, at = self._held + _INVISIBLE.sub("", _BREAKS.sub("\n", more)), 0
        pieces: list[Piece] = []
        while at < len(text) and (step := self._step(text, at, final=final)) is not None:
            at = step[1]
            pieces += step[0]
            self._remember("".join(piece.text for piece in step[0]))
        self._held = text[at:]
        return _joined(pieces)

    def _step(self, text: str, at: int, *, final: bool) -> tuple[list[Piece], int] | None:
        """Return the pieces that begin at ``at`` and their end; None to wait for more text."""
        char = text[at]
        if char in "`~":
            run = run_at(text, at, final=final)
            if run is None:
                return None
            end = at + len(run)
            self._tracker.run(run, before=self._before, after=text[end : end + 1])
            return [Text(run)], end
        if char == "\n":
            self._tracker.newline()
            return [Text(char)], at + 1
        if char == "/" and _OPEN.search(self._line[-_LONGEST_OPEN:]):
            return self._address(text, at, final=final)
        if plain := _PLAIN.match(text, at):
            words = plain[0][: _begins_in(self._line, plain[0])]
            self._tracker.other(words)
            return [Text(self._inert(words))], at + len(words)
        if not self._tracker.code:
            found = parse_group(text, at) or parse_marker(text, at)
            if found and found.open and not final:
                return None
            if found and not found.open:
                self._tracker.other(char)
                markers: list[Piece] = [Marker(n, self._offered.get(n)) for n in found.numbers]
                self.reformed += "".join(one.text for one in markers) != text[at : found.end]
                return markers, found.end
        self._tracker.other(char)
        # "[1](address)" would be a link in Markdown; in code too, since what opens as code here may
        # be none for the program that shows it.
        space = " " * (self._before == "]" and char == "(")
        return [Text(space + char)], at + 1

    def _address(self, text: str, at: int, *, final: bool) -> tuple[list[Piece], int] | None:
        """Release an address from its second slash on: as it is only where it was offered."""
        rest = _REST.match(text, at)
        assert rest, "called where an address goes on"
        is_long = len(rest[0]) > _LONGEST_ADDRESS
        if rest.end() == len(text) and not final and not is_long:
            return None
        begin = _OPEN.search(self._line[-_LONGEST_OPEN:])
        address = f"{begin[0] if begin else ''}{rest[0]}".rstrip(".,;:!?")
        whole = not is_long and text[rest.end() : rest.end() + 1] in ("", *_ENDS)
        known = whole and any(address in one.text for one in self._offered.values())
        # One address may hold another.
        released = rest[0] if known else f" {rest[0]}".replace("://", ":/ /")
        self._tracker.other(released)
        return [Text(released)], rest.end()

    def _inert(self, text: str) -> str:
        """Return ``text`` with a space where an html tag or the address of a link would begin."""
        if self._tracker.code:
            return text
        before = len(self._line)
        defined = _DEFINITION.match(self._line + text)
        if defined and defined.end() > before:
            colon = defined.end() - 1 - before
            text = f"{text[:colon]} {text[colon:]}"
        return _TAG.sub("< ", self._before + text)[len(self._before) :]

    def _remember(self, released: str) -> None:
        self._before = released[-1]
        line = "" if released == "\n" else self._line + released
        self._line = line if len(line) <= _LONGEST_LINE else f"x{line[-8:]}"


def strip_markers(text: str) -> str:
    """Return ``text`` without its markers ``[n]`` and the blanks before them."""
    kept, at = "", 0
    for span in marker_spans(text):
        kept = _BEFORE_MARKER.sub("", kept + text[at : span.start])
        at = span.end
    return kept + text[at:]


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for kind, run in groupby(pieces, key=type):
        members = list(run)
        joined += [Text("".join(one.text for one in members))] if kind is Text else members
    return joined


def _begins_in(line: str, more: str) -> int | None:
    """Return where in ``more``, which comes behind ``line``, an address has its second slash."""
    tail = line[-_LONGEST_OPEN:]
    ends = (found.end() - len(tail) for found in _BEGIN.finditer(tail + more))
    return next((end for end in ends if end > 0), None)
