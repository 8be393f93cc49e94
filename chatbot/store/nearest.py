"""Finds the chunks nearest to a vector: exactly where they are few, by Chroma where they are many.

Up to ``EXACT_NUMBERS`` numbers (20,000 chunks of 384) the vectors are read from SQLite and
multiplied: that is exact, and spares a process that asks one question the import of chromadb and
the loading of its index, 1.8 seconds. Among some documents of a large store the search is exact
too: with 40,000 chunks Chroma's filter took 69 to 331 ms where reading the vectors took 1 to 231.
A process that only reads does not open Chroma at all (see ``index``). This module knows the
vectors, not the sentences.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chatbot.store import reading, sql
from chatbot.store.connections import Connections
from chatbot.store.index import VectorIndex
from chatbot.store.records import ChunkHit, ChunkKey
from chatbot.store.vectors import ChunkMatrix

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

EXACT_NUMBERS: Final = 8_000_000
"""Numbers (chunks times dimension) up to which the search is exact: 32 MB of memory. Beyond it
Chroma is the faster one."""
READER_NUMBERS: Final = 4 * EXACT_NUMBERS
"""What a process that only reads keeps in memory; beyond it, it reads the vectors each time."""
_SPARE: Final = 16
"""Hits asked of Chroma beyond the limit, for those that turn out not to be committed."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What is remembered of one generation of the store."""

    generation: int
    numbers: dict[str, int]
    names: dict[int, str]
    chunk_counts: dict[int, int]
    matrix: ChunkMatrix | None
    """None where the chunks are too many."""

    def holds(self, key: ChunkKey) -> bool:
        number = self.numbers.get(key.document_id, 0)
        return key.index < self.chunk_counts.get(number, 0)

    def hits(self, found: list[tuple[int, float]]) -> list[ChunkHit]:
        return [
            ChunkHit(
                key=ChunkKey(
                    document_id=self.names[chunk_id >> sql.INDEX_BITS],
                    index=chunk_id & sql.INDEX_MASK,
                ),
                score=score,
            )
            for chunk_id, score in found
        ]


class ChunkSearch:
    """The search over the vectors of one store. Thread-safe."""

    def __init__(
        self, connections: Connections, index: VectorIndex, *, dimension: int, read_only: bool
    ) -> None:
        self._connections = connections
        self._read_only = read_only
        self._index = index
        self._dimension = dimension
        self.most_exact = EXACT_NUMBERS // dimension
        """Chunks up to which the owner's search is exact."""
        self._most_kept = READER_NUMBERS // dimension if read_only else self.most_exact
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Sequence[str] | None
    ) -> list[ChunkHit]:
        """Return the committed chunks nearest to the vector, best first.

        Args:
            vector: (dimension,), unit length.
            limit: how many at most.
            document_ids: search among these only; None means all.

        Raises:
            StoreDamaged: Chroma was needed and cannot be used.
        """
        with self._connections.reading() as connection:
            now = self._current(connection)
            numbers = None
            if document_ids is not None:
                chosen = {now.numbers[name] for name in document_ids if name in now.numbers}
                numbers = sorted(chosen)
            if now.matrix is not None:
                matrix = now.matrix if numbers is None else now.matrix.of(numbers)
                return now.hits(matrix.nearest(vector, limit))
            if numbers is None and self._read_only:
                numbers = sorted(now.names)
            if numbers is not None:
                return now.hits(self._among(connection, vector, limit, now, numbers))
        return self._approximate(vector, limit, now)

    def _among(
        self,
        connection: sqlite3.Connection,
        vector: Vectors,
        limit: int,
        now: _Snapshot,
        numbers: Sequence[int],
    ) -> list[tuple[int, float]]:
        """Search some documents of a large store exactly, as many at once as memory allows."""
        best: list[tuple[int, float]] = []
        for part in _parts(numbers, now.chunk_counts, self.most_exact):
            matrix = reading.chunk_matrix(connection, self._dimension, part)
            best += matrix.nearest(vector, limit)
        return sorted(best, key=lambda hit: -hit[1])[: max(limit, 0)]

    def _current(self, connection: sqlite3.Connection) -> _Snapshot:
        generation = reading.generation(connection)
        with self._lock:
            if self._snapshot is None or self._snapshot.generation != generation:
                self._snapshot = self._read(connection, generation)
            return self._snapshot

    def _read(self, connection: sqlite3.Connection, generation: int) -> _Snapshot:
        rows = reading.document_sizes(connection)
        few = sum(count for _, _, count in rows) <= self._most_kept
        return _Snapshot(
            generation=generation,
            numbers={name: number for number, name, _ in rows},
            names={number: name for number, name, _ in rows},
            chunk_counts={number: count for number, _, count in rows},
            matrix=reading.chunk_matrix(connection, self._dimension) if few else None,
        )

    def _approximate(self, vector: Vectors, limit: int, now: _Snapshot) -> list[ChunkHit]:
        ask = limit + _SPARE
        while limit > 0:
            found = self._index.nearest(vector, ask)
            hits = [ChunkHit(key=key, score=score) for key, score in found if now.holds(key)]
            # Vectors without a committed text may crowd the first ones out: then ask for more.
            if len(hits) >= limit or len(found) < ask:
                return hits[:limit]
            ask *= 4
        return []


def _parts(numbers: Sequence[int], counts: dict[int, int], most: int) -> Iterator[list[int]]:
    part: list[int] = []
    chunks = 0
    for number in numbers:
        if part and chunks + counts[number] > most:
            yield part
            part, chunks = [], 0
        part.append(number)
        chunks += counts[number]
    if part:
        yield part
