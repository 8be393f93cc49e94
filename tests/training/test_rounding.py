"""Weights become whole numbers so that the outputs of their layer change little."""

from __future__ import annotations

import numpy as np

from training.embedder.rounding import rounding

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
