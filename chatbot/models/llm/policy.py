"""When a failed call is tried again, and when a failing server is left alone for a while.

Knows nothing of HTTP or of LangChain, only how a call failed.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from dataclasses import KW_ONLY, dataclass

from chatbot.errors import LLMError, LLMUnavailable

TRIES = 2
LONGEST_WAIT = 10.0
"""Seconds; a server that asks for more gets no second call."""
FAILURES, WITHIN, OPEN = 5, 30.0, 30.0
"""So many failures within so many seconds open the breaker for so many seconds."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How a call failed, and whether asking again may help."""

    error: LLMError
    _: KW_ONLY
    retryable: bool = False
    retry_after: float | None = None
    """Seconds the server asks to wait; None when it did not say."""


def pause_before_retry(
    failure: Failure, *, attempt: int, took: float, remaining: float
) -> float | None:
    """Return the seconds to wait before the next try, or None when there is to be none.

    ``attempt`` is the number of the last try, from 1, and ``took`` its seconds: who has waited long
    already is not made to wait again. ``remaining`` are the seconds left for the whole answer.
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

    def __init__(self) -> None:
        """Start closed."""
        self._recent: deque[float] = deque(maxlen=FAILURES)
        self._closed_again = float("-inf")
        self._lock = threading.Lock()

    def check(self) -> None:
        """Let a call pass.

        Raises:
            LLMUnavailable: while it is open.
        """
        with self._lock:
            left = self._closed_again - time.monotonic()
        if left > 0:
            raise LLMUnavailable(
                f"The model server failed {FAILURES} times in a short while; "
                f"it is asked again in {left:.0f} s."
            )

    def failed(self) -> None:
        """Count a failure of the server."""
        with self._lock:
            now = time.monotonic()
            self._recent.append(now)
            if len(self._recent) == FAILURES and now - self._recent[0] <= WITHIN:
                self._recent.clear()
                self._closed_again = now + OPEN

    def succeeded(self) -> None:
        """Forget the failures: the server answers."""
        with self._lock:
            self._recent.clear()
