"""Every search of one store: what it remembers between two questions, and for whom it looks.

All people's sights share one of these. Each search is one read transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chatbot.store import full_text
from chatbot.store.catalogue import CatalogueReader
from chatbot.store.chunks import ChunkReader
from chatbot.store.nearest import ChunkSearch
from chatbot.store.opening import Parts
from chatbot.store.records import ChunkHit, ChunkKey, SentenceHit, StoredChunk

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


class Search:
    """The searches of ``Store``, which says what they mean. Thread-safe."""

    def __init__(self, parts: Parts) -> None:
        self._home = parts.home
        self._dimension = parts.dimension
        self._catalogue = CatalogueReader()
        self._near = ChunkSearch(parts.index, dimension=parts.dimension)
        self._reader = ChunkReader(parts.dimension)

    def nearest(
        self, vector: Vectors, limit: int, owner: str | None, documents: Sequence[str] | None
    ) -> list[ChunkHit]:
        """Return the chunks nearest to a vector that the owner sees."""
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        if len(query) != self._dimension:
            raise ValueError(f"A query of {len(query)} numbers, not {self._dimension}.")
        with self._home.reading() as connection:
            now = self._catalogue.current(connection)
            scope = now.scope(connection, owner=owner, documents=documents)
            return self._near.nearest(connection, now, query, limit, scope)

    def matches(
        self,
        terms: Sequence[str],
        limit: int,
        owner: str | None,
        documents: Sequence[str] | None,
    ) -> list[SentenceHit]:
        """Return the sentences with at least one of the terms that the owner sees."""
        with self._home.reading() as connection:
            now = self._catalogue.current(connection)
            scope = now.scope(connection, owner=owner, documents=documents)
            return full_text.matches(connection, terms, limit, now, scope)

    def chunks(self, keys: Sequence[ChunkKey], owner: str | None) -> list[StoredChunk]:
        """Return the chunks with these keys that the owner sees."""
        with self._home.reading() as connection:
            index = self._catalogue.current(connection).index
            return self._reader.read(connection, keys, index=index, owner=owner)

    def counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return for each term the number of sentences that hold it, whoever's they are."""
        with self._home.reading() as connection:
            return full_text.counts(connection, terms)

    def sentence_count(self) -> int:
        """Return the number of sentences of all documents."""
        with self._home.reading() as connection:
            return self._catalogue.current(connection).sentences
