"""Weights become whole numbers so that the outputs of their layer change little."""

from __future__ import annotations

import numpy as np

from training.embedder.rounding import BLOCK, ZERO, four_bits, rounding

DRAWN = np.random.default_rng(3)
WEIGHT = DRAWN.normal(size=(48, 16))
SCALE = np.abs(WEIGHT).max(axis=0) / 7
INPUTS = DRAWN.normal(size=(400, 12)) @ DRAWN.normal(size=(12, 48)) + 0.1 * DRAWN.normal(
    size=(400, 48)
)


def error(whole: np.ndarray) -> float:
    return float(np.square(INPUTS @ (whole * SCALE - WEIGHT)).mean())


def test_without_inputs_each_weight_goes_to_its_nearest() -> None:
    whole = rounding(WEIGHT, SCALE, None, largest=7)
    assert whole.dtype == np.int8
    assert np.abs(whole * SCALE - WEIGHT).max() <= SCALE.max() / 2 + 1e-12


def test_inputs_that_go_together_make_up_for_each_other() -> None:
    nearest = rounding(WEIGHT, SCALE, None, largest=7)
    whole = rounding(WEIGHT, SCALE, INPUTS.T @ INPUTS, largest=7)
    assert np.abs(whole).max() <= 7
    assert error(whole) < error(nearest) / 2


def test_an_input_that_never_comes_is_no_trouble() -> None:
    inputs = INPUTS.copy()
    inputs[:, 5] = 0
    whole = rounding(WEIGHT, SCALE, inputs.T @ inputs, largest=7)
    assert np.array_equal(whole, rounding(WEIGHT, SCALE, inputs.T @ inputs, largest=7))
    assert np.isfinite(whole).all()


def test_four_bits_are_off_by_half_a_step_and_the_largest_by_nothing() -> None:
    rows = DRAWN.normal(size=(6, 3 * BLOCK)).astype(np.float32)
    rows[2, BLOCK : 2 * BLOCK] = 0
    whole, scales = four_bits(rows)
    assert whole.max() <= 15
    back = (whole.astype(np.float32) - ZERO).reshape(6, 3, BLOCK) * scales[..., None]
    off = np.abs(back - rows.reshape(6, 3, BLOCK))
    # A number at the other end than the largest one may miss its step by half of one more.
    assert (off <= np.abs(scales)[..., None] * 1.001).all()
    assert np.median(off / np.maximum(np.abs(scales)[..., None], 1e-9)) < 0.3
    farthest = np.abs(rows.reshape(6, 3, BLOCK)).argmax(axis=2)[..., None]
    assert np.take_along_axis(off, farthest, axis=2).max() < 1e-6
    assert not back[2, 1].any()
