"""Logistic regressions on a few named numbers: what a network says becomes a probability.

Fitted by ``training/truth``, read from the network's description. Knows neither features nor
networks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
_FITTED = ("mean", "scale", "weights")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A logistic regression on standardised inputs."""

    inputs: tuple[str, ...]
    """The names of the numbers, in the order of the weights."""
    mean: Rows
    scale: Rows
    weights: Rows
    bias: float

    def logits(self, rows: Rows) -> Rows:
        """Return one logit for each row: (n, inputs) -> (n,)."""
        found: Rows = ((rows - self.mean) / self.scale) @ self.weights + self.bias
        return found


def read_linear(data: Mapping[str, Any], inputs: Sequence[str]) -> Linear:
    """Read a regression from JSON values.

    Raises:
        ValueError: if it was fitted to other numbers than ``inputs``.
    """
    if tuple(data["inputs"]) != tuple(inputs):
        raise ValueError("it was fitted to other numbers")
    mean, scale, weights = (np.array(data[name], dtype=np.float64) for name in _FITTED)
    return Linear(
        inputs=tuple(inputs), mean=mean, scale=scale, weights=weights, bias=float(data["bias"])
    )


def sigmoid(logits: Rows) -> Rows:
    """Return probabilities."""
    found: Rows = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return found
