"""Finds the chunks nearest to a vector: exactly where memory holds them, by Chroma beyond that.

Up to ``EXACT_NUMBERS`` numbers the vectors are read from SQLite once, followed as the store grows,
and multiplied: that is exact, knows at once what was added, removed or is somebody else's, and
spares the import of chromadb and a second copy of the vectors in memory. Beyond it Chroma answers;
what one person does not see is taken out of its hits, and where little is left to search that is
searched exactly. A process that only reads does not open Chroma at all (see ``index``). This module
knows the vectors, not the sentences.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from chatbot.store import reading, sql, vector_rows
from chatbot.store.catalogue import Catalogue, Numbers
from chatbot.store.index import VectorIndex
from chatbot.store.records import ChunkHit, ChunkKey
from chatbot.store.vectors import ChunkMatrix, empty_matrix

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

EXACT_NUMBERS: Final = 80_000_000
"""Numbers (chunks times dimension) up to which the search is exact: 320 MB of memory, 208,000
chunks of 384."""
_FEW_CHUNKS: Final = 20_000
"""Chunks that are read and multiplied rather than asked of Chroma: it took 69 to 331 ms with a
filter of its own over 40,000 chunks, reading them took 1 to 231."""
_SPARE: Final = 16
"""Hits asked of Chroma beyond the limit, for those that turn out not to be committed."""
_MOST_ASKED: Final = 2_000
"""Hits asked of Chroma before those whom one person sees are searched one by one instead."""
_WASTE: Final = 1_000
"""Rows of removed documents that are kept in memory although they are most of it."""


class ChunkSearch:
    """The search over the vectors of one store. Thread-safe."""

    def __init__(self, index: VectorIndex, *, dimension: int, read_only: bool) -> None:
        self._read_only = read_only
        self._index = index
        self._dimension = dimension
        self.most_exact = EXACT_NUMBERS // dimension
        """Chunks up to which the search is exact."""
        self._lock = threading.Lock()
        self._kept = _Kept(index="", matrix=empty_matrix(dimension))

    def nearest(
        self,
        connection: sqlite3.Connection,
        now: Catalogue,
        vector: Vectors,
        limit: int,
        scope: Numbers | None,
    ) -> list[ChunkHit]:
        """Return the committed chunks nearest to the vector, best first.

        Args:
            connection: within a read transaction.
            now: the catalogue of that transaction.
            vector: (dimension,), unit length.
            limit: how many at most.
            scope: numbers of the documents to search; None means all.

        Raises:
            StoreDamaged: Chroma was needed and cannot be used.
        """
        if limit < 1 or (scope is not None and not len(scope)):
            return []
        if now.chunks <= self.most_exact:
            matrix = self._matrix(connection, now)
            # It may have rows of removed documents, and of later ones.
            more = len(matrix.ids) != now.chunks or matrix.last >> sql.INDEX_BITS > now.last
            allowed = now.numbers if scope is None and more else scope
            lookup = None if allowed is None else now.lookup(allowed)
            return _hits(now, matrix.nearest(vector, limit, lookup))
        if self._read_only or (scope is not None and now.chunks_of(scope) <= _FEW_CHUNKS):
            wanted = now.numbers if scope is None else scope
            return _hits(now, self._among(connection, now, vector, limit, wanted))
        return self._approximate(connection, now, vector, limit, scope)

    def _matrix(self, connection: sqlite3.Connection, now: Catalogue) -> ChunkMatrix:
        """Return the vectors in memory, with at least those that ``now`` has."""
        with self._lock:
            kept = self._kept
            waste = len(kept.matrix.ids) - now.chunks
            if kept.index != now.index or waste > now.chunks + _WASTE:
                kept = _Kept(index=now.index, matrix=empty_matrix(self._dimension))
            matrix, last = kept.matrix, reading.id_range(now.last)[1]
            if matrix.last >> sql.INDEX_BITS < now.last:
                rows = vector_rows.vectors_between(
                    connection, self._dimension, matrix.last + 1, last
                )
                for ids, vectors in rows:
                    matrix = matrix.grown(ids, vectors)
            self._kept = _Kept(index=now.index, matrix=matrix)
            return matrix

    def _among(
        self,
        connection: sqlite3.Connection,
        now: Catalogue,
        vector: Vectors,
        limit: int,
        numbers: Numbers,
    ) -> list[tuple[int, float]]:
        """Search some documents of a large store exactly, some thousand chunks at once."""
        best: list[tuple[int, float]] = []
        everything = len(numbers) == len(now.numbers)
        last = reading.id_range(now.last)[1]
        parts = (
            vector_rows.vectors_between(connection, self._dimension, 0, last)
            if everything
            else vector_rows.vectors_of(connection, self._dimension, numbers.tolist())
        )
        for ids, vectors in parts:
            found = ChunkMatrix(np.asarray(ids, np.int64), (vectors,)).nearest(vector, limit)
            best = sorted([*best, *found], key=lambda hit: -hit[1])[:limit]
        return best

    def _approximate(
        self,
        connection: sqlite3.Connection,
        now: Catalogue,
        vector: Vectors,
        limit: int,
        scope: Numbers | None,
    ) -> list[ChunkHit]:
        ask = limit + _SPARE
        allowed = None if scope is None else now.lookup(scope)
        while True:
            found = self._index.nearest(vector, ask)
            names = list({key.document_id for key, _ in found})
            sizes = reading.sizes_of(connection, names)
            hits = [
                ChunkHit(key=key, score=score)
                for key, score in found
                if key.index < sizes.get(key.document_id, (0, 0))[1]
                and (allowed is None or allowed[sizes[key.document_id][0]])
            ]
            # Vectors without a committed text, or of others, may crowd the first ones out.
            if len(hits) >= limit or len(found) < ask:
                return hits[:limit]
            if scope is not None and ask > _MOST_ASKED:
                return _hits(now, self._among(connection, now, vector, limit, scope))
            ask *= 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    index: str
    """The name of the vector index when the vectors were read: another one may mean others."""
    matrix: ChunkMatrix


def _hits(now: Catalogue, found: Sequence[tuple[int, float]]) -> list[ChunkHit]:
    names = now.document_ids([chunk_id >> sql.INDEX_BITS for chunk_id, _ in found])
    return [
        ChunkHit(key=ChunkKey(document_id=name, index=chunk_id & sql.INDEX_MASK), score=score)
        for name, (chunk_id, score) in zip(names, found, strict=True)
    ]
