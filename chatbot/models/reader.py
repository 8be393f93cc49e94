"""The built-in reader: a network that reads question and passage together.

It gives for each token whether the answer starts or ends here and whether this token's sentence
answers, and for the passage as a whole whether it answers at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.pair_model import MAX_ASKED, Floats, Logits, PairTask, TextPair, load_task
from chatbot.models.reading import Candidate, Reading
from chatbot.models.reading_windows import ReadWindow, read_windows
from chatbot.settings import Settings
from chatbot.types import Span

START, END, SENTENCE, ANSWERS = range(4)
"""Columns of the network's output, as trained (``training/truth/losses.py``)."""
LONGEST = 24
"""Tokens of a short answer at most."""
_LEAST = -12.0
"""The logit of what was not read."""
_UNREAD = Reading(sentence=_LEAST, lead=_LEAST, answers=_LEAST, span_score=_LEAST, span=None)


def load_reader(settings: Settings) -> NetworkReader:
    """Return the reader that the settings name, else the built-in one.

    Raises:
        ModelError: if its description is missing or unreadable.
    """
    return NetworkReader(load_task("reader", settings.reader_dir, threads=settings.threads))


class NetworkReader:
    """Reads with a network that was trained as a reader. Thread safe."""

    def __init__(self, model: PairTask) -> None:
        self._model = model

    @property
    def fit(self) -> Mapping[str, Any]:
        """What was fitted to the network's numbers."""
        return self._model.fit

    def unusable(self, error: Exception) -> ModelError:
        """Return what to raise where ``fit`` cannot be used."""
        return self._model.unusable(error)

    def read(self, question: str, candidates: Sequence[Candidate]) -> list[Reading]:
        """Read every candidate in its passage; see ``Reader``."""
        model = self._model
        room = model.room - min(len(model.tokens(question).ids), MAX_ASKED) - 3
        windows = read_windows(candidates, model.tokens, room=room)
        found = model.read(
            [TextPair(asked=question, passage=w.passage, first=w.first, end=w.end) for w in windows]
        )
        readings = [_UNREAD] * len(candidates)
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
        return readings

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
