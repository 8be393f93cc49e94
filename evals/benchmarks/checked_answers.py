"""Checked answers beside what annotators marked in them.

The score of a claim is P(supported); here 1 minus it, the doubt, is how much it looks hallucinated,
and an answer looks as bad as its worst claim. Headings and glue, without a score, count nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.types import CheckedClaim, Verdict
from evals.benchmarks.benchmark import BenchmarkCase, once
from evals.benchmarks.formulas import Decision, Overlap, Place, Scored, overlap

_BAD = (Verdict.PARTLY, Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A text that was written from a source, and the places in it that annotators marked."""

    text: str
    source: str
    marked: tuple[Place, ...]
    source_id: str = ""
    """Responses to one source hang together."""
    task: str = ""
    split: str = ""
    family: str = ""
    """Who made the model that wrote it."""

    def case(self, store: str = "") -> BenchmarkCase:
        """Return it as a case, to be checked against its source."""
        return BenchmarkCase(question=self.text, gold=self, group=self.source_id, store=store)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The checked claims of a response, beside its marked places."""

    claims: tuple[CheckedClaim, ...]
    gold: tuple[Place, ...]

    @cached_property
    def doubts(self) -> list[tuple[Place, float]]:
        """The place and the doubt, in [0, 1], of each claim that has a score."""
        return [((c.start, c.end), 1.0 - c.score) for c in self.claims if c.score is not None]

    @cached_property
    def scored(self) -> Scored:
        """Whether the answer is hallucinated, and the doubt of its worst claim."""
        return bool(self.gold), max((doubt for _, doubt in self.doubts), default=0.0)

    @cached_property
    def decided(self) -> Decision:
        """Whether the answer is hallucinated, and whether a verdict says so."""
        return bool(self.gold), any(claim.verdict in _BAD for claim in self.claims)

    @cached_property
    def claim_pairs(self) -> list[Scored]:
        """For each scored claim whether a marked place reaches into it, and its doubt."""
        return [(bool(overlap([place], self.gold).common), doubt) for place, doubt in self.doubts]

    def spans(self, threshold: float) -> Overlap:
        """Count the marked characters: whole claims from a doubt on are called marked."""
        return overlap([place for place, doubt in self.doubts if doubt >= threshold], self.gold)


@once
def judged(asked: AnsweredCase, one: Response) -> Judged:
    """Check a response against its source."""
    return Judged(claims=asked.check(one.text, [one.source]).claims, gold=one.marked)
