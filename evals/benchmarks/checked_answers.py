"""Checked answers beside what annotators marked in them.

The score of a claim is P(supported); here 1 minus it is how much it looks hallucinated, and an
answer looks as bad as its worst claim. Headings and glue, which have no score, count nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.types import CheckedClaim, Verdict
from evals.benchmarks.benchmark import gold_of
from evals.benchmarks.formulas import detection
from evals.benchmarks.formulas.characters import Overlap, Place, overlap

_BAD = (Verdict.PARTLY, Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
_CANDIDATES = 40
"""Thresholds tried for spans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A text that was written from a source, and the places in it that annotators marked."""

    text: str
    source: str
    marked: tuple[Place, ...]
    source_id: str = ""
    task: str = ""
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A response with its checked claims."""

    claims: tuple[CheckedClaim, ...]
    gold: tuple[Place, ...]


def judged(asked: AnsweredCase) -> Judged:
    """Check a response against its source."""
    one: Response = gold_of(asked)
    return Judged(claims=asked.check(one.text, [one.source]).claims, gold=one.marked)


def doubt(claim: CheckedClaim) -> float | None:
    """Return how much a claim looks hallucinated, in [0, 1]; None where nothing was scored."""
    return None if claim.score is None else 1.0 - claim.score


def scored(case: Judged) -> detection.Scored:
    """Return whether an answer is hallucinated, and the doubt of its worst claim."""
    worst = max((d for c in case.claims if (d := doubt(c)) is not None), default=0.0)
    return bool(case.gold), worst


def decided(case: Judged, threshold: float | None = None) -> detection.Decision:
    """Return whether an answer is hallucinated, and whether that was said.

    It is said from a doubt of ``threshold`` on; None goes by the verdicts.
    """
    if threshold is None:
        return bool(case.gold), any(claim.verdict in _BAD for claim in case.claims)
    truth, value = scored(case)
    return truth, value >= threshold


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


def span_f1(answers: Sequence[Overlap]) -> float | None:
    """Return F1 of the characters of all answers together."""
    return sum(answers, start=Overlap()).f1 if answers else None


@dataclass(kw_only=True)
class Thresholds:
    """The doubts that give the best F1 on answers which may be fitted to."""

    fitted_on: list[Judged] = field(default_factory=list)
    _spans: dict[int, Overlap] = field(default_factory=dict)

    def spans(self, case: Judged) -> Overlap:
        """Count the marked characters of a case at the threshold; once, for every draw."""
        if id(case) not in self._spans:
            assert self.of_claims is not None
            self._spans[id(case)] = spans(case, self.of_claims)
        return self._spans[id(case)]

    @cached_property
    def of_answers(self) -> float | None:
        """The doubt from which on an answer is called hallucinated; None for no hallucination."""
        return detection.best_threshold([scored(case) for case in self.fitted_on])

    @cached_property
    def of_claims(self) -> float | None:
        """The doubt from which on a claim is called marked; None for no hallucination."""
        cases = self.fitted_on
        doubts = sorted({value for case in cases for _, value in claim_pairs(case)})
        if not doubts or not any(case.gold for case in cases):
            return None
        step = max(1, len(doubts) // _CANDIDATES)
        return max(
            doubts[::step], key=lambda at: span_f1([spans(case, at) for case in cases]) or 0.0
        )
