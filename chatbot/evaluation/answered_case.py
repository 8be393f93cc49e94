"""A case that was asked: its answer and everything a scorer may look at. Scorers see no bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatbot.evaluation.cases import Case
from chatbot.evaluation.gold_evidence import GoldQuote
from chatbot.types import Answer, RetrievedSentence, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClaim:
    """A claim of the answer, held against the sentences it cites."""

    text: str
    cited: tuple[str, ...]
    """The cited sentences."""
    verdict: Verdict
    """Of the offline check against ``cited`` alone; unsupported where nothing is cited."""
    score: float | None = None
    """P(supported) by the same check; None for quotes and for claims without citation."""
    judged: bool | None = None
    """Whether the judge finds it supported; None where it was not asked or did not answer."""
    judge_why: str = ""
    cites_gold: bool = False

    @property
    def supported(self) -> bool:
        """Whether the offline check finds it supported."""
        return self.verdict in (Verdict.QUOTED, Verdict.SUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredCase:
    """One case with its answer."""

    case: Case
    gold: tuple[GoldQuote, ...]
    answer: Answer
    found: tuple[RetrievedSentence, ...] = ()
    """What ``search`` finds for the answer's search query, best first."""
    found_by_rewrite: tuple[RetrievedSentence, ...] | None = None
    """The same for the person's rewrite; None where the case has none."""
    claims: tuple[CitedClaim, ...] = ()
    false_citations: tuple[str, ...] = ()
    """One sentence for each citation whose text is not what the store holds at its place."""
    history: tuple[tuple[str, str], ...] = field(default=())
    """(role, content) as asked, the chatbot's own replies filled in."""
    mode: str = "extractive"
    """What was to answer; ``answer.mode`` is what did."""
    seconds: float = 0.0
    price: tuple[float, float] | None = None
