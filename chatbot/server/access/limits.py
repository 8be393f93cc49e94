"""Requests a minute and tokens a day, for each token and in all.

Counted in memory and written to the store every few seconds and at the end, so a restart forgets
nothing and a request waits for no disk; kill -9 forgets those seconds. A minute is one of the
clock's: across its border up to twice the limit can pass within sixty seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chatbot.errors import OverLimit
from chatbot.settings import Settings
from chatbot.store import UsageBook
from chatbot.types import Answer, UsageRow

TOKEN_OWNER: Final = "token:"
"""What the owner of a token begins with; its name follows."""
FLUSH_SECONDS: Final = 5.0
_DAY: Final = 86_400


@dataclass(slots=True)
class _Count:
    requests: int = 0
    tokens: int = 0
    minute: int = 0
    minute_requests: int = 0

    def in_minute(self, minute: int) -> int:
        return self.minute_requests if self.minute == minute else 0


class Limits:
    """The counts of the day, and the limits they are held against. Thread-safe; a ``Meter``."""

    def __init__(
        self,
        book: UsageBook,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        on_refusal: Callable[[str], None] = lambda _: None,
        on_answer: Callable[[Answer], None] = lambda _: None,
    ) -> None:
        """Read what was used today.

        Args:
            book: where the counts are kept.
            settings: has the limits.
            clock: seconds since 1970.
            on_refusal: told the name of the limit that was met.
            on_answer: told of each answer.
        """
        self._book = book
        self._settings = settings
        self._clock = clock
        self._on_refusal = on_refusal
        self._on_answer = on_answer
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._day = ""
        self._counts: dict[str, _Count] = {}
        self._begin_day()

    def count_request(self, owner: str | None) -> None:
        """Count a request.

        Raises:
            OverLimit: it is one too many in this minute; it is not counted then.
        """
        if owner is None:
            return
        settings = self._settings
        with self._lock:
            minute = int(self._clock() // 60)
            count = self._count(owner)
            everybody = sum(one.in_minute(minute) for one in self._counts.values())
            wait = 60 - int(self._clock() % 60)
            if _is_token(owner) and 0 < settings.requests_per_minute <= count.in_minute(minute):
                self._refuse("requests_per_minute", settings.requests_per_minute, wait)
            if 0 < settings.requests_per_minute_all <= everybody:
                self._refuse("requests_per_minute_all", settings.requests_per_minute_all, wait)
            count.minute_requests = count.in_minute(minute) + 1
            count.minute = minute
            count.requests += 1

    def admit(self, owner: str | None) -> None:
        """Let a question pass.

        Raises:
            OverLimit: the tokens of the day are used up.
        """
        if owner is None:
            return
        settings = self._settings
        with self._lock:
            count = self._count(owner)
            everybody = sum(one.tokens for one in self._counts.values())
            wait = _DAY - int(self._clock() % _DAY)
            if _is_token(owner) and 0 < settings.tokens_per_day <= count.tokens:
                self._refuse("tokens_per_day", settings.tokens_per_day, wait)
            if 0 < settings.tokens_per_day_all <= everybody:
                self._refuse("tokens_per_day_all", settings.tokens_per_day_all, wait)

    def spend(self, owner: str | None, tokens: int) -> None:
        """Count tokens of the model."""
        with self._lock:
            self._count(owner or "").tokens += tokens

    def answered(self, answer: Answer) -> None:
        """Tell of an answer."""
        self._on_answer(answer)

    def flush(self) -> None:
        """Write what has changed to the store.

        Raises:
            StoreError: it cannot be written; the next time it is tried again.
        """
        with self._lock:
            rows = [self._row(owner) for owner in sorted(self._changed)]
            changed, self._changed = self._changed, set()
        if not rows:
            return
        try:
            self._book.keep(rows)
        except BaseException:
            with self._lock:
                self._changed |= changed
            raise

    def _count(self, owner: str) -> _Count:
        # People without a token come and go; they are counted together.
        name = owner if _is_token(owner) else ""
        if self._today() != self._day:
            self._begin_day()
        self._changed.add(name)
        return self._counts.setdefault(name, _Count())

    def _begin_day(self) -> None:
        self._day = self._today()
        self._changed.clear()
        self._counts = {
            row.owner: _Count(row.requests, row.tokens, row.minute, row.minute_requests)
            for row in self._book.of_day(self._day)
        }

    def _today(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%d")

    def _row(self, owner: str) -> UsageRow:
        count = self._counts[owner]
        return UsageRow(
            owner=owner,
            day=self._day,
            requests=count.requests,
            tokens=count.tokens,
            minute=count.minute,
            minute_requests=count.minute_requests,
        )

    def _refuse(self, name: str, limit: int, wait: int) -> None:
        self._on_refusal(name)
        what = "requests a minute" if name.startswith("requests") else "tokens of the model a day"
        whose = "for all together" if name.endswith("_all") else "for each token"
        raise OverLimit(
            f"The limit of {limit} {what} {whose} is reached; try again in {wait} seconds.",
            retry_after=wait,
        )


def _is_token(owner: str) -> bool:
    return owner.startswith(TOKEN_OWNER)
