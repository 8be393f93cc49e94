"""The regressions that turn numbers about candidates into decisions of the reader.

Fitted by ``training/reader`` and ``training/truth``. Knows neither features nor networks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
LOGIT_LIMIT = 9.0
_FIRST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A logistic regression on standardised inputs; NaN counts as the mean."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def logits(self, rows: Rows | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one logit for each row: (n, inputs) -> (n,)."""
        standard = np.nan_to_num((rows.astype(np.float64) - self.mean) / self.scale, nan=0.0)
        found: NDArray[np.float64] = (standard * self.weights).sum(axis=1) + self.bias
        return np.clip(found, -LOGIT_LIMIT, LOGIT_LIMIT)


def read_linear(data: Mapping[str, Any]) -> Linear:
    """Read a regression from JSON values."""
    return Linear(
        mean=np.array(data["mean"], dtype=np.float64),
        scale=np.array(data["scale"], dtype=np.float64),
        weights=np.array(data["weights"], dtype=np.float64),
        bias=float(data["bias"]),
    )


def sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities."""
    found: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return found


def question_inputs(logits: NDArray[np.float64], rows: Rows) -> NDArray[np.float64]:
    """Return what P(answered) is computed from: (6 + 2 * len(FEATURES),).

    The best three logits, all of them together, how many there are, what the best sentence looks
    like, and the most that any of the first sentences has of each feature.

    Args:
        logits: of the candidates, (n,).
        rows: their features, (n, len(FEATURES)).
    """
    order = np.argsort(-logits, kind="stable")
    best = logits[order[:3]]
    padded = np.concatenate([best, np.full(3 - len(best), -LOGIT_LIMIT)])
    together = np.log(np.exp(logits).sum())
    summary = np.array([*padded, together, len(logits), best[0] - best[-1]])
    return np.concatenate([summary, rows[order[0]], rows[:_FIRST].max(axis=0)])
