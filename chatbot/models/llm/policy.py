"""When a failed call is tried again, and when a failing server is left alone for a while.

Knows nothing of HTTP or of LangChain, only how a call failed.
"""

from __future__ import annotations

import random
import time
from collections import deque
from dataclasses import KW_ONLY, dataclass

from chatbot.errors import LLMError, LLMUnavailable

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


def pause_before_retry(failure: Failure, *, took: float, remaining: float) -> float | None:
    """Return the seconds to wait before the second try, or None when there is to be none.

    ``took`` are the seconds of the first: who has waited long already is not made to wait again.
    ``remaining`` are the seconds left for the whole answer.
    """
    asked = failure.retry_after
    if not failure.retryable or max(took, asked or 0.0) > LONGEST_WAIT:
        return None
    pause = random.uniform(0.2, 0.6) if asked is None else asked + random.uniform(0.0, 0.1)
    return pause if pause < remaining else None


class Breaker:
    """Opens after many failures in a short time: then calls fail at once, for a while.

    Without it each user waits a full timeout for a server that is known to be down. Thread safe.
    """

    def __init__(self) -> None:
        """Start closed."""
        self._recent: deque[float] = deque(maxlen=FAILURES)
        self._opened = float("-inf")

    def check(self) -> None:
        """Let a call pass.

        Raises:
            LLMUnavailable: while it is open.
        """
        if (left := self._opened + OPEN - time.monotonic()) > 0:
            raise LLMUnavailable(
                f"The model server failed {FAILURES} times in a short while; "
                f"it is asked again in {left:.0f} s."
            )

    def failed(self) -> None:
        """Count a failure of the server."""
        now = time.monotonic()
        self._recent.append(now)
        recent = tuple(self._recent)
        if len(recent) == FAILURES and now - recent[0] <= WITHIN:
            self._recent.clear()
            self._opened = now

    def succeeded(self) -> None:
        """Forget the failures: the server answers."""
        self._recent.clear()
