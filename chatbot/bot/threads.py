"""Bridges blocking work to asyncio, each piece of it in a thread of its own.

Not the loop's executor: it has few threads, which answers that wait for a model would fill, and it
is waited for at exit, while these threads end with the process. Knows nothing of answers.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from typing import Generic, TypeVar

from chatbot.errors import ChatbotError, known_errors
from chatbot.models.cancel import Cancel

Item = TypeVar("Item")

Result = TypeVar("Result")

INTERVAL = 0.05
"""Seconds between two batches. The page is sent at most 20 states a second: more only costs."""


async def in_thread(work: Callable[[], Result]) -> Result:
    """Return what blocking ``work`` returns. Cancelling the task leaves it to end alone.

    Raises:
        ChatbotError: what it raised; every other error has become an InternalError.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def tell(result: Result | None, error: ChatbotError | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: Result | None = None
        failure: ChatbotError | None = None
        try:
            with known_errors():
                result = work()
        except ChatbotError as error:
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, result, failure)

    _start(run, name="work")
    return await done


def _start(work: Callable[[], None], *, name: str) -> None:
    # In the caller's context, so that a trace knows what the work belongs to.
    thread = threading.Thread(target=copy_context().run, args=(work,), name=name, daemon=True)
    thread.start()


async def batches(
    start: Callable[[], Iterator[Item]], *, cancel: Cancel, interval: float = INTERVAL
) -> AsyncGenerator[list[Item]]:
    """Yield what a blocking iterator gives, gathered over ``interval`` seconds, as it comes.

    ``start`` makes the iterator, which runs in a thread of its own and watches ``cancel``. Once
    that is set no more is waited for, even if the iterator does not see it yet; leaving the loop
    early, for whatever reason, sets it. ``interval`` is the least time between two batches.

    Raises:
        ChatbotError: what the iterator raised; every other error has become an InternalError.
    """
    pump = _Pump(start, asyncio.get_running_loop())
    _start(pump.run, name="answer")
    forget = cancel.call_on_set(pump.end)
    try:
        while batch := await pump.next_batch():
            yield batch
            await asyncio.sleep(interval)
    finally:
        forget()
        cancel.set()
    if pump.error is not None:
        raise pump.error


class _Pump(Generic[Item]):
    """Moves items from the thread into the loop."""

    def __init__(
        self, start: Callable[[], Iterator[Item]], loop: asyncio.AbstractEventLoop
    ) -> None:
        self.error: ChatbotError | None = None
        self._start = start
        self._loop = loop
        self._items: list[Item] = []
        self._news = asyncio.Event()
        self._over = False

    def run(self) -> None:
        try:
            with known_errors():
                for item in self._start():
                    self._tell(item)
        except ChatbotError as error:
            self.error = error
        self.end()

    def end(self) -> None:
        """Say, from any thread, that nothing more is to be waited for."""
        self._tell()

    async def next_batch(self) -> list[Item]:
        """Return the items since the last call, waiting for one; empty when all is over."""
        while not self._items and not self._over:
            self._news.clear()
            await self._news.wait()
        batch, self._items = self._items, []
        return batch

    def _tell(self, *items: Item) -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has ended, nobody reads on
            self._loop.call_soon_threadsafe(self._take, items)

    def _take(self, items: tuple[Item, ...]) -> None:
        self._items.extend(items)
        self._over = self._over or not items
        self._news.set()
