"""Rounds the weights of one layer so that its outputs change little.

Knows matrices only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_DAMPING = 0.01
"""Of the mean square of an input: what keeps the inverse in bounds."""
BLOCK, ZERO = 32, 8
"""Of 4-bit weights: how many share a scale, and the whole number that stands for 0."""


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


def four_bits(rows: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return whole numbers from 0 to 15, (n, inputs), and scales, (n, blocks of inputs).

    A weight is its number less ``ZERO``, times the scale of its block. The weight of a block that
    is farthest from 0 gets the number 0, which lies one step farther than 15.

    Args:
        rows: (n, inputs), inputs a multiple of ``BLOCK``.
    """
    blocks = rows.reshape(len(rows), -1, BLOCK)
    farthest = np.abs(blocks).argmax(axis=2)[..., None]
    scales = np.take_along_axis(blocks, farthest, axis=2) / np.float32(-ZERO)
    safe = np.where(scales == 0, np.float32(1), scales)
    whole = np.clip(np.rint(blocks / safe) + ZERO, 0, 2 * ZERO - 1).astype(np.uint8)
    return whole.reshape(rows.shape), scales[..., 0].astype(np.float32)
