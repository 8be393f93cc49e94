"""What a model writes, as pieces: without the word for no answer, cut where it runs in circles.

A reply may begin with numbers, or be nothing else; they are held back until a word comes. Knows no
model and no store.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from chatbot.answering.streaming.citations import Marker, MarkerParser, Piece
from chatbot.types import Citation

NO_ANSWER = "NO_ANSWER"
"""The word by which a model says that the documents do not answer; it is never shown."""
_FORMS = (NO_ANSWER, "NO\\_ANSWER", "NO ANSWER", "NO-ANSWER")
"""How models write it; in capitals only: an answer may begin with "No answer was given"."""
_DECORATION = re.compile(r"\A[\"'`*_\[(“]{1,4}")
_PARTIAL = re.compile(rf"(?:{'|'.join(NO_ANSWER[:end] for end in range(8, 0, -1))})\Z")
_LOOP = re.compile(r"(?=.{0,70}?[^\W\d_])(.{8,70}?)\1{3}\Z", re.DOTALL)
"""Four times the same at the end. A word twenty times is no language: see ``models.llm.text``."""
_TAIL = 280
_WORD = re.compile(r"\w")


class NoAnswerFilter:
    """Takes the deltas of a model; lets the answer through, without blanks at both ends.

    ``found`` is set when the answer begins with the word for no answer: then nothing of it is let
    through. The word in a later place is cut out: a part was answered.
    """

    def __init__(self) -> None:
        self.found = False
        self._begun = False
        self._held = ""

    def feed(self, delta: str) -> str:
        """Return what may be shown now."""
        return self._pass(delta, final=False)

    def finish(self) -> str:
        """Return what was held back to the end."""
        return self._pass("", final=True)

    def _pass(self, delta: str, *, final: bool) -> str:
        text = self._held + delta
        if not self._begun:
            text = text.lstrip()
            head = _DECORATION.sub("", text, count=1)
            self.found = self.found or head.startswith(_FORMS)
            waits = not final and any(form.startswith(head) for form in _FORMS)
            if self.found or waits:
                self._held = text
                return ""
            self._begun = bool(text)
        *before, last = text.split(NO_ANSWER)
        partial = None if final else _PARTIAL.search(last)
        text = "".join(before) + last
        shown = text[: len(text) - len(partial[0] if partial else "")].rstrip()
        self._held = text[len(shown) :]
        return shown


class Reply(Iterable[Piece]):
    """The pieces of one reply."""

    def __init__(self, deltas: Iterable[str], offered: Mapping[int, Citation]) -> None:
        """Take the deltas, the first read with the first piece, and what the model was shown."""
        self.loops = False
        """Whether the model said the same again and again: then not all of it was read."""
        self.markers: list[int] = []
        """The numbers before the first word. Where none follows, they are no pieces."""
        self._filter = NoAnswerFilter()
        self._parser = MarkerParser(offered)
        self._deltas = deltas

    @property
    def repairs(self) -> Counter[str]:
        """How often something was mended, by what it was."""
        return Counter({"marker in another form": self._parser.reformed, "loop": int(self.loops)})

    def __iter__(self) -> Iterator[Piece]:
        held: list[Piece] | None = []
        for piece in self._read():
            if held is None:
                yield piece
                continue
            held.append(piece)
            if isinstance(piece, Marker):
                self.markers.append(piece.number)
            elif _WORD.search(piece.text):
                yield from held
                held = None

    def _read(self) -> Iterator[Piece]:
        tail = ""
        for delta in self._deltas:
            shown = self._filter.feed(delta)
            yield from self._parser.feed(shown)
            tail = (tail + shown)[-_TAIL:]
            if _LOOP.search(tail):
                self.loops = True
                break
        yield from self._parser.feed(self._filter.finish())
        yield from self._parser.finish()
