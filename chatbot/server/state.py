"""What the routes share: the bot as the person asking sees it, the slots, the metrics.

One object for each application, found through ``app.state``. Used by the routes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, cast

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
    """Of the model that answers; None where it is not examined."""
    shared_page: Callable[[SharedConversation | None, str], str] | None = None
    """Makes the page of what a link shows, None where it shows nothing, in a language that an
    Accept-Language header names; the web page, where there is one, puts it here."""
    _views: OrderedDict[str, Chatbot] = field(default_factory=OrderedDict)

    def view(self, owner: str | None) -> Chatbot:
        """Return the bot as a person sees it. What they see is remembered in it."""
        if owner is None:
            return self.bot
        view = self._views.pop(owner, None) or self.bot.for_owner(owner)
        self._views[owner] = view
        if len(self._views) > MOST_PEOPLE:
            self._views.popitem(last=False)
        return view


def state_of(scope: Scope) -> ServerState:
    """Return the state of the application that a request came to."""
    return cast("ServerState", scope["app"].state.chatbot)


def _state(request: Request) -> ServerState:
    return state_of(request.scope)


def _operator(request: Request) -> Chatbot:
    if request.scope[OWNER] is not None:
        raise NotAllowed("Only the command line of the server's own machine may do this.")
    return state_of(request.scope).bot


def _person(request: Request) -> Chatbot:
    return state_of(request.scope).view(request.scope[OWNER])


State = Annotated[ServerState, Depends(_state)]
PersonsBot = Annotated[Chatbot, Depends(_person)]
"""The bot that a route uses: it sees what the person asking may see."""
OperatorsBot = Annotated[Chatbot, Depends(_operator)]
"""The bot of a route that only the operator may use."""
