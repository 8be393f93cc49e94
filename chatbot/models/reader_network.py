"""The reader's network at work: what it says of each candidate, as numbers.

The network reads question and passage together and gives for each token: whether the answer starts
or ends here, whether this token's sentence answers, and, for the passage as a whole, whether it
answers at all. Knows no threshold. Used by ``reader`` and by its calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.models.candidates import Candidate
from chatbot.models.pair_model import MAX_ASKED, Asked, Floats, Logits, PairModel
from chatbot.models.reader_windows import ReadWindow, read_windows
from chatbot.types import Span

START, END, SENTENCE, ANSWERS = range(4)
"""Columns of the network's output, as trained (``training/truth/losses.py``)."""
LONGEST = 24
"""Tokens of a short answer at most."""
FEATURES = ("sentence", "span", "answers", "behind", "ahead")
"""Of a candidate: the score of its sentence, its best span against "no answer", whether its window
answers, how far its retrieval score is behind the best, and its sentence's lead in its window."""
_LEAST = -12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanned:
    """The best short answer in a sentence."""

    place: Span
    """Characters of the candidate's text."""
    score: float
    """Logits of start and end, less those of "no answer"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReading:
    """What the network says of n candidates."""

    rows: Floats
    """(n, len(FEATURES))"""
    spans: tuple[Spanned | None, ...]
    """None where the sentence has no token that was read."""


def read_candidates(
    question: str, candidates: Sequence[Candidate], model: PairModel
) -> NetworkReading:
    """Read every candidate in its passage.

    Raises:
        ModelError: if the weights are missing or changed (on first use).
    """
    room = model.room - min(len(model.tokens(question).ids), MAX_ASKED) - 3
    windows = read_windows(candidates, model.tokens, room=room)
    found = model.read(
        [Asked(asked=question, passage=w.passage, first=w.first, end=w.end) for w in windows]
    )
    rows = np.full((len(candidates), len(FEATURES)), _LEAST, dtype=np.float32)
    spans: list[Spanned | None] = [None] * len(candidates)
    best = max((candidate.score for candidate in candidates), default=0.0)
    for window, logits in zip(windows, found, strict=True):
        scores = _sentence_scores(window, logits)
        for at, number in window.candidates:
            spanned = _span(candidates[at], window, number, logits, model)
            others = np.delete(scores, number)
            spans[at] = spanned
            rows[at] = (
                scores[number],
                _LEAST if spanned is None else spanned.score,
                logits.whole[ANSWERS],
                best - candidates[at].score,
                scores[number] - max(0.0, float(others.max(initial=0.0))),
            )
    return NetworkReading(rows=rows, spans=tuple(spans))


def _sentence_scores(window: ReadWindow, logits: Logits) -> Floats:
    """Return the mean score of each sentence's tokens: (sentences,)."""
    column = logits.passage[:, SENTENCE]
    return np.array(
        [column[a:b].mean() if len(column[a:b]) else _LEAST for a, b in window.tokens],
        dtype=np.float32,
    )


def _span(
    candidate: Candidate, window: ReadWindow, number: int, logits: Logits, model: PairModel
) -> Spanned | None:
    """Return the best span inside one sentence."""
    first, end = window.tokens[number]
    part = logits.passage[first:end]
    if not len(part):
        return None
    start, last, score = best_span(part[:, START], part[:, END])
    text = model.tokens(candidate.passage)
    at = window.first + first
    begin = max(0, int(text.starts[at + start]) - candidate.start)
    stop = min(len(candidate.text), int(text.ends[at + last]) - candidate.start)
    nothing = float(logits.whole[START] + logits.whole[END])
    return Spanned(place=Span(start=begin, end=stop), score=score - nothing)


def best_span(starts: Floats, ends: Floats) -> tuple[int, int, float]:
    """Return the first token, the last token and the score of the best span of a sentence."""
    tokens = len(starts)
    sums: NDArray[np.float32] = starts[:, None] + ends[None, :]
    rows, columns = np.indices((tokens, tokens))
    sums = np.where((columns >= rows) & (columns < rows + LONGEST), sums, -np.inf)
    start, last = np.unravel_index(int(np.argmax(sums)), sums.shape)
    return int(start), int(last), float(sums[start, last])
