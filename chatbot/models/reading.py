"""The reader's contract: what a network says of sentences that may answer a question.

``Reader`` is the seam: whoever brings another network implements it. Knows no store, no threshold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chatbot.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence in its passage: ``passage[start:start + len(text)] == text``."""

    text: str
    passage: str
    """The text that is read around it."""
    start: int
    sentences: tuple[Span, ...] = ()
    """The places of all sentences of the passage, in order; empty where they are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the network says of one candidate, as logits."""

    sentence: float
    """That the sentence answers."""
    lead: float
    """How far the sentence is ahead of the others that were read with it."""
    answers: float
    """That the passage answers."""
    span_score: float
    """Of the best short answer in the sentence, against "no answer"."""
    span: Span | None
    """Where that short answer stands in the candidate's text; None if no token was read."""


class Reader(Protocol):
    """Reads question and passage together."""

    @property
    def fit(self) -> Mapping[str, Any]:
        """What was fitted to the network's numbers: regressions and thresholds, as JSON values."""
        ...

    def read(self, question: str, candidates: Sequence[Candidate]) -> list[Reading]:
        """Read every candidate in its passage, in order.

        Args:
            question: standing alone.
            candidates: the sentences that may answer; those of one passage are read together.

        Raises:
            ModelError: if the weights are missing or changed (on first use).
        """
        ...

    def unusable(self, error: Exception) -> Exception:
        """Return what to raise where ``fit`` cannot be used."""
        ...
