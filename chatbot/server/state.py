"""What the routes share: the bot as the person asking sees it, the slots, the metrics.

One object for each application, found through ``app.state``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Final, TypeVar, cast
from uuid import uuid4

from fastapi import Depends, Request
from starlette.types import Scope

from chatbot.bot import Chatbot
from chatbot.bot.model_doctor import Examination
from chatbot.bot.threads import in_thread
from chatbot.errors import NotAllowed, ServerBusy
from chatbot.server.access import OWNER
from chatbot.server.access.limits import Limits
from chatbot.server.access.people import Credentials
from chatbot.server.watching import Metrics, Tracing
from chatbot.types import SharedConversation

MOST_PEOPLE: Final = 256
"""People whose view of the documents is kept at hand."""
Result = TypeVar("Result")


class Slots:
    """A queue with an end: so many answers run, so many wait, and the next one is told to go.

    Used from the server's event loop alone.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self.name = uuid4().hex
        """What other servers of the store know it by."""
        self.waiting = 0
        self.elsewhere = 0
        """How many wait at other servers of the store; the end of the queue is one for all."""
        self.running = 0
        self.closed = False
        """Set when the server stops: nothing new is begun."""

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot for the time of a block; wait for it first."""
        self.refuse_when_closed()
        if self._free.locked() and self.waiting + self.elsewhere >= self._most_waiting:
            raise ServerBusy("Too many questions are waiting already; try again in a moment.")
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            self.refuse_when_closed()
            yield
        finally:
            self.running -= 1
            self._free.release()

    def refuse_when_closed(self) -> None:
        """Raise ServerBusy where the server stops."""
        if self.closed:
            raise ServerBusy("The server is stopping; try again in a moment.")


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
    _view: Callable[[str], Chatbot] = field(init=False)

    def __post_init__(self) -> None:
        self._view = lru_cache(MOST_PEOPLE)(self.bot.for_owner)

    def view(self, owner: str | None) -> Chatbot:
        """Return the bot as a person sees it. What they see is remembered in it."""
        return self.bot if owner is None else self._view(owner)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what blocking work returns, done in a slot."""
        async with self.slots.slot():
            return await in_thread(work)


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
