"""What every search needs to know of the documents, kept in memory until the store changes.

Shared by all people's sights of one store; it knows no text and no vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from chatbot.store import reading

_PEOPLE: Final = 50
"""People of whom it is remembered what they see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The documents that a search may find, where these are not all."""

    numbers: frozenset[int]
    chunks: int
    """The number of chunks that these documents have together."""


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
    _seen: dict[str | None, Scope] = field(default_factory=dict, repr=False)

    def scope(
        self, connection: Connection, owner: str | None, documents: Sequence[str] | None
    ) -> Scope | None:
        """Return the documents that a search may find; None means all of them.

        Args:
            connection: within the read transaction that the catalogue was taken in.
            owner: who searches: their own documents and everybody's that they have not hidden.
                None sees all.
            documents: ids to choose from, or None. Unknown ones are left out.
        """
        if owner is None and documents is None:
            return None
        found = self._seen.get(owner) if documents is None else None
        if found is None:
            chunks = reading.chunk_counts(connection, owner, documents)
            found = Scope(numbers=frozenset(chunks), chunks=sum(chunks.values()))
            if documents is None:
                if len(self._seen) >= _PEOPLE:
                    self._seen.clear()
                self._seen[owner] = found
        return None if len(found.numbers) == self.documents else found


class CatalogueReader:
    """Remembers the catalogue of one store. Thread-safe."""

    def __init__(self) -> None:
        self._known: Catalogue | None = None

    def current(self, connection: Connection) -> Catalogue:
        """Return the catalogue of the moment that a read transaction sees."""
        meta = reading.meta(connection)
        known, generation = self._known, int(meta["generation"])
        if known is None or known.generation != generation:
            totals: dict[str, Any] = dict(reading.totals(connection))
            known = Catalogue(generation=generation, index=meta["index"], **totals)
            self._known = known
        return known
