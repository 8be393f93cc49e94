"""Requests a minute and tokens a day, for each token and in all.

Counted in memory; every few seconds and at the end what is new is added to the counts in the store,
and what other servers of it have counted is read. So a restart forgets nothing, a request waits for
no disk, and limits hold over all servers within those seconds; kill -9 forgets them. A minute is
one of the clock's: across its border up to twice the limit can pass within sixty seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from chatbot.errors import OverLimit
from chatbot.server.access import LINK_OWNER, TOKEN_OWNER
from chatbot.server.watching import Metrics
from chatbot.settings import Settings
from chatbot.store import UsageBook
from chatbot.types import UsageRow

FLUSH_SECONDS: Final = 5.0
_DAY: Final = 86_400
_COUNTED: Final = {
    "requests_per_minute": "requests a minute",
    "tokens_per_day": "tokens of the model a day",
}


@dataclass(slots=True)
class _Count:
    requests: int = 0
    tokens: int = 0
    minute: int = 0
    minute_requests: int = 0

    def add(self, more: _Count) -> None:
        self.requests += more.requests
        self.tokens += more.tokens
        if more.minute >= self.minute:
            self.minute_requests = self.in_minute(more.minute) + more.minute_requests
            self.minute = more.minute

    def in_minute(self, minute: int) -> int:
        return self.minute_requests if self.minute == minute else 0


class Limits:
    """The counts of the day, and the limits they are held against. Thread-safe; a ``Meter``."""

    def __init__(
        self,
        book: UsageBook,
        settings: Settings,
        *,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._book = book
        self._settings = settings
        self._clock = clock
        self._refused = metrics.refused
        self.answered = metrics.count
        self._lock = threading.Lock()
        self._new: dict[str, _Count] = {}
        """What is not in the store yet."""
        self._day = ""
        self._begin_day()

    def count_request(self, owner: str | None) -> None:
        """Count a request.

        Raises:
            OverLimit: it is one too many in this minute; it is not counted then.
        """
        if owner is None:
            return
        with self._lock:
            minute, seconds = divmod(int(self._clock()), 60)
            wait = 60 - seconds
            self._hold("requests_per_minute", owner, lambda one: one.in_minute(minute), wait)
            self._add(owner, _Count(requests=1, minute=minute, minute_requests=1))

    def admit(self, owner: str | None) -> None:
        """Let a question pass.

        Raises:
            OverLimit: the tokens of the day are used up.
        """
        if owner is None:
            return
        with self._lock:
            wait = _DAY - int(self._clock() % _DAY)
            self._hold("tokens_per_day", owner, lambda one: one.tokens, wait)

    def spend(self, owner: str | None, tokens: int) -> None:
        """Count tokens of the model."""
        with self._lock:
            self._add(owner or "", _Count(tokens=tokens))

    def flush(self) -> None:
        """Add what is new to the store, and take in what others have added."""
        with self._lock:
            day, new, self._new = self._day, self._new, {}
        try:
            if new:
                rows = [UsageRow(owner=one, day=day, **asdict(count)) for one, count in new.items()]
                self._book.add(rows)
        except BaseException:
            with self._lock:
                _add_all(self._new, new)
            raise
        known = self._read(day)
        with self._lock:
            if self._day == day:
                _add_all(known, self._new)
                self._counts = known

    def _hold(self, name: str, owner: str, used: Callable[[_Count], int], wait: int) -> None:
        """Refuse what is over the limit of a token, or over that of all together."""
        self._begin_day()
        own = used(self._counts.get(owner, _Count())) if _has_own_count(owner) else 0
        everybody = sum(map(used, self._counts.values()))
        for limit_name, so_far, whose in (
            (name, own, "for each token"),
            (f"{name}_all", everybody, "for all together"),
        ):
            limit = getattr(self._settings, limit_name)
            if 0 < limit <= so_far:
                self._refused.labels(limit_name).inc()
                raise OverLimit(
                    f"The limit of {limit} {_COUNTED[name]} {whose} is reached; "
                    f"try again in {wait} seconds.",
                    retry_after=wait,
                )

    def _add(self, owner: str, more: _Count) -> None:
        self._begin_day()
        # People without a token come and go: they are counted together.
        name = owner if _has_own_count(owner) else ""
        for counts in (self._counts, self._new):
            _add_all(counts, {name: more})

    def _begin_day(self) -> None:
        """Begin to count anew if another day has begun."""
        today = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%d")
        if today != self._day:
            self._day, self._new, self._counts = today, {}, self._read(today)

    def _read(self, day: str) -> dict[str, _Count]:
        return {
            row.owner: _Count(row.requests, row.tokens, row.minute, row.minute_requests)
            for row in self._book.of_day(day)
        }


def _add_all(counts: dict[str, _Count], more: dict[str, _Count]) -> None:
    for owner, count in more.items():
        counts.setdefault(owner, _Count()).add(count)


def _has_own_count(owner: str) -> bool:
    return owner.startswith((TOKEN_OWNER, LINK_OWNER))
