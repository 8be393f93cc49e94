"""Why a question was answered or refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AnchorKind(StrEnum):
    """What kind of thing a question names."""

    IDENTIFIER = "identifier"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a question names and the evidence must have."""

    text: str
    """As the question writes it."""
    kind: AnchorKind
    found: bool
    """Whether the evidence has it."""
    where: str | None = None
    """Where the best sentence has it: ``sentence``, ``before`` (what it leans on), ``heading``,
    ``title``; None if it was not found, or stands in other sentences only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A sentence that was weighed, and P(it answers, if any does)."""

    document_id: str
    index: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether and with which sentences a question is answered, and why."""

    p_answered: float
    """P(the documents answer) in [0, 1], computed once."""
    anchors: tuple[Anchor, ...] = ()
    considered: tuple[Considered, ...] = ()
    """The sentences that were weighed, likeliest first."""

    @property
    def missing(self) -> tuple[Anchor, ...]:
        """The anchors that the evidence lacks."""
        return tuple(anchor for anchor in self.anchors if not anchor.found)
