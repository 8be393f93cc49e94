"""Figures of a verifier: by claim, by answer, calibration. Knows no model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from training.verifier.examples import Example

Floats = NDArray[np.float64]


def auroc(labels: NDArray[np.int64], scores: Floats) -> float:
    """Return the area under the ROC curve of supported against unsupported claims."""
    return float(roc_auc_score(labels, scores))


def by_answer(
    examples: Sequence[Example], scores: Floats, truth: dict[str, bool]
) -> tuple[Floats, NDArray[np.int64]]:
    """Return each answer's lowest claim score, and 1 where the answer has a hallucination.

    Args:
        examples: claims of RAGTruth answers.
        scores: P(supported) of each.
        truth: for every answer whether it has a marked span, answers without a claim included.
    """
    lowest = dict.fromkeys(truth, 1.0)
    for example, score in zip(examples, scores, strict=True):
        lowest[example.answer] = min(lowest[example.answer], float(score))
    order = sorted(lowest)
    return (
        np.array([lowest[answer] for answer in order]),
        np.array([int(truth[answer]) for answer in order]),
    )


def best_threshold(lowest: Floats, bad: NDArray[np.int64]) -> float:
    """Return the threshold under which calling an answer bad gives the best F1."""
    tried = np.unique(np.round(lowest, 3))
    return float(max(tried, key=lambda at: f1_score(bad, lowest < at)))


def answer_f1(lowest: Floats, bad: NDArray[np.int64], threshold: float) -> float:
    """Return the F1 of finding answers with a hallucination."""
    return float(f1_score(bad, lowest < threshold))


def calibration_error(labels: NDArray[np.int64], scores: Floats, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(scores[place == at].mean() - labels[place == at].mean()) * (place == at).mean()
            for at in range(bins)
            if (place == at).any()
        )
    )


def interval(
    labels: NDArray[np.int64], scores: Floats, groups: NDArray[np.str_], *, seed: int
) -> tuple[float, float]:
    """Return a 95 % interval of the AUROC by drawing sources with replacement."""
    source = np.random.default_rng(seed)
    names, places = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(places == at) for at in range(len(names))]
    drawn = []
    for _ in range(200):
        rows = np.concatenate([members[at] for at in source.integers(0, len(names), len(names))])
        drawn.append(auroc(labels[rows], scores[rows]))
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))
