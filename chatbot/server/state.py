"""What the routes share: the bot as the person asking sees it, the slots, the metrics.

One object for each application, found through ``app.state``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, cast

from cachetools import LRUCache
from fastapi import Depends, Request
from starlette.types import Scope

from chatbot.bot import Chatbot
from chatbot.bot.model_doctor import Examination
from chatbot.errors import NotAllowed
from chatbot.server.access.credentials import Credentials
from chatbot.server.access.limits import Limits
from chatbot.server.owner import OWNER
from chatbot.server.slots import Slots
from chatbot.server.watching.metrics import Metrics
from chatbot.server.watching.tracing import Tracing
from chatbot.types import SharedConversation

MOST_PEOPLE: Final = 256
"""People whose view of the documents is kept at hand."""


@dataclass(slots=True)
class ServerState:
    """What one application works with."""

    bot: Chatbot
    slots: Slots
    metrics: Metrics
    credentials: Credentials
    limits: Limits
    tracing: Tracing
    examination: Examination | None = None
    """The test of the model that answers; None where it is not tested."""
    shared_page: Callable[[SharedConversation | None, str], str] | None = None
    """Makes the page of what a link shows, None where it shows nothing, in a language that an
    Accept-Language header names; the web page, where there is one, puts it here."""
    _views: LRUCache[str, Chatbot] = field(default_factory=lambda: LRUCache(MOST_PEOPLE))
    _views_lock: threading.Lock = field(default_factory=threading.Lock)

    def view(self, owner: str | None) -> Chatbot:
        """Return the bot as a person sees it. What they see is remembered in it."""
        if owner is None:
            return self.bot
        with self._views_lock:
            view = self._views.get(owner)
            if view is None:
                view = self._views[owner] = self.bot.for_owner(owner)
            return view


def state_of(scope: Scope) -> ServerState:
    """Return the state of the application that a request came to."""
    return cast("ServerState", scope["app"].state.chatbot)


def _state(request: Request) -> ServerState:
    return state_of(request.scope)


def _operator(request: Request) -> Chatbot:
    if request.scope[OWNER] is not None:
        raise NotAllowed("Only the command line on the server's machine may do this.")
    return state_of(request.scope).bot


def _person(request: Request) -> Chatbot:
    return state_of(request.scope).view(request.scope[OWNER])


State = Annotated[ServerState, Depends(_state)]
PersonsBot = Annotated[Chatbot, Depends(_person)]
"""The bot that a route uses: it sees what the person asking may see."""
OperatorsBot = Annotated[Chatbot, Depends(_operator)]
"""The bot of a route that only the operator may use."""
