"""The vector index: one Chroma collection, embedded or on a server, rebuildable from the tables.

It holds one vector for each chunk under the id ``documentid:index``. It may hold vectors of
documents that are not committed or not any more: who asks must look its hits up in the tables. It
is the only module that touches chromadb, whose import takes most of a second, so it is imported
with the first use.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit
from urllib.request import urlopen

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
"""The name of the one collection in a directory."""
BATCH: Final = 1000
"""Vectors in one call: a single one costs 28 ms, one of a thousand 1.2 ms."""
CONNECT_TIMEOUT: Final = 5.0
TIMEOUT: Final = 30.0
"""Seconds after which a server that does not answer is given up: at first, and later on."""
EF_SEARCH: Final = 400
"""Candidates that a search keeps: what it takes to find the nearest (``benchmarks.recall``)."""
_HNSW: Final[CreateHNSWConfiguration] = {"space": "cosine", "ef_search": EF_SEARCH}
_DOCUMENT: Final = "document"
_JITTER: Final = 1e-3
"""Length of the noise on a vector. Equal vectors, as of a footer in many files, cut the graph of
the index: with 1,500 equal ones among 6,500 a search found .80 of the true ten best, and with this
noise .99. Cosines are computed from the vectors without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaServer:
    """A Chroma server, or Chroma Cloud."""

    url: str
    token: str = field(default="", repr=False)
    tenant: str = "default_tenant"
    database: str = "default_database"


class ChromaIndex:
    """The vectors of one store. Thread-safe; of a directory only one process may open it.

    What fails raises as ``chroma_errors`` says.
    """

    def __init__(self, place: Path | ChromaServer, name: str) -> None:
        """Take the data directory or the server, and the name of the index there."""
        self.name = name
        self._place = place
        self._path = place / name if isinstance(place, Path) else None
        self._where = place if isinstance(place, Path) else place.url
        self._collection_name = COLLECTION if self._path else name
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._collection: Collection | None = None

    def create(self) -> None:
        """Make an empty collection."""
        with self._lock, self._calling():
            if self._path is not None:
                with file_errors(self._path.parent):
                    self._path.mkdir(mode=0o700)
            self._collection = self._connect().create_collection(
                self._collection_name, embedding_function=None, configuration={"hnsw": _HNSW}
            )

    @contextmanager
    def _using(self) -> Iterator[Collection]:
        collection = self.open()
        with self._calling():
            yield collection

    @contextmanager
    def _calling(self) -> Iterator[None]:
        # After a failed write Chroma may keep a lock on its own file and wait for it for ever
        # (seen on a disk that had been full), so whatever fails is followed by a new start.
        try:
            with chroma_errors(self._where):
                yield
        except StoreError:
            self.close()
            raise

    def _connect(self) -> Client:
        if self._client is None:
            client = _server(self._place) if self._path is None else _directory(str(self._path))
            self._client = cast("Client", client)  # the declared type lacks ``close``
        return self._client

    def open(self) -> Collection:
        """Open the collection, once."""
        with self._lock:
            if self._collection is None:
                # PersistentClient would make an empty database where there is none.
                if self._path is not None and not (self._path / "chroma.sqlite3").is_file():
                    raise damaged_index(self._where, f"{self.name} is missing")
                with self._calling():
                    self._collection = self._connect().get_collection(
                        self._collection_name, embedding_function=None
                    )
            return self._collection

    def upsert(self, keys: Sequence[ChunkKey], vectors: Vectors) -> None:
        """Write the vectors (n, dimension) of n chunks."""
        for first in range(0, len(keys), BATCH):
            batch = keys[first : first + BATCH]
            with self._using() as collection:
                collection.upsert(
                    ids=[f"{key.document_id}:{key.index}" for key in batch],
                    embeddings=_apart(vectors[first : first + BATCH], batch[0]),
                    metadatas=[{_DOCUMENT: key.document_id} for key in batch],
                )

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete the vectors of these documents; those it does not hold are no error."""
        for document_id in document_ids:
            with self._using() as collection:
                collection.delete(where={_DOCUMENT: document_id})

    def nearest(
        self, vector: Vectors, limit: int, documents: Sequence[str] | None = None
    ) -> list[ChunkKey]:
        """Return the chunks nearest to a unit vector (dimension,), best first; approximate.

        Only these documents are searched; None means all.
        """
        where: Any = None if documents is None else {_DOCUMENT: {"$in": list(documents)}}
        with self._using() as collection:
            found = collection.query(
                query_embeddings=vector[None, :], n_results=limit, where=where, include=[]
            )
        return [_key(chunk_id) for chunk_id in found["ids"][0]]

    def count(self) -> int:
        """Return the number of vectors."""
        with self._using() as collection:
            return int(collection.count())

    def keys(self) -> Iterator[ChunkKey]:
        """Yield the key of every vector."""
        for first in range(0, self.count(), 10 * BATCH):
            with self._using() as collection:
                ids = collection.get(limit=10 * BATCH, offset=first, include=[])["ids"]
            yield from map(_key, ids)

    def delete_others(self, prefix: str) -> None:
        """Delete the other collections of the server whose names begin like this."""
        with self._calling():
            client = self._connect()
            for collection in client.list_collections():
                if collection.name.startswith(prefix) and collection.name != self.name:
                    client.delete_collection(collection.name)

    def close(self) -> None:
        """Give the directory, or the connection, back."""
        with self._lock:
            client, self._client, self._collection = self._client, None, None
            if client is not None:
                with chroma_errors(self._where):
                    if self._path is None:
                        for session in _sessions(client):
                            session.close()  # Chroma leaves them open
                    client.close()


def _directory(path: str) -> object:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(path=path, settings=Settings(anonymized_telemetry=False))
    except BaseException:
        # Chroma 1.5.9 keeps what failed to start and gives it to every later client.
        SharedSystemClient._identifier_to_system.pop(path, None)
        raise


def _server(place: Path | ChromaServer) -> object:
    import chromadb
    from chromadb.config import Settings

    assert isinstance(place, ChromaServer)
    address = urlsplit(place.url)
    # Chroma sets no limit of time, and asks the server before one can be set.
    with urlopen(f"{place.url.rstrip('/')}/api/v2/heartbeat", timeout=CONNECT_TIMEOUT):
        pass
    tls = address.scheme == "https"
    token = place.token
    client = chromadb.HttpClient(
        host=address.hostname or "",
        port=address.port or (443 if tls else 8000),
        ssl=tls,
        # A proxy in front of a server looks at the first, Chroma Cloud at the second.
        headers={"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {},
        tenant=place.tenant,
        database=place.database,
        settings=Settings(anonymized_telemetry=False),
    )
    for session in _sessions(client):
        session.timeout = TIMEOUT
    return client


def _sessions(client: object) -> list[Any]:
    """Return the HTTP clients behind a client, for which Chroma has no settings."""
    known = cast(Any, client)
    return [known._server._session, known._admin_client._server._session]


def _key(chunk_id: str) -> ChunkKey:
    document_id, _, index = chunk_id.rpartition(":")
    return ChunkKey(document_id=document_id, index=int(index))


def _apart(vectors: Vectors, key: ChunkKey) -> Vectors:
    chance = np.random.default_rng(zlib.crc32(f"{key.document_id}:{key.index}".encode()))
    noise = chance.normal(scale=_JITTER / vectors.shape[1] ** 0.5, size=vectors.shape)
    return (vectors + noise).astype(np.float32)
