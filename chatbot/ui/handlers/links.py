"""Read-only links to a conversation: making, listing and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from chatbot.errors import NotAllowed
from chatbot.types import SharedLink
from chatbot.ui.handlers.calls import Handler, answered
from chatbot.ui.handlers.requests import field, person_of, texts_of
from chatbot.ui.places import View

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.store import Links


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
