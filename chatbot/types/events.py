"""What a streamed answer is made of."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types.answers import Answer, Citation, Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPrompt:
    """The model was asked and reads; nothing of its answer is there yet."""

    tokens: int
    """About how many it has to read."""
    part: int = 1
    """Which part of a long document it reads, from 1."""
    parts: int = 1
    """How many parts it is asked about, one after the other, before it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    """A piece of the answer. Never half a marker."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerResolved:
    """A marker that just streamed points to this citation."""

    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChecked:
    """A claim that is complete, with its verdict."""

    claim: Claim
    citations: tuple[Citation, ...] = ()
    """The citations its markers point to, those found by the check included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The model failed: all that was streamed so far is void, and the answer begins again."""

    reason: str


AnswerEvent = ReadingPrompt | TextDelta | MarkerResolved | ClaimChecked | Restarted | Answer
"""What ``stream`` yields; the Answer comes last, once."""
