"""How vectors stand in SQLite, and the exact search over them.

A chunk's vector is kept as it came (float32, little endian): Chroma is rebuilt from it without
embedding anything again. The sentences' vectors only order the sentences of few chunks, so they
are kept in 8 bits a number. They have unit length, so no scale is kept: each is stretched until
its largest number is 127, and brought back to unit length when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chatbot.store.sql import INDEX_BITS

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


def pack(vector: Vectors) -> bytes:
    """Return a vector as the bytes that SQLite keeps."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(rows: list[bytes], dimension: int) -> Vectors:
    """Return packed vectors as one matrix (n, dimension), float32."""
    matrix = np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), dimension)
    return matrix.astype(np.float32, copy=False)


def quantise(vectors: Vectors) -> bytes:
    """Return unit vectors (k, dimension) in 8 bits a number."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    levels: NDArray[np.int8] = np.rint(vectors * (127.0 / np.maximum(largest, 1e-12))).astype(
        np.int8
    )
    return levels.tobytes()


def dequantise(data: bytes, dimension: int) -> Vectors:
    """Return the unit vectors (k, dimension), float32, that ``quantise`` packed."""
    vectors = np.frombuffer(data, dtype=np.int8).reshape(-1, dimension).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / np.maximum(lengths, 1e-12)[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class ChunkMatrix:
    """Chunk vectors in memory, for an exact search."""

    ids: NDArray[np.int64]
    """(n,), ascending: the ids that SQLite gives the chunks."""
    vectors: Vectors
    """(n, dimension)."""

    def of(self, numbers: Sequence[int]) -> ChunkMatrix:
        """Return the part that holds the chunks of the documents with these numbers."""
        rows = np.flatnonzero(np.isin(self.ids >> INDEX_BITS, np.asarray(numbers, np.int64)))
        return ChunkMatrix(self.ids[rows], self.vectors[rows])

    def nearest(self, query: Vectors, limit: int) -> list[tuple[int, float]]:
        """Return the ids of the nearest chunks with their cosines, best first.

        Args:
            query: (dimension,), unit length.
            limit: how many at most. Of equal chunks the earlier stored one comes first.
        """
        scores = self.vectors @ query
        limit = min(limit, len(scores))
        if limit < 1:
            return []
        worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        candidates = np.flatnonzero(scores >= worst)
        order = candidates[np.argsort(-scores[candidates], kind="stable")][:limit]
        return [(int(self.ids[row]), float(scores[row])) for row in order]
