"""Reads chunks, and remembers those that were read last.

A document's number is given once and its text never changes, so what was read of a chunk stays
true as long as the vectors are those of the same index. Who sees which document, and under which
title, is asked again each time.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from chatbot.store import reading
from chatbot.store.records import ChunkContent, ChunkKey, StoredChunk
from chatbot.store.tables import INDEX_BITS, INDEX_MASK

MOST_KEPT: Final = 3_000
"""Chunks that are remembered: about 10 KB each, most of it the vectors of five sentences."""


class ChunkReader:
    """Reads the chunks of one store. Thread-safe."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._lock = threading.Lock()
        self._index = ""
        self._kept: LRUCache[int, ChunkContent] = LRUCache(MOST_KEPT)

    def read(
        self,
        connection: Connection,
        keys: Sequence[ChunkKey],
        *,
        index: str,
        owner: str | None = None,
    ) -> list[StoredChunk]:
        """Return the chunks with these keys, each once, in their order; gone ones are left out.

        ``index`` is the name of the vector index of this transaction.
        """
        origins = reading.origins(connection, (key.document_id for key in keys), owner)
        wanted = {
            origins[key.document_id].number << INDEX_BITS | key.index: key
            for key in keys
            if key.document_id in origins and 0 <= key.index <= INDEX_MASK
        }
        contents = self._contents(connection, list(wanted), index)
        return [
            StoredChunk(
                key=key,
                title=origins[key.document_id].title,
                source=origins[key.document_id].source,
                content=contents[chunk_id],
            )
            for chunk_id, key in wanted.items()
            if chunk_id in contents
        ]

    def _contents(
        self, connection: Connection, ids: Sequence[int], index: str
    ) -> dict[int, ChunkContent]:
        with self._lock:
            if index != self._index:
                self._index, self._kept = index, LRUCache(MOST_KEPT)
            kept = self._kept
            known = {chunk_id: kept[chunk_id] for chunk_id in ids if chunk_id in kept}
        missing = [chunk_id for chunk_id in ids if chunk_id not in known]
        if missing:
            new = reading.chunks(connection, missing, dimension=self._dimension)
            with self._lock:
                kept.update(new)
            known |= new
        return known
