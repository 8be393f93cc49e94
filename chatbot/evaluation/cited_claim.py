"""A claim of an answer beside what it cites: what scorers and judge look at, and a run keeps."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types import Verdict


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
