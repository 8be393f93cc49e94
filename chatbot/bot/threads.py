"""Bridges blocking work to asyncio, each piece of it in a thread of its own.

Not the loop's executor: it has few threads, which answers that wait for a model would fill, and it
is waited for at exit, while these threads end with the process. Knows nothing of answers.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

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
    return await asyncio.wrap_future(_start(work))


def _start(work: Callable[[], Result]) -> Future[Result]:
    done: Future[Result] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            with known_errors():
                done.set_result(work())
        except ChatbotError as error:
            done.set_exception(error)

    # In the caller's context, so that a trace knows what the work belongs to.
    threading.Thread(target=copy_context().run, args=(run,), name="work", daemon=True).start()
    return done


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
    loop = asyncio.get_running_loop()
    news: asyncio.Queue[tuple[Item] | Future[None]] = asyncio.Queue()
    stopped: Future[None] = Future()
    stopped.set_result(None)

    def tell(one: tuple[Item] | Future[None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has ended, nobody reads on
            loop.call_soon_threadsafe(news.put_nowait, one)

    def run() -> None:
        for item in start():
            tell((item,))

    forget = cancel.call_on_set(lambda: tell(stopped))
    _start(run).add_done_callback(tell)
    over: Future[None] | None = None
    try:
        while over is None:
            batch: list[Item] = []
            while over is None and not (batch and news.empty()):
                one = await news.get()
                if isinstance(one, Future):
                    over = one
                else:
                    batch += one
            if batch:
                yield batch
            if over is None:
                await asyncio.sleep(interval)
    finally:
        forget()
        cancel.set()
    over.result()
