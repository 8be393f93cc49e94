"""A measure: one figure over many cases, with its 95 % interval and the number of cases behind it.

A rate (scores of 0 and 1) has Wilson's interval, a mean the bootstrap's. What is computed from all
cases together (F1, AUROC, AURC, percentiles) has the bootstrap's over cases, or over whole groups
where cases hang together, as answers about one source do. Suites and benchmarks use the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, TypeVar

from chatbot.evaluation.statistics import (
    Interval,
    bootstrap_mean,
    bootstrap_statistic,
    wilson_interval,
)

Better = Literal["higher", "lower", "neither"]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of one run."""

    name: str
    value: float | None
    """None where no case could be scored."""
    interval: Interval | None = None
    scored: int
    unscored: int = 0
    is_rate: bool = False
    better: Better = "higher"

    @property
    def successes(self) -> int | None:
        """Of a rate: the number of cases with 1."""
        return None if self.value is None or not self.is_rate else round(self.value * self.scored)


def rate(
    name: str, hits: Sequence[float], *, unscored: int = 0, better: Better = "higher"
) -> Measure:
    """Return the share of cases that hit; unscored for no cases."""
    return Measure(
        name=name,
        value=fmean(hits) if hits else None,
        interval=wilson_interval(sum(hits), len(hits)) if hits else None,
        scored=len(hits),
        unscored=unscored,
        is_rate=True,
        better=better,
    )


def mean(
    name: str, values: Sequence[float | None], *, unscored: int = 0, better: Better = "higher"
) -> Measure:
    """Return the mean of the cases that have a score; those without are counted as unscored."""
    scored = [value for value in values if value is not None]
    return Measure(
        name=name,
        value=fmean(scored) if scored else None,
        interval=bootstrap_mean(scored),
        scored=len(scored),
        unscored=unscored + len(values) - len(scored),
        better=better,
    )


def overall(
    name: str,
    statistic: Callable[[Sequence[Item]], float | None],
    cases: Sequence[Item],
    *,
    groups: Sequence[str] | None = None,
    unscored: int = 0,
    better: Better = "higher",
) -> Measure:
    """Return a measure of all cases together.

    Args:
        name: of the measure.
        statistic: the measure; None where it cannot be computed.
        cases: what it is computed from.
        groups: the group of each case; groups are drawn whole. None: each case for itself.
        unscored: cases that are not among ``cases``.
        better: which way it is good.
    """
    value = statistic(cases)
    if value is None:
        lost = unscored + len(cases)
        return Measure(name=name, value=None, scored=0, unscored=lost, better=better)
    members: dict[str, list[Item]] = {}
    for at, case in enumerate(cases):
        members.setdefault(groups[at] if groups else str(at), []).append(case)
    together = list(members.values())
    interval = bootstrap_statistic(
        len(together), lambda drawn: statistic([case for at in drawn for case in together[at]])
    )
    return Measure(
        name=name,
        value=value,
        interval=interval,
        scored=len(cases),
        unscored=unscored,
        better=better,
    )
