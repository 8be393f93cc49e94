"""Thresholds of the verdicts by false alarms: what a reader of faithful answers sees.

An answer raises an alarm where one of its claims is below the threshold. Plain numbers; knows no
network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.truth.windows import Window

Floats = NDArray[np.float64]
_FAITHFUL = (0.8, 0.95)
_CURVE = (0.05, 0.10, 0.15, 0.20, 0.30, 0.40)


def by_answer(windows: Sequence[Window], scores: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return each RAGTruth answer's lowest score, and whether a claim of it is marked."""
    lowest: dict[str, float] = defaultdict(lambda: 1.0)
    bad: dict[str, bool] = defaultdict(bool)
    for window, score in zip(windows, scores, strict=True):
        if window.source == "ragtruth":
            lowest[window.answer] = min(lowest[window.answer], float(score))
            bad[window.answer] |= window.label < 2
    order = sorted(lowest)
    return np.array([lowest[a] for a in order]), np.array([bad[a] for a in order])


def by_false_alarms(lowest: Floats, bad: NDArray[np.bool_], share: float) -> float:
    """Return the threshold below which at most this share of the faithful answers have a claim."""
    return float(np.quantile(lowest[~bad], share, method="lower"))


def curve(windows: Sequence[Window], scores: Floats) -> list[str]:
    """Return lines: false alarms aimed at and found; precision, recall and F1 by answer.

    Sources are cut into halves; the threshold of each half is set on the other. Today's models give
    more faithful answers than those of RAGTruth: precision is given for two such shares, too.
    """
    rag = [at for at, window in enumerate(windows) if window.source == "ragtruth"]
    sources = sorted({_source(windows[at]) for at in rag})
    halves = [
        [at for at in rag if _source(windows[at]) in set(sources[side::2])] for side in (0, 1)
    ]
    parts = [by_answer([windows[at] for at in half], scores[half]) for half in halves]
    lines = []
    for share in _CURVE:
        alarms = [
            lowest < by_false_alarms(*other, share)
            for (lowest, _), other in zip(parts, parts[::-1], strict=True)
        ]
        alarm, bad = np.concatenate(alarms), np.concatenate([truth for _, truth in parts])
        right = int((alarm & bad).sum())
        false, recall = alarm[~bad].mean(), right / bad.sum()
        found = {one: ((1 - one) * recall, one * false) for one in _FAITHFUL}
        today = ", ".join(
            f"{hit / max(1e-9, hit + miss):.2f} where {one:.0%}"
            for one, (hit, miss) in found.items()
        )
        lines.append(
            f"aimed at {share:.2f}: found {false:.3f}, precision "
            f"{right / max(1, alarm.sum()):.3f}, recall {recall:.3f}, "
            f"F1 {2 * right / (alarm.sum() + bad.sum()):.3f} ({len(bad)} answers); "
            f"precision {today} are faithful"
        )
    return lines


def _source(window: Window) -> str:
    """Return the source of a claim of RAGTruth, by which answers are kept apart."""
    return "-".join(window.group.split("-")[:2])
