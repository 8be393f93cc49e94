"""What retrieval hands to the reader: sentences that may answer, with what is known of each.

Plain values between the two; a reader may use the texts, the signals or both.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """How a sentence and its surroundings fit the query, each about 0 to 1."""

    dense: float
    """Cosine of query and sentence."""
    chunk_dense: float
    """Cosine of query and chunk."""
    coverage: float
    """Share of the query's terms, weighted by rarity, that stand in the sentence."""
    with_before: float
    """The same for the sentence and the one before it."""
    in_chunk: float
    """The same for its chunk."""
    phrases: float
    """Share of the query's word pairs that stand side by side in the sentence."""
    neighbour: float
    """``dense + coverage`` of the best sentence of its chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence in its passage: ``passage[start:start + len(text)] == text``."""

    text: str
    passage: str
    """The text of its chunk."""
    start: int
    score: float
    """The fused retrieval score: comparable within one query only."""
    signals: Signals
    sentences: tuple[Span, ...] = ()
    """The places of all sentences of the passage, in order; empty where they are not known."""
    heading: bool = False
    """The sentence is a heading: it names what is said below and says nothing itself."""
