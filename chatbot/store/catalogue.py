"""What every search needs to know of the documents, kept in memory until the store changes.

Shared by all people's sights of one store; it knows no text and no vector.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from chatbot.store import reading

_PEOPLE: Final = 50
"""People of whom it is remembered what they see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The documents at one generation of the store."""

    generation: int
    index: str
    """The name of the vector index in use: another one may mean other vectors."""
    documents: int
    chunks: int
    sentences: int
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The documents that a search may find, where these are not all."""

    numbers: frozenset[int]
    chunks: int
    """The number of chunks that these documents have together."""


class CatalogueReader:
    """Remembers the catalogue of one store, and what people see. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Catalogue | None = None
        self._seen: LRUCache[tuple[int, str], Scope] = LRUCache(_PEOPLE)

    def current(self, connection: Connection) -> Catalogue:
        """Return the catalogue of the moment that a read transaction sees."""
        meta = reading.meta(connection)
        generation = int(meta["generation"])
        known = self._known
        if known is None or known.generation != generation:
            known = Catalogue(
                generation=generation, index=meta["index"], **reading.totals(connection)
            )
            self._known = known
        return known

    def scope(
        self,
        connection: Connection,
        now: Catalogue,
        *,
        owner: str | None,
        documents: Sequence[str] | None,
    ) -> Scope | None:
        """Return the documents that a search may find; None means all of them.

        Args:
            connection: within the read transaction that the catalogue was taken in.
            now: the catalogue.
            owner: who searches: their own documents and everybody's that they have not hidden.
                None sees all.
            documents: ids to choose from, or None. Unknown ones are left out.
        """
        if documents is not None:
            found = _scope(connection, owner, documents)
        elif owner is not None:
            found = self._sight(connection, now, owner)
        else:
            return None
        return None if len(found.numbers) == now.documents else found

    def _sight(self, connection: Connection, now: Catalogue, owner: str) -> Scope:
        key = now.generation, owner
        with self._lock:
            known = self._seen.get(key)
        if known is None:
            known = _scope(connection, owner, None)
            with self._lock:
                self._seen[key] = known
        return known


def _scope(connection: Connection, owner: str | None, documents: Sequence[str] | None) -> Scope:
    chunks = reading.chunk_counts(connection, owner, documents)
    return Scope(numbers=frozenset(chunks), chunks=sum(chunks.values()))
