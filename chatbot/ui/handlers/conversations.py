"""Saved conversations: list, open, rename, delete, rate and export them; and links to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from chatbot.errors import NotAllowed
from chatbot.types import Conversation, SavedTurn, SharedLink
from chatbot.ui.draft import drafted
from chatbot.ui.export import export
from chatbot.ui.handlers.calls import Handler, answered, field, person_of, texts_of
from chatbot.ui.places import View
from chatbot.ui.render import turn_view
from chatbot.ui.texts import Texts

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.store import Conversations, Links

_RATINGS = {"up": 1, "down": -1, "": None}


@dataclass(frozen=True, slots=True)
class ConversationHandlers:
    """The calls of the page about saved conversations: each is answered, if only by ``error``."""

    bot: Chatbot

    @property
    def calls(self) -> tuple[Handler, ...]:
        """All of them."""
        return (
            self.list_conversations,
            self.open_conversation,
            self.rename_conversation,
            self.delete_conversation,
            self.rate_turn,
            self.export_conversation,
        )

    @answered
    def list_conversations(self, event: gr.EventData, request: gr.Request) -> View:
        """Return this person's conversations, the latest first; ``query`` searches them."""
        found = self._of(request).list(field(event, "query"))
        return {"conversations": [conversation_view(one) for one in found if one.turn_count]}

    @answered
    def open_conversation(self, event: gr.EventData, request: gr.Request) -> View:
        """Return a conversation with its turns, as they were."""
        kept, conversation_id = self._of(request), field(event, "conversation")
        texts = texts_of(request)
        turns = [saved_view(turn, texts) for turn in kept.turns(conversation_id)]
        return {"conversation": conversation_view(kept.get(conversation_id)), "turns": turns}

    @answered
    def rename_conversation(self, event: gr.EventData, request: gr.Request) -> View:
        """Give a conversation another title, and return its row."""
        renamed = self._of(request).rename(field(event, "conversation"), field(event, "title"))
        return {"conversation": conversation_view(renamed)}

    @answered
    def delete_conversation(self, event: gr.EventData, request: gr.Request) -> View:
        """Delete a conversation with all that is in it."""
        conversation_id = field(event, "conversation")
        self._of(request).delete(conversation_id)
        return {"deleted": conversation_id}

    @answered
    def rate_turn(self, event: gr.EventData, request: gr.Request) -> View:
        """Keep what a person thinks of an answer: ``rating`` is up, down or empty."""
        turn_id, rating, remark = (field(event, name) for name in ("turn", "rating", "remark"))
        self._of(request).rate(turn_id, _RATINGS[rating], remark)
        return {"rating": rating, "remark": remark}

    @answered
    def export_conversation(self, event: gr.EventData, request: gr.Request) -> View:
        """Return a conversation, or one ``turn`` of it, as a file: ``name``, ``type``, ``text``."""
        kept, conversation_id = self._of(request), field(event, "conversation")
        turn_id, form = field(event, "turn"), field(event, "format")
        turns = [turn for turn in kept.turns(conversation_id) if turn_id in ("", turn.id)]
        found = kept.get(conversation_id)
        made = export(found, turns, form, texts_of(request), alone=bool(turn_id))
        return {"name": made.name, "type": made.media_type, "text": made.text}

    def _of(self, request: gr.Request) -> Conversations:
        return self.bot.for_owner(person_of(request)).conversations


def conversation_view(conversation: Conversation) -> View:
    """Return one row of the list of conversations."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "updated": conversation.updated,
        "collection": conversation.collection or "",
    }


def saved_view(turn: SavedTurn, texts: Texts) -> View:
    """Return a saved turn for the page, with what the person thought of it."""
    rating = {1: "up", -1: "down", None: ""}[turn.rating]
    kept = {"saved": True, "rating": rating, "remark": turn.remark}
    documents = None if turn.documents is None else list(turn.documents)
    return turn_view(drafted(turn), texts) | kept | {"documents": documents}


@dataclass(frozen=True, slots=True)
class LinkHandlers:
    """The calls of the page about links: each is answered, if only by ``error``."""

    bot: Chatbot

    @property
    def calls(self) -> tuple[Handler, ...]:
        """All of them."""
        return (self.list_links, self.create_link, self.revoke_link)

    @answered
    def list_links(self, event: gr.EventData, request: gr.Request) -> View:
        """Return the links to a ``conversation`` that still work."""
        found = self._of(request).list(field(event, "conversation"))
        return {"links": [_link_view(one) for one in found]}

    @answered
    def create_link(self, event: gr.EventData, request: gr.Request) -> View:
        """Make a link to a ``conversation``, and return it with its ``token``, this once."""
        if not self.bot.settings.share_links:
            raise NotAllowed(texts_of(request).text("share_off"))
        made = self._of(request).create(field(event, "conversation"))
        return {"link": _link_view(made), "token": made.token}

    @answered
    def revoke_link(self, event: gr.EventData, request: gr.Request) -> View:
        """Take a ``link`` back."""
        link = field(event, "link")
        self._of(request).revoke(link)
        return {"revoked": link}

    def _of(self, request: gr.Request) -> Links:
        return self.bot.for_owner(person_of(request)).links


def _link_view(link: SharedLink) -> View:
    return {"id": link.id, "expires": link.expires}
