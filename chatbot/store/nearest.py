"""Finds the chunks nearest to a vector: Chroma finds them, the tables say which of them count.

Chroma may hold vectors that are not committed or not any more, so its hits are looked up in the
tables, and their cosines are computed again from the vectors there: that the index is approximate
costs recall only. Which documents may be found is a filter in Chroma's query where they are the
smaller part of the store; where they are the larger part it costs far less to take the others out
of the hits (``benchmarks.filters``, 40,000 chunks: 1 ms without a filter, 4 ms for 800 hits, 20 ms
with a filter that few chunks pass, 100 ms with one that most pass).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from chatbot.store import reading, vector_rows, vectors
from chatbot.store.catalogue import Catalogue, Numbers
from chatbot.store.chroma import ChromaIndex
from chatbot.store.index import VectorIndex
from chatbot.store.records import ChunkHit, ChunkKey
from chatbot.store.tables import INDEX_BITS, INDEX_MASK

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors as Vector

_SPARE: Final = 16
"""Hits asked of Chroma beyond the limit, for those that turn out not to count."""
_MOST_ASKED: Final = 2_000
"""Hits asked of Chroma without a filter before it is asked with one."""

_Scored = list[tuple[int, float]]
"""Ids of chunks with their cosines."""


class ChunkSearch:
    """The search over the vectors of one store. Thread-safe."""

    def __init__(self, index: VectorIndex, *, dimension: int) -> None:
        self._index = index
        self._dimension = dimension

    def nearest(
        self,
        connection: Connection,
        now: Catalogue,
        vector: Vector,
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
            StoreDamaged: Chroma's index cannot be used.
            StoreUnreachable: Chroma's server does not answer.
        """
        if limit < 1 or not now.chunks or (scope is not None and not len(scope)):
            return []
        with self._index.lent(now) as chroma:
            if chroma is None:
                best = self._beside_the_owner(connection, now, vector, limit, scope)
            else:
                best = self._asked(chroma, connection, now, vector, limit, scope)
        names = now.document_ids([id_ >> INDEX_BITS for id_, _ in best])
        return [
            ChunkHit(key=ChunkKey(document_id=name, index=id_ & INDEX_MASK), score=score)
            for name, (id_, score) in zip(names, best, strict=True)
        ]

    def _asked(
        self,
        chroma: ChromaIndex,
        connection: Connection,
        now: Catalogue,
        vector: Vector,
        limit: int,
        scope: Numbers | None,
    ) -> _Scored:
        only = None
        if scope is not None and 2 * now.chunks_of(scope) < now.chunks:
            only = now.document_ids(scope.tolist())
        ask = limit + _SPARE
        while True:
            found = chroma.nearest(vector, ask, only)
            best = self._counted(connection, now, vector, found, scope)
            # Vectors that do not count may crowd the first ones out.
            if len(best) >= limit or len(found) < ask:
                return best[:limit]
            if scope is not None and only is None and ask > _MOST_ASKED:
                only, ask = now.document_ids(scope.tolist()), limit + _SPARE
            else:
                ask *= 4

    def _counted(
        self,
        connection: Connection,
        now: Catalogue,
        vector: Vector,
        found: list[ChunkKey],
        scope: Numbers | None,
    ) -> _Scored:
        """Return those of Chroma's hits that are committed and in scope, with true cosines."""
        numbers = reading.numbers_of(connection, list({key.document_id for key in found}))
        allowed = None if scope is None else now.lookup(scope)
        ids = [
            numbers[key.document_id] << INDEX_BITS | key.index
            for key in found
            if key.document_id in numbers and (allowed is None or allowed[numbers[key.document_id]])
        ]
        there, rows = vector_rows.vectors_of(connection, self._dimension, ids)
        return vectors.nearest(there, rows, vector, len(there))

    def _beside_the_owner(
        self,
        connection: Connection,
        now: Catalogue,
        vector: Vector,
        limit: int,
        scope: Numbers | None,
    ) -> _Scored:
        """Read all vectors: another process has Chroma's directory open, which takes only one."""
        allowed = now.lookup(now.numbers if scope is None else scope)
        best: _Scored = []
        for ids, rows in vector_rows.all_vectors(connection, self._dimension):
            here = [at for at, id_ in enumerate(ids) if allowed[id_ >> INDEX_BITS]]
            found = vectors.nearest([ids[at] for at in here], rows[here], vector, limit)
            best = sorted([*best, *found], key=lambda hit: -hit[1])[:limit]
        return best
