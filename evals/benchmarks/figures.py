"""From the scores of cases to figures with 95 % intervals, by the statistics of the harness.

Rates get Wilson's interval; means, and measures of all cases together such as F1 or AUROC, the
percentile bootstrap, which draws whole groups where cases hang together (answers about one source).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import TypeVar

from chatbot.evaluation.metrics import detection
from chatbot.evaluation.statistics import (
    Interval,
    bootstrap_mean,
    bootstrap_statistic,
    wilson_interval,
)
from evals.benchmarks.result import Figure

Item = TypeVar("Item")


def rate(name: str, hits: Sequence[bool]) -> Figure:
    """Return the share of cases that hit."""
    if not hits:
        return Figure(name=name, value=None, n=0)
    interval = wilson_interval(sum(hits), len(hits))
    return _figure(name, sum(hits) / len(hits), len(hits), interval)


def mean(name: str, values: Sequence[float | None]) -> Figure:
    """Return the mean of the cases that have a score."""
    scored = [value for value in values if value is not None]
    if not scored:
        return Figure(name=name, value=None, n=0)
    return _figure(name, statistics.fmean(scored), len(scored), bootstrap_mean(scored))


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
    interval = bootstrap_statistic(
        len(together), lambda drawn: statistic([case for at in drawn for case in together[at]])
    )
    return _figure(name, value, len(cases), interval)


def _figure(name: str, value: float, n: int, interval: Interval | None) -> Figure:
    if interval is None:
        return Figure(name=name, value=value, n=n)
    return Figure(name=name, value=value, n=n, low=interval.low, high=interval.high)
