"""The trees, their calibration and their export. Knows no data set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Trees fitted on all rows given, and what each row gets from trees that did not see it."""

    trees: HistGradientBoostingClassifier
    held_out: Floats


def fit(
    rows: NDArray[np.float32], labels: NDArray[np.int64], weights: Floats,
    groups: NDArray[np.str_], *, seed: int, folds: int = 4,
) -> Fitted:  # fmt: skip
    """Fit trees, with held-out scores by cross-validation over groups."""
    held_out = np.zeros(len(labels))
    for train, test in GroupKFold(folds).split(rows, groups=groups):
        trees = new_trees(seed).fit(rows[train], labels[train], sample_weight=weights[train])
        held_out[test] = trees.predict_proba(rows[test])[:, 1]
    return Fitted(trees=new_trees(seed).fit(rows, labels, sample_weight=weights), held_out=held_out)


def new_trees(seed: int) -> HistGradientBoostingClassifier:
    """Return trees that are not fitted yet."""
    return HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40,
        l2_regularization=5.0, max_features=0.5, early_stopping=False, random_state=seed,
    )  # fmt: skip


def calibrate(
    scores: Floats, labels: NDArray[np.int64], weights: Floats
) -> tuple[list[float], list[float]]:
    """Return a rising curve from raw score to P(supported), by isotonic regression.

    The steps are joined by lines through the middles of about thirty groups of equal weight, so
    that neighbouring scores do not jump.
    """
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    fitted.fit(scores, labels, sample_weight=weights)
    knots = np.unique(np.quantile(scores, np.linspace(0, 1, 31)).round(4))
    values = np.maximum.accumulate(fitted.predict(knots))
    values = np.clip(values, 0.002, 0.998)
    return [0.0, *knots.tolist(), 1.0], [
        float(values[0]),
        *values.round(4).tolist(),
        float(values[-1]),
    ]


def _plain(value: object) -> object:
    if not isinstance(value, list | tuple) or not value or isinstance(value[0], str | bytes):
        return value
    plain = [item.item() if hasattr(item, "item") else item for item in value]
    return [int(item) if isinstance(item, bool) else item for item in plain]


def export(trees: HistGradientBoostingClassifier, path: Path, *, width: int) -> None:
    """Write the trees as ONNX: input ``rows`` (n, width), output ``probabilities`` (n, 2)."""
    from onnx import helper
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    # This release of onnx refuses the numpy numbers and booleans that skl2onnx hands it.
    made = helper.make_attribute
    helper.make_attribute = lambda key, value, *rest, **more: made(
        key, _plain(value), *rest, **more
    )
    model = to_onnx(
        trees, initial_types=[("rows", FloatTensorType([None, width]))],
        options={"zipmap": False}, target_opset={"": 18, "ai.onnx.ml": 3},
    )  # fmt: skip
    model.doc_string = ""
    path.write_bytes(model.SerializeToString())
