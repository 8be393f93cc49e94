"""The reader: which candidate sentences answer a question, and whether any of them does.

First version: a model on features of question and sentence (``reader_features``), not on their
words. ``Reader`` is the seam: a trained network can take the place of ``FeatureReader`` without a
change above. Knows no store; used by the extractive answer and by the refusal decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.candidates import Candidate
from chatbot.models.embedder import Embedder
from chatbot.models.reader_features import FEATURES, Floats, features
from chatbot.models.reader_mismatch import mismatches
from chatbot.models.reader_short import short_span
from chatbot.models.reader_soft import SoftMatcher
from chatbot.settings import Settings
from chatbot.types import Span

BUILTIN = Path(__file__).parent / "weights" / "reader"
_LOGIT_LIMIT = 9.0
_BEFORE = 300
"""Characters before a sentence in which the one it speaks of may be named."""
_FIRST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reader made of a question and its candidates."""

    p_answered: float
    """P(one of the candidates answers), calibrated."""
    threshold: float
    """Below this ``p_answered`` an extractive answer is refused."""
    threshold_with_model: float
    """Below this nothing is sent to a language model: nearly nothing was found."""
    answering: tuple[int, ...] = ()
    """Candidates that may answer, best first; empty only if there were no candidates."""
    scores: tuple[float, ...] = ()
    """P(this sentence answers, if any does) of each candidate, in their order."""
    spans: Mapping[int, Span] = field(default_factory=dict)
    """Of some answering candidates the short answer, as offsets into the candidate's text."""


class Reader(Protocol):
    """Decides which sentences answer."""

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """Judge the candidates of a question.

        Args:
            question: standing alone.
            candidates: as retrieval gives them, best first.
        """
        ...


def load_reader(settings: Settings, embedder: Embedder) -> Reader:
    """Return the reader that ships with the package.

    Args:
        settings: nothing of them is used by this version.
        embedder: its token vectors compare the words of question and sentence.

    Raises:
        ModelError: if the weights are missing or made for other features.
    """
    del settings
    return FeatureReader(_load(BUILTIN / "weights.json"), SoftMatcher(embedder))


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A logistic regression on standardised inputs; NaN counts as the mean."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def logits(self, rows: Floats | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one logit for each row: (n, inputs) -> (n,)."""
        standard = np.nan_to_num((rows.astype(np.float64) - self.mean) / self.scale, nan=0.0)
        found: NDArray[np.float64] = (standard * self.weights).sum(axis=1) + self.bias
        return np.clip(found, -_LOGIT_LIMIT, _LOGIT_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderWeights:
    """What ``training/reader`` fits."""

    sentence: Linear
    question: Linear
    threshold: float
    threshold_with_model: float
    answering: float
    """A sentence with at least this share of the best one's probability may answer, too."""


class FeatureReader:
    """Two logistic regressions: one says which sentence answers if any does, one whether any does.

    They differ in what they look at: the second sees how the best sentence of the first fits.
    """

    def __init__(self, weights: ReaderWeights, matcher: SoftMatcher) -> None:
        self._weights = weights
        self._matcher = matcher

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """Judge the candidates of a question."""
        weights = self._weights
        if not candidates:
            return Reading(
                p_answered=0.0,
                threshold=weights.threshold,
                threshold_with_model=weights.threshold_with_model,
            )
        rows = features(question, candidates, self._matcher)
        logits = weights.sentence.logits(rows)
        scores = _sigmoid(logits)
        order = [int(at) for at in np.argsort(-logits, kind="stable")]
        least = weights.answering * scores[order[0]]
        likely = tuple(at for at in order if scores[at] >= least)
        answering = tuple(at for at in likely if not _is_elsewhere(question, candidates[at]))
        found = {at: short_span(question, candidates[at].text) for at in answering}
        answered = weights.question.logits(question_inputs(logits, rows)[None, :])
        p_answered = float(_sigmoid(answered)[0])
        if not answering:  # a rule is surer than the score, but no reason to ask no model
            between = (weights.threshold + weights.threshold_with_model) / 2
            answering, p_answered = likely, min(p_answered, between)
        return Reading(
            p_answered=p_answered,
            threshold=weights.threshold,
            threshold_with_model=weights.threshold_with_model,
            answering=answering,
            scores=tuple(float(score) for score in scores),
            spans={at: span for at, span in found.items() if span is not None},
        )


def _is_elsewhere(question: str, candidate: Candidate) -> bool:
    before = candidate.passage[max(0, candidate.start - _BEFORE) : candidate.start]
    return mismatches(question, candidate.text, before=before)


def question_inputs(logits: NDArray[np.float64], rows: Floats) -> NDArray[np.float64]:
    """Return what P(answered) is computed from: (6 + 2 * len(FEATURES),).

    The best three logits, all of them together, how many there are, what the best sentence looks
    like, and the most that any of the first sentences has of each feature.

    Args:
        logits: of the candidates, (n,).
        rows: their features, (n, len(FEATURES)).
    """
    order = np.argsort(-logits, kind="stable")
    best = logits[order[:3]]
    padded = np.concatenate([best, np.full(3 - len(best), -_LOGIT_LIMIT)])
    together = np.log(np.exp(logits).sum())
    summary = np.array([*padded, together, len(logits), best[0] - best[-1]])
    return np.concatenate([summary, rows[order[0]], rows[:_FIRST].max(axis=0)])


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return found


def _load(path: Path) -> ReaderWeights:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != FEATURES:
            raise ValueError("it was made for other features")
        return ReaderWeights(
            sentence=_linear(data["sentence"]),
            question=_linear(data["question"]),
            threshold=float(data["threshold"]),
            threshold_with_model=float(data["threshold_with_model"]),
            answering=float(data["answering"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The reader's weights in {path} cannot be used ({error}): install the package again."
        ) from None


def _linear(data: Mapping[str, Any]) -> Linear:
    return Linear(
        mean=np.array(data["mean"], dtype=np.float64),
        scale=np.array(data["scale"], dtype=np.float64),
        weights=np.array(data["weights"], dtype=np.float64),
        bias=float(data["bias"]),
    )
