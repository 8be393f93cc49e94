"""The vector index that the store uses now: which directory it is, how it is made and replaced.

Only the owner of a data directory opens it. A process that only reads never does: opening Chroma
writes to its files, and a Chroma that is open does not see what another process writes (both
measured with 1.5.9).
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatbot.errors import StoreError
from chatbot.store import reading, writing
from chatbot.store.checks import check_index
from chatbot.store.chroma import ChromaIndex, import_chromadb
from chatbot.store.connections import Connections
from chatbot.store.failures import damaged_index, file_errors
from chatbot.store.records import ChunkKey

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

DIRECTORY: Final = "chroma"
"""The first index stands in ``chroma-1``, the one that a repair makes of it in ``chroma-2``."""


class VectorIndex:
    """The Chroma index that ``meta`` names. Thread-safe; nothing is opened before it is used."""

    def __init__(self, data_dir: Path, connections: Connections, *, dimension: int) -> None:
        self._data_dir = data_dir
        self._connections = connections
        self._dimension = dimension
        self._lock = threading.RLock()
        self._chroma: ChromaIndex | None = None
        self._checked = False
        self._warming: threading.Thread | None = None

    def warm(self) -> None:
        """Start to import chromadb and to open the index beside other work."""
        if self._warming is None:
            self._warming = threading.Thread(target=self._warm, name="chatbot-warm", daemon=True)
            self._warming.start()

    def _warm(self) -> None:
        import_chromadb()
        # Whoever needs the index gets the same error, with somebody there to read it.
        with suppress(StoreError):
            self.open()

    def open(self) -> ChromaIndex:
        """Return the index, opened.

        Raises:
            StoreDamaged: it is missing or damaged.
        """
        with self._lock:
            if self._chroma is None:
                name = self.name()
                if not name:
                    raise damaged_index(self._data_dir, "there is none yet")
                chroma = ChromaIndex(self._data_dir / name)
                chroma.open()
                self._chroma = chroma
            return self._chroma

    def name(self) -> str:
        """Return the name of the directory in use; empty where none was made yet."""
        with self._connections.reading() as connection:
            return reading.meta(connection)["index"]

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[ChunkKey, float]]:
        """Return the nearest vectors, committed or not; see ``ChromaIndex.nearest``.

        Raises:
            StoreDamaged: it is missing, damaged or incomplete.
        """
        chroma = self.open()
        if not self._checked:
            self._checked = check_index(chroma, self._connections, dimension=self._dimension)
        return chroma.nearest(vector, limit)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete the vectors of these documents.

        Raises:
            StoreDamaged: it is missing or damaged.
        """
        if document_ids and self.name():
            self.open().remove(document_ids)

    def make(self) -> ChromaIndex:
        """Return an empty index in a directory of its own, not used yet.

        The directory's name is never one that was used before: Chroma shares what it has open
        between clients with equal paths, whatever happened to the files.

        Raises:
            StoreError: it cannot be made.
        """
        used = self.clean_up()
        number = int(used.rpartition("-")[2]) + 1 if used else 1
        chroma = ChromaIndex(self._data_dir / f"{DIRECTORY}-{number}")
        chroma.create()
        return chroma

    def switch(self, connection: sqlite3.Connection, chroma: ChromaIndex) -> None:
        """Name this index as the one in use, within a transaction."""
        writing.set_meta(connection, index=chroma.path.name)
        writing.next_generation(connection)

    def adopt(self, chroma: ChromaIndex) -> None:
        """Use this index, which ``switch`` has named, and remove the one before."""
        with self._lock:
            self._release()
            self._chroma = chroma
            self.clean_up()

    def clean_up(self) -> str:
        """Remove directories of indexes that are not in use; return the name of the used one."""
        used = self.name()
        with file_errors(self._data_dir):
            for path in self._data_dir.glob(f"{DIRECTORY}-*"):
                if path.name != used:
                    shutil.rmtree(path)
        return used

    def _release(self) -> None:
        self._checked = False
        if self._chroma is not None:
            chroma, self._chroma = self._chroma, None
            chroma.close()

    def close(self) -> None:
        """Give its files back."""
        if self._warming is not None:
            self._warming.join()
        with self._lock:
            self._release()
