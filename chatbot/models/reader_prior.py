"""How likely it is that a candidate answers, by features of question and sentence alone.

What a small network blurs, features say: names, numbers and words of the question that the passage
does not hold. The reader weighs it with the network's numbers. Knows no store; used by
``reader_pair``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.candidates import Candidate
from chatbot.models.reader_features import FEATURES, features
from chatbot.models.reader_regression import Linear, question_inputs, read_linear
from chatbot.models.reader_soft import SoftMatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Log odds by features alone, for n candidates."""

    answered: float
    """That at least one answers."""
    sentences: NDArray[np.float64]
    """(n,): that this one answers, if any does."""


class FeaturePrior:
    """Two logistic regressions: one says which sentence answers if any does, one whether any does.

    They differ in what they look at: the second sees how the best sentence of the first fits.
    """

    def __init__(self, sentence: Linear, question: Linear, matcher: SoftMatcher) -> None:
        self._sentence = sentence
        self._question = question
        self._matcher = matcher

    def judge(self, question: str, candidates: Sequence[Candidate]) -> Prior:
        """Judge the candidates of a question, at least one."""
        rows = features(question, candidates, self._matcher)
        sentences = self._sentence.logits(rows)
        inputs = question_inputs(sentences, rows)
        answered = float(self._question.logits(inputs[None, :])[0])
        return Prior(answered=answered, sentences=sentences)


def load_prior(path: Path, matcher: SoftMatcher) -> FeaturePrior:
    """Read what ``training.reader.train`` wrote.

    Raises:
        ModelError: if the file is missing, unreadable or made for other features.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != FEATURES:
            raise ValueError("it was made for other features")
        sentence, question = read_linear(data["sentence"]), read_linear(data["question"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The reader's weights in {path} cannot be used ({error}): install the package again."
        ) from None
    return FeaturePrior(sentence, question, matcher)
