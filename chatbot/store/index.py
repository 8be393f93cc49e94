"""The vector index that the store uses now: where it stands, how it is made and replaced.

A Chroma directory takes one process at a time (two that write lose vectors without an error, and
one that is open does not see what another writes), so the owner of the data directory opens it. A
process that only reads borrows it for one search where there is no owner. A Chroma server takes
any number of processes.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, delete

from chatbot.errors import StoreError
from chatbot.store import passages, reading, tables, writing
from chatbot.store.catalogue import Catalogue
from chatbot.store.chroma import ChromaIndex, ChromaServer
from chatbot.store.failures import damaged_index, file_errors
from chatbot.store.home import Home
from chatbot.store.lock import OwnerLock

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

DIRECTORY: Final = "chroma"
"""The first index stands in ``chroma-1``, the one that a repair makes of it in ``chroma-2``."""
_SAMPLE: Final = 16
_LARGE_SAMPLE: Final = 200
"""Stored vectors that are looked for at the first search, and after an owner that was killed."""
_ASKED: Final = 16
"""Nearest vectors among which a stored one must find itself."""
_ITSELF: Final = 0.999
"""The cosine from which a hit is the vector that was looked for, or one that equals it."""
_FEW: Final = 0.02
"""Share of a large sample that the approximate search may miss: under 1 % when it is whole."""
_MOST_OF_A_FEW: Final = 0.25
"""The same of a sample of 16, where one that is missed by chance is 6 %."""


class VectorIndex:
    """The Chroma index that ``meta`` names. Thread-safe; nothing is opened before it is used.

    What is missing, damaged or incomplete raises ``StoreDamaged``, a server that does not answer
    ``StoreUnreachable``, an index that cannot be made ``StoreError``.
    """

    def __init__(self, home: Home, place: Path | ChromaServer, *, store: str) -> None:
        """Take where it stands; ``store`` is in the names of its collections on a server."""
        self._home = home
        self._place = place
        self._borrows = home.read_only and isinstance(place, Path)
        self._prefix = f"{DIRECTORY}-" if isinstance(place, Path) else f"chatbot-{store}-"
        self._where = place if isinstance(place, Path) else place.url
        self._lock = threading.RLock()
        self._chroma: ChromaIndex | None = None
        self._checked = False
        self._warming: threading.Thread | None = None

    def warm(self) -> None:
        """Start to import chromadb and to open the index beside other work, once."""
        self._warming = threading.Thread(target=self._warm, name="chatbot-warm", daemon=True)
        self._warming.start()

    def _warm(self) -> None:
        with suppress(StoreError):  # whoever needs the index gets the same error, and reads it
            self.open()

    def name(self) -> str:
        """Return the name of the index in use; empty where none stands here yet."""
        with self._home.reading() as connection:
            name = reading.meta(connection)["index"]
        return name if name.startswith(self._prefix) else ""

    def is_there(self) -> bool:
        """Return whether there is an index to use, as far as can be told without opening it."""
        name = self.name()
        if isinstance(self._place, Path) and name:
            return (self._place / name / "chroma.sqlite3").is_file()
        return bool(name)

    def open(self, name: str | None = None) -> ChromaIndex:
        """Return the index in use, opened; ``name`` is its name, where that is known."""
        name = self.name() if name is None else name
        with self._lock:
            if self._chroma is None or self._chroma.name != name:
                self._release()
                if not name.startswith(self._prefix):
                    raise damaged_index(self._where, "there is none yet")
                chroma = ChromaIndex(self._place, name)
                chroma.open()
                self._chroma = chroma
            return self._chroma

    @contextmanager
    def lent(self, now: Catalogue) -> Iterator[ChromaIndex | None]:
        """Lend the index for one search; None where another process has its directory."""
        if not self._borrows:
            chroma = self.open(now.index)
            if not self._checked:
                self._check(chroma, now)
            yield chroma
            return
        assert isinstance(self._place, Path)
        try:
            lock = OwnerLock(self._place, patience=0)
        except StoreError:  # there is an owner, or nothing can be written here
            yield None
            return
        with closing(lock), closing(ChromaIndex(self._place, now.index)) as chroma:
            yield chroma

    def require_whole(self) -> None:
        """Check all that can be checked quickly, as after a process that was killed."""
        with self._home.reading() as connection:
            chunks = reading.totals(connection)["chunks"]
        problem = self._problem(self.open(), chunks)
        if problem:
            raise damaged_index(self._where, problem)

    def _check(self, chroma: ChromaIndex, now: Catalogue) -> None:
        """Check that it holds what the tables say, and finds some of it, the first time."""
        problem = self._problem(chroma, now.chunks, _SAMPLE, _MOST_OF_A_FEW)
        with self._home.reading() as connection:
            if int(reading.meta(connection)["generation"]) != now.generation:
                return
        if problem:
            raise damaged_index(self._where, problem)
        self._checked = True

    def _problem(
        self, chroma: ChromaIndex, chunks: int, sampled: int = _LARGE_SAMPLE, most: float = _FEW
    ) -> str:
        """Return what is wrong with an index that should hold so many vectors; empty if nothing."""
        missing = chunks - chroma.count()
        if missing > 0:
            return f"it lacks {missing} of {chunks} vectors"
        lost = self.lost(chroma, sampled, most)
        return lost and f"it {lost}"

    def lost(self, chroma: ChromaIndex, sampled: int = _LARGE_SAMPLE, most: float = _FEW) -> str:
        """Return how many of a sample of the stored vectors it does not find; empty if few.

        Chroma may lose vectors without a word: with its segment directory gone it still answers,
        from the few vectors it has not written there yet, and counts all of them.
        """
        with self._home.reading() as connection:
            sample = passages.sample_vectors(connection, sampled)
            lost = sum(not _finds(chroma, connection, vector) for vector in sample)
        return f"does not find {lost} of {len(sample)} vectors" * (lost > most * len(sample))

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete the vectors of these documents."""
        if document_ids and (name := self.name()):
            self.open(name).remove(document_ids)

    @contextmanager
    def renewed(self) -> Iterator[ChromaIndex]:
        """Lend an empty index beside the one in use, and adopt it at the end.

        Its name is never one that was used before: Chroma shares what it has open between clients
        with equal paths, whatever happened to the files.
        """
        used = self.clean_up()
        number = int(used.rpartition("-")[2] or 0) + 1
        chroma = ChromaIndex(self._place, f"{self._prefix}{number}")
        try:
            chroma.create()
            yield chroma
        except BaseException:
            chroma.close()
            raise
        self.adopt(chroma)

    def switch(self, connection: Connection, chroma: ChromaIndex) -> None:
        """Name this index, which holds what is committed, as the one in use."""
        connection.execute(delete(tables.pending))
        writing.set_meta(connection, index=chroma.name)
        writing.next_generation(connection)

    def adopt(self, chroma: ChromaIndex) -> None:
        """Use this index, which ``switch`` has named, and remove the one before."""
        with self._lock:
            self._release()
            self._chroma = chroma
            self.clean_up()

    def clean_up(self) -> str:
        """Remove indexes that are not in use; return the name of the used one."""
        used = self.name()
        if isinstance(self._place, Path):
            with file_errors(self._place):
                for path in self._place.glob(f"{self._prefix}*"):
                    if path.name != used:
                        shutil.rmtree(path)
            return used
        with closing(ChromaIndex(self._place, used)) as chroma:
            chroma.delete_others(self._prefix)
        return used

    def _release(self) -> None:
        self._checked = False
        if self._chroma is not None:
            chroma, self._chroma = self._chroma, None
            chroma.close()

    def close(self) -> None:
        """Give its files, or its connections, back."""
        if self._warming is not None:
            self._warming.join()
        with self._lock:
            self._release()


def _finds(chroma: ChromaIndex, connection: Connection, vector: Vectors) -> bool:
    ids = reading.chunk_ids(connection, chroma.nearest(vector, _ASKED))
    found = passages.vectors_of(connection, ids)[1]
    return any(float(one @ vector) > _ITSELF for one in found)
