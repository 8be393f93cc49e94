"""Where a text in Markdown is code, character by character, so that ``array[10]`` is no marker.

Fenced blocks and inline code, by simple rules that look ahead one character behind a run of
backticks, never further: a span ends at its closing run or at the end of its line. Knows nothing of
models or documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_RUN = re.compile(r"`{1,16}|~{1,16}")
"""A longer run is cut, so that what is held back stays bounded."""
_CANONICAL = re.compile(r"\[(\d{1,3})\]")
_PARTIAL = re.compile(r"\[\d{0,3}\Z")


class Code(IntEnum):
    """What a character is."""

    NO = 0
    SPAN = 1
    FENCE = 2


class CodeTracker:
    """Follows a text from its beginning; told of each run, line break and other character."""

    def __init__(self) -> None:
        self._fence = ""
        self._fence_line = False
        self._span = 0
        self._line_start = True

    @property
    def code(self) -> Code:
        """What the next character is, unless it belongs to a run."""
        return Code.FENCE if self._fence else Code.SPAN if self._span else Code.NO

    def other(self, text: str) -> Code:
        """Take characters that are no run and no line break; return what they are."""
        self._line_start = self._line_start and not text.strip(" \t")
        return self.code

    def newline(self) -> Code:
        """Take a line break; return what it is."""
        code = self.code
        self._span, self._line_start, self._fence_line = 0, True, False
        return Code.FENCE if code is Code.FENCE else Code.NO

    def run(self, run: str, *, before: str, after: str) -> Code:
        """Take a run of backticks or tildes, between two characters, if any; return what it is."""
        line_start, self._line_start = self._line_start, False
        if self._fence:
            closes = run[0] == self._fence[0] and len(run) >= len(self._fence)
            if closes and (line_start or (self._fence_line and run[0] == "`")):
                self._fence = ""
            return Code.FENCE
        if not self._span and line_start and len(run) >= 3:
            self._fence, self._fence_line = run, True
            return Code.FENCE
        if run[0] == "~":
            return self.code
        if self._span:
            self._span = 0 if self._span == len(run) else self._span
            return Code.SPAN
        if len(run) == 1 and before.isalnum() and after.isalnum():
            return Code.NO  # an apostrophe
        self._span = len(run)
        return Code.SPAN


def run_at(text: str, at: int, *, final: bool) -> str | None:
    """Return the run of backticks or tildes at ``at``; None until a character stands behind it."""
    found = _RUN.match(text, at)
    assert found, "called where no run begins"
    return found[0] if final or found.end() < len(text) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerSpan:
    """A marker ``[n]`` in a text that was released: ``text[start:end]``."""

    start: int
    end: int
    number: int


class MarkScanner:
    """Finds the markers of a growing text and what of it is code.

    ``text[:done]`` is decided: ``code`` has a value for each of its characters and ``markers`` all
    of its markers. The rest is too short a look to tell.
    """

    def __init__(self) -> None:
        self.text = ""
        self.done = 0
        self.code = bytearray()
        self.markers: list[MarkerSpan] = []
        self._tracker = CodeTracker()

    def feed(self, text: str, *, final: bool = False) -> None:
        """Take more text; ``final`` says that none follows."""
        self.text += text
        while self.done < len(self.text) and self._step(final):
            pass

    def _step(self, final: bool) -> bool:
        at, char, length = self.done, self.text[self.done], 1
        if char in "`~":
            run = run_at(self.text, at, final=final)
            if run is None:
                return False
            length = len(run)
            after = self.text[at + length : at + length + 1]
            code = self._tracker.run(run, before=self.text[at - 1 : at], after=after)
        elif char == "\n":
            code = self._tracker.newline()
        else:
            if char == "[" and not self._tracker.code:
                found = _CANONICAL.match(self.text, at)
                if found:
                    length = len(found[0])
                    self.markers.append(MarkerSpan(start=at, end=found.end(), number=int(found[1])))
                elif not final and _PARTIAL.match(self.text, at):
                    return False
            code = self._tracker.other(char)
        self.code.extend([code] * length)
        self.done += length
        return True


def marker_spans(text: str) -> list[MarkerSpan]:
    """Return the markers ``[n]`` of a whole text, in order; those in code are none."""
    scanner = MarkScanner()
    scanner.feed(text, final=True)
    return scanner.markers
