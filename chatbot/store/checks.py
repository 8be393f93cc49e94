"""Does the vector index hold what SQLite says, and does it find it?

Chroma may lose vectors without a word: with its segment directory gone it still answers, from the
few vectors it has not written there yet, and counts all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatbot.store import reading, vector_rows
from chatbot.store.chroma import ChromaIndex
from chatbot.store.connections import Connections
from chatbot.store.failures import damaged_index

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_SAMPLE: Final = 16
_ITSELF: Final = 0.999
"""The cosine from which a hit is the vector that was looked for, or one that equals it."""
_MOST_UNFINDABLE: Final = 0.25
"""Share of a sample that the approximate search may miss. It misses under 1 % when it is whole."""


def unfindable(chroma: ChromaIndex, vectors: Vectors) -> int:
    """Return how many of these stored vectors (n, dimension) are not found by themselves."""
    return sum(
        not any(score > _ITSELF for _, score in chroma.nearest(vector, 1)) for vector in vectors
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
        sample = vector_rows.sample_vectors(connection, dimension, _SAMPLE)
    missing = chunks - chroma.count()
    lost = unfindable(chroma, sample)
    with connections.reading() as connection:
        if reading.generation(connection) != before:
            return False
    if missing > 0:
        raise damaged_index(chroma.path.parent, f"it lacks {missing} of {chunks} vectors")
    if lost > _MOST_UNFINDABLE * len(sample):
        raise damaged_index(chroma.path.parent, f"it does not find {lost} of {len(sample)} vectors")
    return True
