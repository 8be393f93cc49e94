"""How vectors stand in SQLite, and the exact search over them.

A chunk's vector is kept as it came (float32, little endian): Chroma is rebuilt from it without
embedding anything again. The sentences' vectors only order the sentences of few chunks, so they
are kept in 8 bits a number. They have unit length, so no scale is kept: each is stretched until
its largest number is 127, and brought back to unit length when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from chatbot.store.sql import INDEX_BITS

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

BLOCK: Final = 8192
"""Rows that stand together in memory: what an addition may have to copy."""
_FEW: Final = 8
"""Where fewer than one in so many rows may be found, those alone are multiplied."""


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
    """Chunk vectors in memory, for an exact search. Grown by rows, not written anew."""

    ids: NDArray[np.int64]
    """(n,), ascending: the ids that SQLite gives the chunks."""
    blocks: tuple[Vectors, ...]
    """(``BLOCK``, dimension) each, the last one shorter; shared with what it was grown from."""

    @property
    def last(self) -> int:
        """The greatest id, -1 where there is none."""
        return int(self.ids[-1]) if len(self.ids) else -1

    def grown(self, ids: Sequence[int], vectors: Vectors) -> ChunkMatrix:
        """Return a matrix with rows (n, dimension) added at the end."""
        full = self.blocks
        if full and len(full[-1]) < BLOCK:
            full, vectors = full[:-1], np.concatenate([full[-1], vectors])
        parts = (vectors[first : first + BLOCK] for first in range(0, len(vectors), BLOCK))
        return ChunkMatrix(np.append(self.ids, np.asarray(ids, np.int64)), (*full, *parts))

    def nearest(
        self, query: Vectors, limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return the ids of the nearest chunks with their cosines, best first.

        Args:
            query: (dimension,), unit length.
            limit: how many at most. Of equal chunks the earlier stored one comes first.
            allowed: for each number of a document whether its chunks may be found; rows of
                documents beyond its end may not. None allows all.
        """
        if not len(self.ids):
            return []
        rows = None
        end = len(self.ids)
        if allowed is not None:
            end = int(np.searchsorted(self.ids, len(allowed) << INDEX_BITS))
            rows = np.flatnonzero(allowed[self.ids[:end] >> INDEX_BITS])
        if rows is not None and len(rows) < end // _FEW:
            scores = np.vecdot(self._take(rows), query)
        else:
            # Not ``@``: its threads wait for each other by spinning, and twice the processor
            # time is gone where several questions come at once.
            scores = np.concatenate([np.vecdot(block, query) for block in self.blocks])
            scores = scores if rows is None else scores[rows]
        return [
            (int(self.ids[at if rows is None else rows[at]]), float(scores[at]))
            for at in _best(scores, limit)
        ]

    def _take(self, rows: NDArray[np.intp]) -> Vectors:
        """Return some rows, ascending, as one matrix."""
        edges = np.searchsorted(rows, [BLOCK * n for n in range(len(self.blocks) + 1)])
        return np.concatenate(
            [
                block[rows[first:end] - BLOCK * number]
                for number, (block, first, end) in enumerate(
                    zip(self.blocks, edges, edges[1:], strict=False)
                )
            ]
        )


def empty_matrix(dimension: int) -> ChunkMatrix:
    """Return a matrix without rows."""
    return ChunkMatrix(np.zeros(0, np.int64), (np.zeros((0, dimension), np.float32),))


def _best(scores: Vectors, limit: int) -> list[int]:
    """Return the positions of the greatest scores, greatest first, of equal ones the earlier."""
    limit = min(limit, len(scores))
    if limit < 1:
        return []
    worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    candidates = np.flatnonzero(scores >= worst)
    order = candidates[np.argsort(-scores[candidates], kind="stable")][:limit]
    return [int(at) for at in order]
