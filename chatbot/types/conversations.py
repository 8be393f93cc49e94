"""Conversations as they are kept: turns with their answers, and what people thought of them."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation of one person, without its turns."""

    id: str
    title: str
    created: str
    """ISO 8601, UTC."""
    updated: str
    """When its last turn was added or it was renamed: ISO 8601, UTC."""
    turn_count: int
    collection: str | None = None
    """Id of the collection that its last question was limited to; None where it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTurn:
    """A question with its answer as it was given: citations and verdicts stay as they were."""

    id: str
    conversation_id: str
    question: str
    answer: Answer
    asked: str
    """ISO 8601, UTC."""
    documents: tuple[str, ...] | None = None
    """Ids of the documents that the question was limited to; None where it was not."""
    rating: int | None = None
    """1 for thumbs up, -1 for thumbs down, None where there is no feedback."""
    remark: str = ""
    """What the person wrote with the rating."""
