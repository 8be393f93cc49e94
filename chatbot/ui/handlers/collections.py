"""Collections: making, changing and deleting them; the list of documents carries them along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from chatbot.errors import NotAllowed
from chatbot.types import Collection
from chatbot.ui.handlers.calls import Handler, answered, field, names, person_of, texts_of
from chatbot.ui.places import View

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.store import Collections


@dataclass(frozen=True, slots=True)
class CollectionHandlers:
    """The calls of the page about collections: each returns all of them, or an ``error``."""

    bot: Chatbot

    @property
    def calls(self) -> tuple[Handler, ...]:
        """All of them."""
        return (self.create_collection, self.change_collection, self.delete_collection)

    @answered
    def create_collection(self, event: gr.EventData, request: gr.Request) -> View:
        """Make a collection of some ``documents``; its id is returned as ``made``."""
        kept = self._own(request)
        made = kept.create(field(event, "name"), names(event, "documents") or ())
        return {"made": made.id} | _all(kept)

    @answered
    def change_collection(self, event: gr.EventData, request: gr.Request) -> View:
        """Give a collection another ``name``, ``put`` documents into it, ``take`` some out."""
        kept = self._own(request)
        kept.change(
            field(event, "collection"),
            rename=field(event, "name") or None,
            put=names(event, "put") or (),
            take=names(event, "take") or (),
        )
        return _all(kept)

    @answered
    def delete_collection(self, event: gr.EventData, request: gr.Request) -> View:
        """Delete a collection; its documents stay."""
        kept = self._own(request)
        kept.delete(field(event, "collection"))
        return _all(kept)

    def _own(self, request: gr.Request) -> Collections:
        bot = self.bot.for_owner(person_of(request))
        if not bot.owner:  # as everybody's it would be everybody's to change, too
            raise NotAllowed(texts_of(request).text("no_cookie"))
        return bot.collections


def _all(kept: Collections) -> View:
    return {"collections": [collection_view(one) for one in kept.list()]}


def collection_view(collection: Collection) -> View:
    """Return a collection for the page; ``own`` ones can be changed."""
    return {
        "id": collection.id,
        "name": collection.name,
        "own": bool(collection.owner),
        "documents": list(collection.documents),
    }
