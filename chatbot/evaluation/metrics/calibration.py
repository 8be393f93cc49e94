"""Calibration of scores: of what is scored p, is a share p right?

ECE = Σ over bins of |bin| / n · |mean score - share right|, ten bins of equal width over [0, 1].

``ece`` is of the verdict scores. Quoted claims stay out: their score of 1 is by definition, not by
the verifier. A claim is right if the judge says that its cited sentences support it; without a
judge, if the case is right and the claim cites gold evidence, wrong if the question is
unanswerable, else it stays out.
``ece_answerable`` is of the reader's P(the documents answer), held against whether they do.

Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The claims with a score in one range."""

    low: float
    high: float
    count: int
    score: float
    """Mean score."""
    right: float
    """Share that is right."""


def bins(pairs: Iterable[tuple[float, bool]], *, number: int = BINS) -> list[Bin]:
    """Return the bins that hold claims, by rising score.

    Args:
        pairs: (score, right) of each claim.
        number: bins over [0, 1].
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for score, right in pairs:
        groups.setdefault(min(int(score * number), number - 1), []).append((score, right))
    return [
        Bin(
            low=at / number,
            high=(at + 1) / number,
            count=len(group),
            score=sum(score for score, _ in group) / len(group),
            right=sum(right for _, right in group) / len(group),
        )
        for at, group in sorted(groups.items())
    ]


def expected_calibration_error(
    pairs: Sequence[tuple[float, bool]], *, number: int = BINS
) -> float | None:
    """Return ECE in [0, 1]; None for no claims."""
    if not pairs:
        return None
    filled = bins(pairs, number=number)
    return sum(b.count * abs(b.score - b.right) for b in filled) / len(pairs)
