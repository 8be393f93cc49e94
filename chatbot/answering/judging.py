"""The one judge: whether anything that was found answers, and which sentences do.

What the network says of each sentence and how it fits the query are weighed by two logistic
regressions, fitted by ``training.truth.calibrate_reader`` on sources that the network was not
trained on. Knows no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.ranking import Signals
from chatbot.models.linear import read_linear, sigmoid
from chatbot.models.reader import Reader, Reading

Floats = NDArray[np.float64]
SENTENCE_INPUTS = ("sentence", "lead", "answers", "span", "behind", "dense")
"""What is weighed of a sentence: the network's four numbers, how far its retrieval score is behind
the best, and its cosine to the question."""
QUESTION_INPUTS = (
    "best", "second", "sentence", "answers", "span", "most_sentence", "most_answers"
)  # fmt: skip
"""What P(answered) is computed from: the logits of the best two sentences, the network's numbers of
the best, and the most that any of the first has."""
_FIRST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One sentence as the judge sees it."""

    signals: Signals
    score: float  # of retrieval
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerJudgement:
    """What the judge says of a question and the sentences found for it."""

    p_answered: float
    scores: tuple[float, ...]  # P(this sentence answers, if any does), of each

    @property
    def order(self) -> list[int]:
        """The places of the sentences, likeliest first."""
        return sorted(range(len(self.scores)), key=lambda at: -self.scores[at])


class Judge:
    """Two regressions on what a reader says. Thread safe."""

    def __init__(self, reader: Reader) -> None:
        """Take what was fitted to the reader's numbers.

        Raises:
            ModelError: if that was fitted to other numbers.
        """
        fit = reader.fit
        try:
            self._sentence = read_linear(fit["sentence"], SENTENCE_INPUTS)
            self._question = read_linear(fit["question"], QUESTION_INPUTS)
            self.threshold = float(fit["threshold"])
            self.threshold_with_model = float(fit["threshold_with_model"])
            self.least_span = float(fit["span"])
        except (ValueError, KeyError, TypeError) as error:
            raise reader.unusable(error) from None

    def judge(self, sentences: Sequence[Weighed]) -> AnswerJudgement:
        """Weigh the sentences; without any nothing answers."""
        if not sentences:
            return AnswerJudgement(p_answered=0.0, scores=())
        rows = sentence_rows(sentences)
        logits = self._sentence.logits(rows)
        answered = sigmoid(self._question.logits(question_row(rows, logits)[None, :]))
        scores = tuple(sigmoid(logits).tolist())
        return AnswerJudgement(p_answered=float(answered[0]), scores=scores)


def sentence_rows(sentences: Sequence[Weighed]) -> Floats:
    """Return what is weighed of each sentence: (n, len(SENTENCE_INPUTS))."""
    best = max(one.score for one in sentences)
    rows = []
    for one in sentences:
        read = one.reading
        said = (read.sentence, read.lead, read.answers, read.span_score)
        rows.append((*said, best - one.score, one.signals.dense))
    return np.array(rows, dtype=np.float64)


def question_row(rows: Floats, logits: Floats) -> Floats:
    """Return what P(answered) is computed from, of at least one sentence: (len(QUESTION_INPUTS),).

    ``logits`` (n,) is what the sentence regression makes of the rows.
    """
    order = np.argsort(-logits, kind="stable")
    second = logits[order[1]] if len(order) > 1 else -9.0
    sentence, answers, span = map(SENTENCE_INPUTS.index, ("sentence", "answers", "span"))
    top = rows[order[0], [sentence, answers, span]]
    most = rows[:_FIRST, [sentence, answers]].max(axis=0)
    return np.array([logits[order[0]], second, *top, *most])
