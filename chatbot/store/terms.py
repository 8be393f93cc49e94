"""Remembers in how many sentences a term stands, until the store changes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from typing import Final

from chatbot.store import reading

_MOST: Final = 20_000
"""Terms that are remembered before all of them are forgotten."""


class TermCounts:
    """Counts of one generation of the store. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = -1
        self._counts: dict[str, int] = {}

    def counts(self, connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
        """Return the count of each term, in the order of the terms."""
        generation = reading.generation(connection)
        with self._lock:
            if generation != self._generation or len(self._counts) > _MOST:
                self._generation, self._counts = generation, {}
            known = self._counts
        for term in terms:
            if term not in known:
                known[term] = reading.count_matches(connection, term)
        return {term: known[term] for term in terms}
