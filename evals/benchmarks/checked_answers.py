"""Checked answers beside what annotators marked in them. Used by RAGTruth and FaithBench.

The score of a claim is P(supported); here 1 minus it is how much it looks hallucinated, and an
answer looks as bad as its worst claim. Headings and glue, which have no score, count nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.evaluation.metrics import detection
from chatbot.evaluation.metrics.characters import Overlap, Place, overlap
from chatbot.types import CheckedClaim, Verdict

_BAD = (Verdict.PARTLY, Verdict.UNSUPPORTED)
_CANDIDATES = 40
"""Thresholds tried for spans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer: its checked claims, and the places that annotators marked."""

    claims: tuple[CheckedClaim, ...]
    gold: tuple[Place, ...]
    group: str
    """What hangs together: the source."""
    kind: str = ""


def doubt(claim: CheckedClaim) -> float | None:
    """Return how much a claim looks hallucinated, in [0, 1]; None where nothing was scored."""
    return None if claim.score is None else 1.0 - claim.score


def scored(cases: Sequence[Judged]) -> list[detection.Scored]:
    """Return for each answer whether it is hallucinated, and the doubt of its worst claim."""
    return [
        (bool(case.gold), max((d for c in case.claims if (d := doubt(c)) is not None), default=0.0))
        for case in cases
    ]


def decided(cases: Sequence[Judged], threshold: float | None = None) -> list[detection.Decision]:
    """Return for each answer whether it is hallucinated, and whether that was said.

    Args:
        cases: the answers.
        threshold: the doubt from which on it is said; None goes by the verdicts.
    """
    if threshold is None:
        return [
            (bool(case.gold), any(claim.verdict in _BAD for claim in case.claims)) for case in cases
        ]
    return [(truth, value >= threshold) for truth, value in scored(cases)]


def claim_pairs(case: Judged) -> list[detection.Scored]:
    """Return for each scored claim whether a marked place reaches into it, and its doubt."""
    return [
        (bool(overlap([(claim.start, claim.end)], case.gold).common), value)
        for claim in case.claims
        if (value := doubt(claim)) is not None
    ]


def auroc_of_claims(answers: Sequence[Sequence[detection.Scored]]) -> float | None:
    """Return AUROC over the claims of all answers together."""
    return detection.auroc([pair for pairs in answers for pair in pairs])


def spans(case: Judged, threshold: float) -> Overlap:
    """Count the marked characters: whole claims from a doubt on are called marked."""
    found = [
        (claim.start, claim.end)
        for claim in case.claims
        if (value := doubt(claim)) is not None and value >= threshold
    ]
    return overlap(found, case.gold)


def span_f1(answers: Sequence[Overlap]) -> float:
    """Return F1 of the characters of all answers together."""
    return sum(answers, start=Overlap()).f1


def best_claim_threshold(cases: Sequence[Judged]) -> float | None:
    """Return the doubt from which on spans get the best F1, for data that may be fitted to."""
    doubts = sorted({value for case in cases for _, value in claim_pairs(case)})
    if not doubts or not any(case.gold for case in cases):
        return None
    step = max(1, len(doubts) // _CANDIDATES)
    return max(doubts[::step], key=lambda at: span_f1([spans(case, at) for case in cases]))
