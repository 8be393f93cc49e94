"""Collections: making, changing and deleting them; the list of documents carries them along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from chatbot.errors import NotAllowed
from chatbot.types import Collection
from chatbot.ui.handlers.calls import Handler, answered
from chatbot.ui.handlers.requests import field, names, person_of, texts_of
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

    def create_collection(self, event: gr.EventData, request: gr.Request) -> View:
        """Make a collection of some ``documents``; its id is returned as ``made``."""
        name, documents = field(event, "name"), names(event, "documents") or ()

        def work(kept: Collections) -> View:
            return {"made": kept.create(name, documents).id}

        return self._changed(request, work)

    def change_collection(self, event: gr.EventData, request: gr.Request) -> View:
        """Give a collection another ``name``, ``put`` documents into it, ``take`` some out."""
        collection = field(event, "collection")
        put, take = names(event, "put") or (), names(event, "take") or ()

        def work(kept: Collections) -> View:
            kept.change(collection, rename=field(event, "name") or None, put=put, take=take)
            return {}

        return self._changed(request, work)

    def delete_collection(self, event: gr.EventData, request: gr.Request) -> View:
        """Delete a collection; its documents stay."""

        def work(kept: Collections) -> View:
            kept.delete(field(event, "collection"))
            return {}

        return self._changed(request, work)

    def _changed(self, request: gr.Request, work: Callable[[Collections], View]) -> View:
        bot, texts = self.bot.for_owner(person_of(request)), texts_of(request)

        def all_of_it() -> View:
            if not bot.owner:  # as everybody's it would be everybody's to change, too
                raise NotAllowed(texts.text("no_cookie"))
            told = work(bot.collections)
            return told | {"collections": [collection_view(one) for one in bot.collections.list()]}

        return answered(all_of_it)


def collection_view(collection: Collection) -> View:
    """Return a collection for the page; ``own`` ones can be changed."""
    return {
        "id": collection.id,
        "name": collection.name,
        "own": bool(collection.owner),
        "documents": list(collection.documents),
    }
