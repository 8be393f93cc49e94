"""The statistics of reports and comparisons: intervals, exact tests, sizes. Pure, seeded.

Sources: Wilson 1927 (interval of a rate); Efron 1979 (bootstrap); McNemar 1947 in its exact,
binomial form (paired rates); Connor 1987 (size of a paired study); Cohen 1960 (kappa).
Tested against scipy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

RESAMPLES = 2000
CONFIDENCE, SIGNIFICANCE, POWER = 0.95, 0.05, 0.8
LEAST_PAIRS = 6
"""The fewest pairs, all lost, that an exact test calls significant."""
_SEED = 20240
_ALPHA, _BETA = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2), NormalDist().inv_cdf(POWER)
"""Standard deviations on either side that hold 95 %, and those of the power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval."""

    low: float
    high: float


def wilson_interval(successes: float, count: int) -> Interval:
    """Return the Wilson score interval of ``successes / count``; (0, 1) for no cases."""
    if count == 0:
        return Interval(low=0.0, high=1.0)
    z, rate = _ALPHA, successes / count
    centre = rate + z * z / (2 * count)
    spread = z * sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return Interval(
        low=max(0.0, (centre - spread) / scale), high=min(1.0, (centre + spread) / scale)
    )


def bootstrap_mean(values: Sequence[float], *, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the percentile bootstrap interval of the mean; None for fewer than two values."""
    if len(values) < 2:
        return None
    sample = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(_SEED).integers(0, len(sample), (RESAMPLES, len(sample)))
    return _percentiles(sample[drawn].mean(axis=1), confidence)


def bootstrap_statistic(
    count: int, statistic: Callable[[Sequence[int]], float | None]
) -> Interval | None:
    """Return the same of a statistic of positions below ``count``, drawn again and again."""
    if count < 2:
        return None
    generator = np.random.default_rng(_SEED)
    drawn = (statistic(generator.integers(0, count, count).tolist()) for _ in range(RESAMPLES // 4))
    values = [value for value in drawn if value is not None]
    return _percentiles(np.asarray(values), CONFIDENCE) if len(values) > 1 else None


def _percentiles(values: np.ndarray, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(low=float(low), high=float(high))


def mcnemar_exact(gained: int, lost: int) -> float:
    """Return the two-sided exact p of a paired change: pairs that differ fall evenly by chance."""
    total, least = gained + lost, min(gained, lost)
    if total == 0:
        return 1.0
    # Each binomial coefficient is made of the one before: thousands of pairs take milliseconds.
    tail = ways = 1
    for at in range(least):
        ways = ways * (total - at) // (at + 1)
        tail += ways
    # Whole numbers up to the last step: 2 ** total has no limit, a float has.
    return min(1.0, float(2 * tail / 2**total))


def pairs_for_rates(discordant: float, difference: float) -> int | None:
    """Return how many pairs would show this difference of rates (power .8, p < .05, two-sided).

    By Connor's formula, from the share of pairs that differ; None: there is nothing to show.
    """
    if difference == 0 or discordant <= 0:
        return None
    spread = max(0.0, discordant - difference * difference)
    return ceil((_ALPHA * sqrt(discordant) + _BETA * sqrt(spread)) ** 2 / difference**2)


def pairs_for_means(deviation: float, difference: float) -> int | None:
    """Return how many pairs would show this mean of differences; None: there is none to show."""
    if difference == 0:
        return None
    return max(2, ceil(((_ALPHA + _BETA) * deviation / difference) ** 2))


def cohens_kappa(both: Sequence[tuple[bool, bool]]) -> float | None:
    """Return kappa = (observed - chance) / (1 - chance) of two judges' yes and no.

    It is None for no pairs, and where both always say the same one thing: chance is 1 then.
    """
    if not both:
        return None
    count = len(both)
    observed = sum(one == other for one, other in both) / count
    first, second = (sum(pair[at] for pair in both) / count for at in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else (observed - chance) / (1 - chance)
