"""When a failed call is tried again, and when a failing server is left alone for a while.

Knows nothing of HTTP or of LangChain, only how a call failed.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from chatbot.errors import LLMError, LLMUnavailable

TRIES = 2
LONGEST_WAIT = 10.0
"""Seconds; a server that asks for more gets no second call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a call failed, and whether asking again may help."""

    error: LLMError
    retryable: bool = False
    retry_after: float | None = None
    """Seconds the server asks to wait; None when it did not say."""


def pause_before_retry(
    failure: Failure, *, attempt: int, took: float, remaining: float
) -> float | None:
    """Return the seconds to wait before the next try, or None when there is to be none.

    Args:
        failure: of the last try.
        attempt: number of that try, from 1.
        took: seconds of that try: who has waited long already is not made to wait again.
        remaining: seconds left for the whole answer.
    """
    if not failure.retryable or attempt >= TRIES or took > LONGEST_WAIT:
        return None
    if failure.retry_after is None:
        pause = random.uniform(0.2, 0.6) * attempt
    elif failure.retry_after <= LONGEST_WAIT:
        pause = failure.retry_after + random.uniform(0.0, 0.1)
    else:
        return None
    return pause if pause < remaining else None


class Breaker:
    """Opens after many failures in a short time: then calls fail at once, for a while.

    Without it each user waits a full timeout for a server that is known to be down.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        within: float = 30.0,
        pause: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start closed.

        Args:
            failures: how many open it.
            within: seconds in which they must fall.
            pause: seconds for which it stays open.
            clock: seconds from anywhere, never running back.
        """
        self._recent: deque[float] = deque(maxlen=failures)
        self._within = within
        self._pause = pause
        self._clock = clock
        self._closed_again = float("-inf")
        self._lock = threading.Lock()

    def check(self) -> None:
        """Let a call pass.

        Raises:
            LLMUnavailable: while it is open.
        """
        with self._lock:
            left = self._closed_again - self._clock()
        if left > 0:
            raise LLMUnavailable(
                f"The model server failed {self._recent.maxlen} times in a short while; "
                f"it is asked again in {left:.0f} s."
            )

    def failed(self) -> None:
        """Count a failure of the server."""
        with self._lock:
            now = self._clock()
            self._recent.append(now)
            full = len(self._recent) == self._recent.maxlen
            if full and now - self._recent[0] <= self._within:
                self._recent.clear()
                self._closed_again = now + self._pause

    def succeeded(self) -> None:
        """Forget the failures: the server answers."""
        with self._lock:
            self._recent.clear()
