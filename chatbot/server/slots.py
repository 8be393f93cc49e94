"""How much is done at once: so many answers run, so many wait, and the next one is told to go.

Knows nothing of answers. One object for the whole server, used from its event loop alone; what
waits at other servers of the same store is told to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from chatbot.errors import ServerBusy


class Slots:
    """A queue with an end."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        """Take the two limits."""
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
        self._refuse_when_closed()
        if self._free.locked() and self.waiting + self.elsewhere >= self._most_waiting:
            raise ServerBusy("Too many questions are waiting already; try again in a moment.")
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            self._refuse_when_closed()
            yield
        finally:
            self.running -= 1
            self._free.release()

    def _refuse_when_closed(self) -> None:
        if self.closed:
            raise ServerBusy("The server is stopping; try again in a moment.")
