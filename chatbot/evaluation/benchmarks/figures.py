"""From the scores of cases to figures with 95 % intervals.

Rates get Wilson's interval; means, and measures of all cases together such as F1 or AUROC, the
percentile bootstrap, which draws whole groups where cases hang together (answers about one source).
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from chatbot.evaluation.benchmarks.metrics import detection
from chatbot.evaluation.benchmarks.result import Figure
from chatbot.evaluation.report import wilson_interval

Item = TypeVar("Item")

_RESAMPLES = 1000
_RESAMPLES_OVERALL = 500
"""Fewer: each computes the whole measure again."""
_SEED = 20240229


def rate(name: str, hits: Sequence[bool]) -> Figure:
    """Return the share of cases that hit."""
    if not hits:
        return Figure(name=name, value=None, n=0)
    value = sum(hits) / len(hits)
    low, high = wilson_interval(value, len(hits))
    return Figure(name=name, value=value, n=len(hits), low=low, high=high)


def mean(name: str, values: Sequence[float | None]) -> Figure:
    """Return the mean of the cases that have a score."""
    scored = [value for value in values if value is not None]
    if not scored:
        return Figure(name=name, value=None, n=0)
    drawn = np.random.default_rng(_SEED).integers(len(scored), size=(_RESAMPLES, len(scored)))
    means = np.asarray(scored)[drawn].mean(axis=1)
    low, high = (float(bound) for bound in np.quantile(means, (0.025, 0.975)))
    return Figure(name=name, value=statistics.fmean(scored), n=len(scored), low=low, high=high)


def answerable_auroc(cases: Sequence[tuple[bool, float | None]]) -> Figure:
    """Return how well P(answered) tells questions that have an answer from those that have none.

    Args:
        cases: whether the question has an answer, and the reader's P(the documents answer).
    """
    known = [(truth, p) for truth, p in cases if p is not None]
    return overall("AUROC of answerable", detection.auroc, known)


def overall(
    name: str,
    statistic: Callable[[Sequence[Item]], float | None],
    cases: Sequence[Item],
    *,
    groups: Sequence[str] | None = None,
) -> Figure:
    """Return a measure of all cases together.

    Args:
        name: of the figure.
        statistic: the measure; None where it cannot be computed.
        cases: what it is computed from.
        groups: the group of each case; groups are drawn whole. None: each case for itself.
    """
    value = statistic(cases)
    if value is None:
        return Figure(name=name, value=None, n=len(cases))
    members: dict[str, list[Item]] = {}
    for at, case in enumerate(cases):
        members.setdefault(groups[at] if groups else str(at), []).append(case)
    together = list(members.values())
    source = random.Random(_SEED)
    drawn = []
    for _ in range(_RESAMPLES_OVERALL):
        picked = source.choices(together, k=len(together))
        again = statistic([case for group in picked for case in group])
        if again is not None:
            drawn.append(again)
    low, high = (float(bound) for bound in np.quantile(drawn, (0.025, 0.975)))
    return Figure(name=name, value=value, n=len(cases), low=low, high=high)
