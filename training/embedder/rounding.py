"""Rounds the weights of one layer so that its outputs change little.

Knows matrices only. Used by ``quantise``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_DAMPING = 0.01
"""Of the mean square of an input: what keeps the inverse in bounds."""


def rounding(
    weight: NDArray[np.float64],
    scale: NDArray[np.float64],
    moment: NDArray[np.float64] | None,
    *,
    largest: int,
) -> NDArray[np.int8]:
    """Return whole numbers: times ``scale`` they stand for the weights.

    Each to its nearest, or with ``moment`` one input after the other, those with the largest inputs
    first: what rounding one row changes in the outputs is made up for by the rows that are still
    to be rounded (GPTQ: Frantar et al. 2022, arXiv:2210.17323, algorithm 1).

    Args:
        weight: (inputs, outputs).
        scale: (outputs,).
        moment: the sum of the products of the inputs, (inputs, inputs).
        largest: the greatest whole number.
    """
    if moment is None:
        return np.rint(weight / scale).astype(np.int8)
    order = np.argsort(-np.diag(moment), kind="stable")
    square = moment[np.ix_(order, order)].copy()
    square[np.diag_indices_from(square)] += _DAMPING * np.diag(square).mean()
    upper = np.linalg.cholesky(np.linalg.inv(square)).T
    left = weight[order].copy()
    whole = np.empty(weight.shape, dtype=np.int8)
    for at, row in enumerate(order):
        whole[row] = np.clip(np.rint(left[at] / scale), -largest, largest)
        error = (left[at] - whole[row] * scale) / upper[at, at]
        left[at + 1 :] -= np.outer(upper[at, at + 1 :], error)
    return whole
