"""Stopping work from another thread: ``Cancel`` (somebody's wish) and ``Deadline`` (the clock).

Knows nothing of models or HTTP.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress


class Cancel(threading.Event):
    """A wish to stop that any thread may express once, with ``set``, and any thread may see.

    Callbacks run in the thread that calls ``set``: keep them short and let them raise nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], object]] = []

    def set(self) -> None:
        """Ask for the stop. A second call does nothing."""
        with self._lock:
            super().set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def call_on_set(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Run ``callback`` when the stop is asked for, at once if it was already.

        Returns:
            A function that takes the callback back.
        """
        with self._lock:
            waits = not self.is_set()
            if waits:
                self._callbacks.append(callback)
        if not waits:
            callback()

        def forget() -> None:
            with self._lock, suppress(ValueError):
                self._callbacks.remove(callback)

        return forget


class Deadline:
    """A moment by which something must be over, shared by all the calls of one answer."""

    def __init__(self, seconds: float) -> None:
        """Start the clock: so many seconds from now."""
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, never below 0."""
        return max(0.0, self._end - time.monotonic())
