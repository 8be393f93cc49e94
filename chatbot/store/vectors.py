"""How vectors stand in the tables, and how they are compared.

A chunk's vector is kept as it came (float32, little endian): Chroma is rebuilt from it without
embedding anything again. The sentences' vectors only order the sentences of few chunks, so they
are kept in 8 bits a number. They have unit length, so no scale is kept: each is stretched until
its largest number is 127, and brought back to unit length when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


def pack(vector: Vectors) -> bytes:
    """Return a vector as the bytes that the tables keep."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(rows: list[bytes]) -> Vectors:
    """Return packed vectors as one matrix (n, dimension), float32; (0, 0) where there is none."""
    width = len(rows[0]) // 4 if rows else 0
    matrix = np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), width)
    return matrix.astype(np.float32, copy=False)


def quantise(vectors: Vectors) -> bytes:
    """Return unit vectors (k, dimension) in 8 bits a number."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    levels = np.rint(vectors * (127.0 / np.maximum(largest, 1e-12)))
    return bytes(levels.astype(np.int8))


def dequantise(data: bytes, count: int) -> Vectors:
    """Return the unit vectors (count, dimension), float32, that ``quantise`` packed."""
    vectors = np.frombuffer(data, dtype=np.int8).reshape(count, -1).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / np.maximum(lengths, 1e-12)[:, None], dtype=np.float32)


def nearest(
    ids: Sequence[int], vectors: Vectors, query: Vectors, limit: int
) -> list[tuple[int, float]]:
    """Return ids of chunks with their cosines, best first, of equal ones the earlier.

    The vectors (n, dimension) of the n chunks and the query (dimension,) have unit length.
    """
    if not ids:
        return []
    # Not ``@``: its threads wait for each other by spinning, and twice the processor time is gone
    # where several questions come at once.
    scores = np.vecdot(vectors, query)
    return [(ids[at], float(scores[at])) for at in np.argsort(-scores, kind="stable")[:limit]]
