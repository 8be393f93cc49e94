"""Stopping work from another thread: ``Cancel`` (somebody's wish) and ``Deadline`` (the clock).

Knows nothing of models or HTTP.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Cancel:
    """A wish to stop that any thread may express once and any thread may see.

    Callbacks run in the thread that calls ``set``: keep them short and let them raise nothing.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: dict[int, Callable[[], object]] = {}
        self._next = 0

    def set(self) -> None:
        """Ask for the stop. A second call does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            callbacks = list(self._callbacks.values())
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    def is_set(self) -> bool:
        """Return whether the stop was asked for."""
        return self._event.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the stop for at most ``timeout`` seconds; return whether it was asked for."""
        return self._event.wait(timeout)

    def call_on_set(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Run ``callback`` when the stop is asked for, at once if it was already.

        Returns:
            A function that takes the callback back.
        """
        with self._lock:
            if not self._event.is_set():
                number = self._next
                self._next += 1
                self._callbacks[number] = callback

                def forget() -> None:
                    with self._lock:
                        self._callbacks.pop(number, None)

                return forget
        callback()
        return lambda: None


class Deadline:
    """A moment by which something must be over, shared by all the calls of one answer."""

    def __init__(self, seconds: float) -> None:
        """Start the clock.

        Args:
            seconds: from now.
        """
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, never below 0."""
        return max(0.0, self._end - time.monotonic())
