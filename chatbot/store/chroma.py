"""The vector index: one Chroma collection in a directory of its own, rebuildable from SQLite.

It holds one vector for each chunk under the id ``documentid:index``. It may hold vectors of
documents that are not committed or not any more: who asks must join the hits with SQLite. It is
the only module that touches chromadb, whose import takes more than a second, so it is imported
with the first use.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from chatbot.errors import StoreError
from chatbot.store.failures import chroma_errors, damaged_index, file_errors
from chatbot.store.records import ChunkKey

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

    from chatbot.models.embedder import Vectors

COLLECTION: Final = "chunks"
BATCH: Final = 1000
"""Vectors in one call: a single one costs 28 ms, one of a thousand 1.2 ms."""
_HNSW: Final[CreateHNSWConfiguration] = {"space": "cosine", "ef_search": 200}
_DOCUMENT: Final = "document"
_JITTER: Final = 1e-3
"""Length of the noise on a vector. Equal vectors, as of a footer in many files, cut the graph of
the index: with 1,500 equal ones among 6,500 a search found .80 of the true ten best, and with this
noise .99, which moves a cosine by about 5e-5."""


def import_chromadb() -> None:
    """Import chromadb, so that a later use need not wait for it."""
    import chromadb  # noqa: F401


class ChromaIndex:
    """The vectors of one store in one directory. Thread-safe; one process may write at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._collection: Collection | None = None

    def create(self) -> None:
        """Make the directory with an empty collection.

        Raises:
            StoreError: the directory cannot be written.
        """
        with self._lock, self._calling(), file_errors(self.path.parent):
            self.path.mkdir(mode=0o700)
            self._collection = self._connect().create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )

    @contextmanager
    def _calling(self) -> Iterator[None]:
        # After a failed write Chroma may keep a lock on its own file and wait for it for ever
        # (seen on a disk that had been full), so whatever fails is followed by a new start.
        try:
            with chroma_errors(self.path.parent):
                yield
        except StoreError:
            self.close()
            raise

    def _connect(self) -> Client:
        if self._client is None:
            import chromadb
            from chromadb.api.shared_system_client import SharedSystemClient
            from chromadb.config import Settings

            path = str(self.path)
            try:
                client = chromadb.PersistentClient(
                    path=path, settings=Settings(anonymized_telemetry=False)
                )
            except BaseException:
                # Chroma 1.5.9 keeps what failed to start and gives it to every later client.
                SharedSystemClient._identifier_to_system.pop(path, None)
                raise
            self._client = cast("Client", client)  # the declared type lacks ``close``
        return self._client

    def open(self) -> Collection:
        """Open the collection, once.

        Raises:
            StoreDamaged: the directory is missing or cannot be read.
        """
        with self._lock:
            if self._collection is None:
                # PersistentClient would make an empty database where there is none.
                if not (self.path / "chroma.sqlite3").is_file():
                    raise damaged_index(self.path.parent, f"{self.path.name} is missing")
                with self._calling():
                    self._collection = self._connect().get_collection(
                        COLLECTION, embedding_function=None
                    )
            return self._collection

    def upsert(self, keys: Sequence[ChunkKey], vectors: Vectors) -> None:
        """Write the vectors of chunks.

        Args:
            keys: n chunks.
            vectors: (n, dimension).

        Raises:
            StoreDamaged: the directory cannot be used.
            StoreError: the disk is full.
        """
        collection = self.open()
        for first in range(0, len(keys), BATCH):
            batch = keys[first : first + BATCH]
            with self._calling():
                collection.upsert(
                    ids=[f"{key.document_id}:{key.index}" for key in batch],
                    embeddings=_apart(vectors[first : first + BATCH], batch[0]),
                    metadatas=[{_DOCUMENT: key.document_id} for key in batch],
                )

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete the vectors of these documents; those it does not hold are no error."""
        collection = self.open()
        for document_id in document_ids:
            with self._calling():
                collection.delete(where={_DOCUMENT: document_id})

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[ChunkKey, float]]:
        """Return the nearest chunks with their cosines, best first; approximate.

        Args:
            vector: (dimension,), unit length.
            limit: how many at most.
        """
        with self._calling():
            found = self.open().query(
                query_embeddings=vector[None, :], n_results=limit, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return [
            (_key(chunk_id), 1.0 - float(distance))
            for chunk_id, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def count(self) -> int:
        """Return the number of vectors."""
        with self._calling():
            return int(self.open().count())

    def keys(self) -> Iterator[ChunkKey]:
        """Yield the key of every vector."""
        collection = self.open()
        first = 0
        while True:
            with self._calling():
                ids = collection.get(limit=10 * BATCH, offset=first, include=[])["ids"]
            if not ids:
                return
            yield from map(_key, ids)
            first += len(ids)

    def close(self) -> None:
        """Give the directory back."""
        with self._lock:
            self._collection = None
            if self._client is not None:
                client, self._client = self._client, None
                with chroma_errors(self.path.parent):
                    client.close()


def _key(chunk_id: str) -> ChunkKey:
    document_id, _, index = chunk_id.rpartition(":")
    return ChunkKey(document_id=document_id, index=int(index))


def _apart(vectors: Vectors, key: ChunkKey) -> Vectors:
    chance = np.random.default_rng(zlib.crc32(f"{key.document_id}:{key.index}".encode()))
    noise = chance.normal(scale=_JITTER / vectors.shape[1] ** 0.5, size=vectors.shape)
    return (vectors + noise).astype(np.float32)
