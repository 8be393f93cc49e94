"""The risk-coverage curve of answers ordered by confidence, and the area under it.

Answers in falling order of confidence; at each cut, coverage = answered / all cases and
risk = wrong / answered. AURC is the mean risk over the cuts (the area, from the first answer to
the last). Answers of equal confidence are cut together, each with the risk of the whole group.

Source: El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification";
Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks" (AURC).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One point of the curve: answering everything down to this confidence."""

    confidence: float
    coverage: float
    risk: float
    answered: int


def risk_coverage(answers: Iterable[tuple[float, bool]], *, cases: int) -> list[Cut]:
    """Return the curve, from the most confident answer to the last.

    Args:
        answers: (confidence, right) of each answer that was given.
        cases: number of all cases, refused ones too.
    """
    ordered = sorted(answers, key=lambda pair: -pair[0])
    cuts: list[Cut] = []
    answered = wrong = 0
    for confidence, group in groupby(ordered, key=lambda pair: pair[0]):
        rights = [right for _, right in group]
        answered += len(rights)
        wrong += rights.count(False)
        cuts.append(
            Cut(
                confidence=confidence,
                coverage=answered / cases,
                risk=wrong / answered,
                answered=answered,
            )
        )
    return cuts


def area(cuts: Sequence[Cut]) -> float | None:
    """Return AURC: the mean risk over all answers given; None if none was given."""
    if not cuts:
        return None
    before, total = 0, 0.0
    for cut in cuts:
        total += cut.risk * (cut.answered - before)
        before = cut.answered
    return total / before
