"""One background event loop for the process, and an async stream read from ordinary threads.

Model clients are async here because only an async read can be stopped while it waits for the
server: cancelling the task closes the connection at once, even on a stalled stream. Knows nothing
of models.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import threading
import traceback
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}
"""By process: a forked child has its parent's loop, but not the thread that runs it."""


def background_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop of this process, started on first use in a daemon thread."""
    with _lock:
        if (loop := _loops.get(os.getpid())) is None:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="chatbot-llm", daemon=True).start()
        return loop


class BackgroundStream(Generic[T]):
    """An async generator that runs on the background loop and is read here, item by item."""

    def __init__(self, make: Callable[[], AsyncGenerator[T, None]]) -> None:
        """Start it; ``make`` is called on the background loop."""
        self._items: queue.SimpleQueue[T | Future[None]] = queue.SimpleQueue()
        self._future = asyncio.run_coroutine_threadsafe(self._pump(make), background_loop())
        self._future.add_done_callback(self._items.put)

    def next(self, timeout: float) -> T | Future[None] | None:
        """Return the next item; None when ``timeout`` seconds brought nothing.

        The last one is a future that is done. It holds the error, or was cancelled by ``close``.
        """
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


def _let_go(error: BaseException | None) -> None:
    """Drop what the frames of an error hold, here on the loop.

    They hold generators that read a connection. The garbage collector would end those in another
    thread while the loop ends them too, which raises "async generator already executing" there.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
