"""Does the vector index hold what SQLite says, and does it find it?

Chroma may lose vectors without a word: with its segment directory gone it still answers, from the
few vectors it has not written there yet, and counts all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chatbot.store import reading
from chatbot.store.chroma import ChromaIndex
from chatbot.store.connections import Connections
from chatbot.store.failures import damaged_index
from chatbot.store.records import ChunkKey

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_SAMPLE: Final = 16
_NEIGHBOURS: Final = 10
_MOST_UNFINDABLE: Final = 0.25
"""Share of a sample that the approximate search may miss. It misses under 1 % when it is whole."""


def unfindable(chroma: ChromaIndex, keys: Sequence[ChunkKey], vectors: Vectors) -> int:
    """Return how many of these chunks are not found by their own vectors.

    Args:
        chroma: the index.
        keys: n chunks.
        vectors: (n, dimension).
    """
    return sum(
        key not in dict(chroma.nearest(vector, _NEIGHBOURS))
        for key, vector in zip(keys, vectors, strict=True)
    )


def check_index(chroma: ChromaIndex, connections: Connections, *, dimension: int) -> bool:
    """Check the number of vectors and whether a sample of them is found.

    Returns:
        Whether it holds; False if the store changed meanwhile, so that nothing can be said.

    Raises:
        StoreDamaged: vectors are missing.
    """
    with connections.reading() as connection:
        before = reading.generation(connection)
        chunks = reading.count_chunks(connection)
        keys, vectors = reading.sample_chunks(connection, dimension, _SAMPLE)
    missing = chunks - chroma.count()
    lost = unfindable(chroma, keys, vectors)
    with connections.reading() as connection:
        if reading.generation(connection) != before:
            return False
    if missing > 0:
        raise damaged_index(chroma.path.parent, f"it lacks {missing} of {chunks} vectors")
    if lost > _MOST_UNFINDABLE * len(keys):
        raise damaged_index(chroma.path.parent, f"it does not find {lost} of {len(keys)} vectors")
    return True
