"""One background event loop for the process, and an async stream read from ordinary threads.

Model clients are async here because only an async read can be stopped while it waits for the
server: cancelling the task closes the connection at once, even on a stalled stream. Knows nothing
of models.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import queue
import threading
import traceback
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_owner = 0
"""The process that runs ``_loop``: a forked child has the object but not its thread."""


def background_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop of this process, started on first use in a daemon thread."""
    global _loop, _owner
    with _lock:
        if _loop is None or _owner != os.getpid():
            _loop, _owner = asyncio.new_event_loop(), os.getpid()
            threading.Thread(target=_loop.run_forever, name="chatbot-llm", daemon=True).start()
        return _loop


def _let_go(error: BaseException | None) -> None:
    """Drop what the frames of an error hold, here on the loop.

    They hold generators that read a connection. The garbage collector would end those in another
    thread while the loop ends them too, which raises "async generator already executing" there.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


@dataclass(frozen=True, slots=True)
class End:
    """The last thing a stream gives: how it ended."""

    error: BaseException | None = None
    """None after the last item; ``concurrent.futures.CancelledError`` after ``close``."""


class BackgroundStream(Generic[T]):
    """An async generator that runs on the background loop and is read here, item by item."""

    def __init__(self, make: Callable[[], AsyncGenerator[T, None]]) -> None:
        """Start it; ``make`` is called on the background loop."""
        self._items: queue.SimpleQueue[T | End] = queue.SimpleQueue()
        self._future = asyncio.run_coroutine_threadsafe(self._pump(make), background_loop())
        self._future.add_done_callback(self._ended)

    def next(self, timeout: float) -> T | End | None:
        """Return the next item, ``End``, or None when ``timeout`` seconds brought nothing."""
        try:
            return self._items.get(timeout=max(timeout, 0.0))
        except queue.Empty:
            return None

    def close(self) -> None:
        """Stop it: what it waits for is cancelled and its connection closed. From any thread."""
        self._future.cancel()

    async def _pump(self, make: Callable[[], AsyncGenerator[T, None]]) -> None:
        try:
            async with contextlib.aclosing(make()) as items:
                async for item in items:
                    self._items.put(item)
        except BaseException as error:
            _let_go(error)
            raise

    def _ended(self, future: concurrent.futures.Future[None]) -> None:
        stopped = future.cancelled()
        self._items.put(End(concurrent.futures.CancelledError() if stopped else future.exception()))
