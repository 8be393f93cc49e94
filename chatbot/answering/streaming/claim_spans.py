"""The claims of an answer, found while it streams: the same ones as in the whole text.

A claim is a sentence, a list item's sentence or a table row; a heading or a code block is none,
unless it carries a marker. What makes the result independent of the cuts of the stream: a sentence
end is decided with the text up to ``LOOK_AHEAD`` characters behind it, never with more or less.
Knows no sources and no model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chatbot.answering.streaming.code_marks import Code, MarkerSpan, MarkScanner
from chatbot.answering.streaming.lines import Line, LineKind, line_at, soft_end
from chatbot.documents.sentences import sentence_spans

LOOK_AHEAD = 24
"""Characters behind a full stop, without markers and blanks, by which it is known to end a
sentence."""
_WIDE = "。！？"  # need no blank behind them
_END = re.compile("[.!?…。！？؟।]+[\"'”’»)\\]}*_〉》」』]*")
_BLANKS = " \t,;"  # may stand between a full stop and the markers behind it
_TRAILING = re.compile(rf"[{_BLANKS}]{{0,4}}")
_STRAY = " \t\n.,;:!?"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSpan:
    """A claim of an answer: ``answer[start:end]``.

    Markers inside the sentence are part of that text, markers behind its last punctuation are not;
    ``markers`` has both, each number once, in order.
    """

    start: int
    end: int
    markers: tuple[int, ...] = ()


class ClaimSplitter:
    """Takes the released text of an answer piece by piece and gives its claims when complete.

    A claim is complete when the next one has begun, since markers may follow its full stop, or
    when the answer has ended.
    """

    def __init__(self) -> None:
        self._scan = MarkScanner()
        self._at = 0  # everything before it is decided
        self._line: Line | None = None  # the line that _at stands in; None at the beginning of one
        self._pending: ClaimSpan | None = None
        self._complete: list[ClaimSpan] = []
        self._orphans: tuple[int, ...] = ()  # markers on a line of their own before any claim

    @property
    def text(self) -> str:
        """What was fed so far."""
        return self._scan.text

    def feed(self, text: str, *, final: bool = False) -> list[ClaimSpan]:
        """Take more of the answer; return the claims that are complete, at the end the rest."""
        self._scan.feed(text, final=final)
        while self._step(final=final):
            pass
        if final:
            self._flush()
        complete, self._complete = self._complete, []
        return complete

    def _step(self, *, final: bool) -> bool:
        """Decide the next sentence or line, if there is enough text to do so."""
        text, limit = self._scan.text, self._scan.done
        if self._line is None:
            while self._at < limit and (
                text[self._at].isspace() or self._scan.code[self._at] == Code.FENCE
            ):
                self._at += 1
            if self._at < limit:
                self._line = line_at(text, self._at, limit, final=final)
            if self._line is None:
                return False
            self._at = self._line.start
        if self._line.kind is LineKind.PROSE:
            return self._prose(final=final)
        stop = self._line.end
        if self._line.kind is LineKind.ROW or self._within(self._at, stop):
            self._add(self._at, stop)
        elif self._word_in(self._at, stop):
            self._flush()
        self._at, self._line = self._line.next, None
        return True

    def _prose(self, *, final: bool) -> bool:
        stop, closed = soft_end(self._scan.text, self._at, self._scan.done, final=final)
        if self._word_in(self._at, stop):
            self._flush()
        end = self._sentence_end(stop, closed=closed)
        if end is None and not closed:
            return False
        self._add(self._at, stop if end is None else end)
        if end is None:
            self._at, self._line = stop, None
        else:
            self._at, numbers = self._behind_markers(end, stop)
            self._attach(numbers)
        return True

    def _sentence_end(self, stop: int, *, closed: bool) -> int | None:
        """Return the end of the sentence that begins at ``_at``; None when none is decided yet."""
        text = self._scan.text
        for found in _END.finditer(text, self._at, stop):
            end = found.end()
            if self._scan.code[found.start()]:
                continue
            if end == stop:
                return None
            if text[end].isspace() or self._marker_at(end) or text[end - 1] in _WIDE:
                window = self._window(end, stop, closed=closed)
                if window is None:
                    return None
                if self._ends_at(end, window):
                    return end
        return None

    def _window(self, end: int, stop: int, *, closed: bool) -> int | None:
        """Return where the look-ahead behind ``end`` ends; None when it is not all there yet."""
        seen, at = 0, end
        while at < stop and seen < LOOK_AHEAD:
            marker = self._marker_at(at)
            seen += marker is None and self._scan.text[at] not in _BLANKS
            at = marker.end if marker else at + 1
        return at if seen == LOOK_AHEAD or closed else None

    def _ends_at(self, end: int, window: int) -> bool:
        """Ask the splitter whether a sentence ends at ``end``, with the markers taken out."""
        before = self._words(self._at, end)
        behind, _ = self._behind_markers(end, window)
        gap = " " if behind > end else ""
        plain = before + gap + self._words(behind, window)
        return any(span.end == len(before) for span in sentence_spans(plain.replace("\n", " ")))

    def _words(self, start: int, end: int) -> str:
        words, at = "", start
        for span in self._within(start, end):
            words += self._scan.text[at : span.start]
            words, at = words.rstrip(" \t"), span.end
        return words + self._scan.text[at:end]

    def _behind_markers(self, end: int, stop: int) -> tuple[int, tuple[int, ...]]:
        """Return where the markers behind a full stop end, and their numbers."""
        at: int = end
        numbers: tuple[int, ...] = ()
        while blank := _TRAILING.match(self._scan.text, at, stop):
            marker = self._marker_at(blank.end())
            if marker is None:
                break
            numbers += (marker.number,)
            at = marker.end
        if numbers and self._scan.text[at : min(at + 1, stop)] in (".", ",", ";"):
            at += 1  # a second full stop: "It rained. [1]."
        return at, numbers

    def _add(self, start: int, end: int) -> None:
        """Make a claim of ``text[start:end]``, or give its markers away when it has no word."""
        numbers = tuple(span.number for span in self._within(start, end))
        if not self._word_in(start, end):
            self._attach(numbers)
            return
        self._flush()
        while self._scan.text[start] in _STRAY:
            start += 1
        end = self._without_tail(start, end)
        markers = tuple(dict.fromkeys(self._orphans + numbers))
        self._pending, self._orphans = ClaimSpan(start=start, end=end, markers=markers), ()

    def _without_tail(self, start: int, end: int) -> int:
        """Return ``end`` moved before the markers and blanks at the end of ``text[start:end]``."""
        while True:
            end = start + len(self._scan.text[start:end].rstrip())
            spans = self._within(start, end)
            if not spans or spans[-1].end != end:
                return end
            end = spans[-1].start

    def _attach(self, numbers: tuple[int, ...]) -> None:
        if self._pending is None:
            self._orphans += numbers
        else:
            markers = tuple(dict.fromkeys(self._pending.markers + numbers))
            self._pending = replace(self._pending, markers=markers)

    def _flush(self) -> None:
        self._complete += [self._pending] if self._pending else []
        self._pending = None

    def _word_in(self, start: int, end: int) -> bool:
        return any(char.isalnum() for char in self._words(start, end))

    def _marker_at(self, at: int) -> MarkerSpan | None:
        return next((span for span in self._within(at, len(self.text)) if span.start == at), None)

    def _within(self, start: int, end: int) -> list[MarkerSpan]:
        return [span for span in self._scan.markers if start <= span.start and span.end <= end]


def claims_of(text: str) -> list[ClaimSpan]:
    """Return the claims of a whole answer, in order."""
    return ClaimSplitter().feed(text, final=True)
