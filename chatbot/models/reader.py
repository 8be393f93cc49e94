"""The reader: a network that reads question and passage together.

It gives for each token whether the answer starts or ends here and whether this token's sentence
answers, and for the passage as a whole whether it answers at all. A passage that fits into one row
is read once, whatever number of candidates it holds; of a longer one the sentences around each
candidate. Knows no store, no threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.models.model_files import Floats
from chatbot.models.pair_model import MAX_ASKED, Logits, PairTask, TextPair, load_task
from chatbot.models.tokenizing import TokenisedText
from chatbot.settings import Settings
from chatbot.types import Span

START, END, SENTENCE, ANSWERS = range(4)
"""Columns of the network's output, as trained (``training/truth/losses.py``)."""
LONGEST = 24
"""Tokens of a short answer at most."""
_LEAST = -12.0
"""The logit of what was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence in its passage: ``passage[start:start + len(text)] == text``."""

    text: str
    passage: str
    """The text that is read around it."""
    start: int
    sentences: tuple[Span, ...] = ()
    """The places of all sentences of the passage, in order; empty where they are not known."""

    @property
    def place(self) -> Span:
        """Where it stands in the passage."""
        return Span(start=self.start, end=self.start + len(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the network says of one candidate, as logits."""

    sentence: float
    """That the sentence answers."""
    lead: float
    """How far the sentence is ahead of the others that were read with it."""
    answers: float
    """That the passage answers."""
    span_score: float
    """Of the best short answer in the sentence, against "no answer"."""
    span: Span | None
    """Where that short answer stands in the candidate's text; None if no token was read."""


class Reader:
    """Reads with a network that was trained as a reader. Thread safe."""

    def __init__(self, model: PairTask) -> None:
        """Take the network; ``fit`` is what was fitted to its numbers."""
        self._model = model
        self.fit, self.unusable = model.fit, model.unusable

    def read(self, question: str, candidates: Sequence[Candidate]) -> list[Reading]:
        """Read every candidate in its passage, in order; those of one passage are read together.

        Raises:
            ModelError: if the weights are missing or changed (on first use).
        """
        model = self._model
        room = model.room - min(len(model.tokens(question).ids), MAX_ASKED) - 3
        windows = read_windows(candidates, model.tokens, room=room)
        found = model.read(
            [TextPair(asked=question, passage=w.passage, first=w.first, end=w.end) for w in windows]
        )
        readings: dict[int, Reading] = {}
        for window, logits in zip(windows, found, strict=True):
            scores = _sentence_scores(window, logits)
            for at, number in window.candidates:
                others = np.delete(scores, number)
                score, span = self._span(candidates[at], window, number, logits)
                readings[at] = Reading(
                    sentence=float(scores[number]),
                    lead=float(scores[number] - max(0.0, others.max(initial=0.0))),
                    answers=float(logits.whole[ANSWERS]),
                    span_score=score,
                    span=span,
                )
        return [readings[at] for at in range(len(candidates))]

    def _span(
        self, candidate: Candidate, window: ReadWindow, number: int, logits: Logits
    ) -> tuple[float, Span | None]:
        """Return the best span inside one sentence, against "no answer"."""
        first, end = window.tokens[number]
        part = logits.passage[first:end]
        if not len(part):
            return _LEAST, None
        start, last, score = best_span(part[:, START], part[:, END])
        text = self._model.tokens(candidate.passage)
        at = window.first + first
        begin = max(0, int(text.starts[at + start]) - candidate.start)
        stop = min(len(candidate.text), int(text.ends[at + last]) - candidate.start)
        return score - float(logits.whole[START] + logits.whole[END]), Span(start=begin, end=stop)


def _sentence_scores(window: ReadWindow, logits: Logits) -> Floats:
    """Return the mean score of each sentence's tokens: (sentences,)."""
    column = logits.passage[:, SENTENCE]
    return np.array(
        [column[a:b].mean() if len(column[a:b]) else _LEAST for a, b in window.tokens],
        dtype=np.float32,
    )


def best_span(starts: Floats, ends: Floats) -> tuple[int, int, float]:
    """Return the first token, the last token and the score of the best span of a sentence."""
    tokens = len(starts)
    sums: NDArray[np.float32] = starts[:, None] + ends[None, :]
    rows, columns = np.indices((tokens, tokens))
    sums = np.where((columns >= rows) & (columns < rows + LONGEST), sums, -np.inf)
    start, last = np.unravel_index(int(np.argmax(sums)), sums.shape)
    return int(start), int(last), float(sums[start, last])


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


def read_windows(
    candidates: Sequence[Candidate], tokens: Callable[[str], TokenisedText], *, room: int
) -> list[ReadWindow]:
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
        sentences = next(iter(members.values())).sentences
        known = {*sentences, *(c.place for c in members.values())}
        places = sorted(known, key=lambda place: (place.start, place.end))
        ranges = [text.range_of(place) for place in places]
        open_ = {at: places.index(c.place) for at, c in members.items()}
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


def load_reader(settings: Settings) -> Reader:
    """Return the reader that the settings name, else the built-in one; see ``load_task``."""
    return Reader(load_task("reader", settings.reader_dir, threads=settings.threads))
