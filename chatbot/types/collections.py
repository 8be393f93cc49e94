"""Collections of documents, and links to conversations, as they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.types.conversations import SavedTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A named set of documents."""

    id: str
    name: str
    created: str
    """ISO 8601, UTC."""
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
    """ISO 8601, UTC."""
    expires: str
    """When it stops to work: ISO 8601, UTC."""
    token: str = ""
    """What opens it; known only when the link is made, since a hash of it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedConversation:
    """What a link shows: a conversation as it was when the link was made."""

    title: str
    turns: tuple[SavedTurn, ...]
    created: str
    """When the link was made: ISO 8601, UTC."""
    expires: str
