"""The vector index that the store uses now: which directory it is, and when to open it anew.

A Chroma that is open in one process does not see what another process writes (measured: it finds
none of the new vectors until it is opened again). A store that only reads therefore opens it anew
when the generation in SQLite has changed.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import StoreDamaged, StoreError
from chatbot.store.chroma import ChromaIndex, import_chromadb
from chatbot.store.failures import damaged_index, file_errors
from chatbot.store.records import ChunkKey

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


class VectorIndex:
    """The Chroma index that ``meta`` names. Thread-safe."""

    def __init__(
        self, data_dir: Path, *, read_only: bool, current: Callable[[], tuple[int, str]]
    ) -> None:
        """Remember where it is; nothing is opened yet.

        Args:
            data_dir: the data directory.
            read_only: another process may write.
            current: reads the generation and the name of the index from SQLite.
        """
        self._data_dir = data_dir
        self._read_only = read_only
        self._current = current
        self._lock = threading.RLock()
        self._opened: tuple[int, str] | None = None
        self._chroma: ChromaIndex | None = None
        self._counted = False
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
        """Return the index, opened; anew if another process has changed it.

        Raises:
            StoreDamaged: it is missing or damaged.
        """
        with self._lock:
            if self._chroma is not None and not self._read_only:
                return self._chroma
            current = self._current()
            if self._chroma is None or self._opened != current:
                self._release()
                self._chroma = ChromaIndex(self._data_dir / current[1])
                self._opened = current
            self._chroma.open()
            return self._chroma

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        document_ids: Sequence[str] | None,
        *,
        generation: int,
        chunks: int,
    ) -> list[tuple[ChunkKey, float]]:
        """Return the nearest vectors, committed or not; see ``ChromaIndex.nearest``.

        Args:
            vector: (dimension,), unit length.
            limit: how many at most.
            document_ids: search among these documents only; None means all.
            generation: of the store, as the caller has read it.
            chunks: committed chunks in that generation; fewer vectors mean that some were lost.

        Raises:
            StoreDamaged: it is missing, damaged or incomplete.
        """

        def search() -> list[tuple[ChunkKey, float]]:
            chroma = self.open()
            self._count(chroma, generation, chunks)
            return chroma.nearest(vector, limit, document_ids)

        if not self._read_only:
            return search()
        with self._lock:  # nobody may open it anew while it is searched
            try:
                return search()
            except StoreDamaged:
                if self._current() == self._opened:
                    raise
                return search()  # its owner has just put another one in its place

    def _count(self, chroma: ChromaIndex, generation: int, chunks: int) -> None:
        if self._counted:
            return
        count = chroma.count()
        # A removal between the caller's reading and this one is no loss.
        if self._current()[0] == generation:
            if count < chunks:
                what = f"it lacks {chunks - count} of {chunks} vectors"
                raise damaged_index(self._data_dir, what)
            self._counted = True

    def create(self) -> ChromaIndex:
        """Return the index of a store that has no chunks: what may lie there is of no value.

        Raises:
            StoreError: it cannot be made.
        """
        with self._lock:
            try:
                return self.open()
            except StoreDamaged:
                self._release()
                path = self._data_dir / self._current()[1]
                with file_errors(self._data_dir):
                    if path.exists():
                        shutil.rmtree(path)
                chroma = ChromaIndex(path)
                chroma.create()
                self.replace(chroma)
                return chroma

    def replace(self, chroma: ChromaIndex) -> None:
        """Use this index, which is open, from now on."""
        with self._lock:
            self._release()
            self._chroma = chroma

    def _release(self) -> None:
        self._counted = False
        if self._chroma is not None:
            chroma, self._chroma = self._chroma, None
            chroma.close()

    def close(self) -> None:
        """Give its files back."""
        if self._warming is not None:
            self._warming.join()
        with self._lock:
            self._release()
