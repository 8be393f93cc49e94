"""What the store keeps of people: conversations, collections, links, tokens and their use.

A moment is a string in ISO 8601, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation of one person, without its turns."""

    id: str
    title: str
    created: str
    updated: str
    """When its last turn was added or it was renamed."""
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
    documents: tuple[str, ...] | None = None
    """Ids of the documents that the question was limited to; None where it was not."""
    rating: int | None = None
    """1 for thumbs up, -1 for thumbs down, None where there is no feedback."""
    remark: str = ""
    """What the person wrote with the rating."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A named set of documents."""

    id: str
    name: str
    created: str
    owner: str = ""
    """The person it belongs to, as the server names people; empty where it is everybody's."""
    documents: tuple[str, ...] = ()
    """Ids of those of its documents that the person asking sees, oldest first."""

    @property
    def shared(self) -> bool:
        """Whether it is everybody's, or only of whoever made it."""
        return not self.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLink:
    """A read-only link to a conversation as it was when the link was made."""

    id: str
    conversation_id: str
    created: str
    expires: str
    """When it stops to work."""
    token: str = ""
    """What opens it; known only when the link is made, since a hash of it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedConversation:
    """What a link shows: a conversation as it was when the link was made."""

    title: str
    turns: tuple[SavedTurn, ...]
    created: str
    """When the link was made."""
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as it is kept: never the token itself."""

    name: str
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """What one owner has used in one day."""

    owner: str
    """``token:NAME``; "" is everybody without a token together."""
    day: str
    """``2026-11-24``, UTC."""
    requests: int
    tokens: int
    """The tokens of the model, in and out."""
    minute: int
    """The last minute with a request, counted since 1970."""
    minute_requests: int
