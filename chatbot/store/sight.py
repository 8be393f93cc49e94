"""Which documents one person sees, remembered until the store changes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence

from chatbot.store import reading


class Sight:
    """The sight of one person. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = -1
        self._seen: frozenset[str] = frozenset()
        self._all = False

    def of(
        self, connection: sqlite3.Connection, owner: str, documents: Sequence[str] | None
    ) -> Sequence[str] | None:
        """Return those of the documents that the person sees; None in and out means all of them.

        Args:
            connection: within a read transaction.
            owner: the person, the same at each call.
            documents: ids to choose from, or None.
        """
        with self._lock:
            generation = reading.generation(connection)
            if generation != self._generation:
                self._generation = generation
                self._seen = frozenset(reading.seen_ids(connection, owner))
                self._all = len(self._seen) == reading.count_documents(connection)
            seen, sees_all = self._seen, self._all
        if sees_all:
            return documents
        return [name for name in (seen if documents is None else documents) if name in seen]
