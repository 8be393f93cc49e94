"""The store: documents, their sentences, the full text and the vectors, as one object.

The tables are the truth, Chroma a rebuildable index of the vectors. An addition is written in this
order: a note in the tables that it has begun, the vectors in Chroma, then one transaction that
makes all of it visible and deletes the note. Whatever is killed in between leaves vectors that
nobody sees, and the next sweep removes them. It knows no model and no file format.
"""

from __future__ import annotations

import copy
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import Connection

from chatbot.errors import StoreBusy, StoreDamaged, StoreError, StoreUnreachable
from chatbot.store import adding, collections, opening, reading, writing
from chatbot.store.access import Tokens, UsageBook
from chatbot.store.collections import Collections
from chatbot.store.conversations import Conversations
from chatbot.store.guides import KeptGuides
from chatbot.store.links import Links
from chatbot.store.records import AddResult, NewDocument
from chatbot.store.repair import rebuild_index
from chatbot.store.search import Sight

if TYPE_CHECKING:
    from chatbot.store.opening import Parts, Place

_log = logging.getLogger(__name__)

_TRIES: Final = 5
"""How often an addition is begun again because other processes came between."""


class Store(Sight):
    """One store, open. Usable from several threads at once; a context manager."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.read_only = parts.home.read_only
        self.is_new = not self.read_only and parts.meta["initialised"] == "0"
        """True until ``mark_initialised`` was called: what a new store starts with is missing."""
        self._changing = threading.RLock()
        self.tokens = Tokens(parts.home)
        """The tokens that let people in from elsewhere."""
        self.usage = UsageBook(parts.home)
        """What people have used of the server."""
        self._see_as(None)

    def for_owner(self, owner: str) -> Self:
        """Return this store as one person sees it; closing either closes both."""
        view = copy.copy(self)
        view._see_as(owner)
        return view

    def _see_as(self, owner: str | None) -> None:
        home = self.parts.home
        self.owner = owner
        self.conversations = Conversations(home, owner=owner)
        """The conversations of the owner; those of all people where there is none."""
        self.collections = Collections(home, owner=owner)
        """The collections that the owner sees; everybody's where there is none."""
        self.guides = KeptGuides(home, owner=owner)
        """The guides to the documents that the owner sees."""
        self.links = Links(home, owner=owner)
        """The read-only links to the owner's conversations."""

    @staticmethod
    def exists(place: Place | Path) -> bool:
        """Return whether a store stands here that ``mark_initialised`` was called on."""
        return opening.was_made(opening.as_place(place))

    @classmethod
    def open(
        cls,
        place: Place | Path,
        *,
        embedder: str,
        dimension: int,
        read_only: bool = False,
        for_repair: bool = False,
    ) -> Self:
        """Open a store, and make it if it is not there.

        Args:
            place: where it stands; a path is a directory with SQLite and an embedded Chroma, which
                one process may own while others read beside it.
            embedder: the name of the embedding model, which must be the one that wrote the store.
            dimension: numbers in one of its vectors.
            read_only: read beside an owner; the directory must hold a store.
            for_repair: let the embedding model differ and leave the vector index alone.

        Raises:
            StoreBusy: another process owns the directory.
            StoreVersionError: another version of this program wrote it.
            EmbedderMismatch: another embedding model wrote it.
            StoreDamaged: SQLite cannot read it.
            StoreUnreachable: its server does not answer.
            StoreError: it cannot be made or read, or there is none to read.
        """
        store = cls(
            opening.open_parts(
                opening.as_place(place),
                embedder=embedder,
                dimension=dimension,
                read_only=read_only,
                for_repair=for_repair,
            )
        )
        if not for_repair and not read_only:
            try:
                store._begin()
            except BaseException:
                store.close()
                raise
        return store

    def _begin(self) -> None:
        with self.parts.home.reading() as connection:
            unfinished = bool(reading.pending(connection))
            filled = reading.totals(connection)["chunks"] > 0
        if not self.parts.home.shared:
            with suppress(StoreUnreachable):  # words can be searched without Chroma
                self.parts.index.clean_up()
        if filled:
            self._mend_index()
        elif self.parts.lock is not None:
            self.parts.lock.took_over = False
        if unfinished:
            self._sweep()
        if filled:
            self.parts.index.warm()

    def _mend_index(self) -> None:
        """Make the vector index again where it is gone, or a killed process has left it damaged.

        Chroma takes kill -9 nearly always; seen once in some thousand: "Failed to apply logs to
        the hnsw segment writer", at each search from then on. Where mending fails, the lock still
        says that nobody has looked, and the next opening tries again.
        """
        index, lock = self.parts.index, self.parts.lock
        if not index.is_there():
            _log.warning("The vector index is not there: it is made from the documents.")
            rebuild_index(self.parts, unless_there=True)
        elif lock is not None and lock.took_over:
            try:
                index.require_whole()
            except StoreUnreachable:
                return  # words can be searched without Chroma
            except StoreDamaged as error:
                _log.warning("The vector index is made again from the documents: %s", error)
                rebuild_index(self.parts)
        if lock is not None:
            lock.took_over = False

    def mark_initialised(self) -> None:
        """Remember that the store has what a new one starts with, so ``is_new`` is False now."""
        with self.parts.home.writing() as connection:
            writing.set_meta(connection, initialised="1")
        self.is_new = False

    # Writing

    def add(self, items: Sequence[NewDocument]) -> AddResult:
        """Add documents in one commit; when it returns they are on the disk.

        A text that the store has already is not written again; a source whose text has changed
        gets a new document, and the old one goes when no other source points to it.

        Raises:
            StoreError: the store is read-only, the disk is full, or the vectors do not fit;
                nothing was changed.
            ValueError: sentences, chunks and text of an item do not fit each other.
        """
        items = adding.prepare(items, self.parts.dimension)
        home = self.parts.home
        with home.writing():
            pass  # what cannot be written is told before anything is embedded or indexed
        with self._changing:
            for _ in range(_TRIES):
                with home.reading() as connection:
                    new = adding.find_new(connection, items)
                if new and not self.parts.index.is_there():
                    rebuild_index(self.parts, unless_there=True)
                try:
                    result = self._add(items, new)
                except StoreDamaged as error:
                    # All of it can be made again from the tables, as after a disk that was full.
                    _log.warning("The vector index is made again from the documents: %s", error)
                    rebuild_index(self.parts)
                    result = None
                if result is not None:
                    self._sweep()
                    return result
        raise StoreBusy("Other processes change the same documents: try again in a moment.")

    def _add(self, items: Sequence[NewDocument], new: Sequence[NewDocument]) -> AddResult | None:
        home = self.parts.home
        with home.adding() as require_lock:
            if new:
                chroma = self.parts.index.open()
                adding.note_intent(home, new)
                adding.index_documents(chroma, new)
            return adding.commit_documents(
                home, items, new, require_lock=require_lock, owner=self.owner
            )

    def remove(self, document_id: str) -> None:
        """Remove a document with its sources, text, sentences and vectors.

        A person removes it from their own sight only; the text goes with its last source.
        """
        with self._change() as connection:
            number = reading.number_of(connection, document_id, self.owner)
            if self.owner is None:
                writing.drop_document(connection, number)
                writing.add_pending(connection, [document_id])
            else:
                writing.take_away(connection, number, self.owner)
                collections.forget(connection, number, self.owner)
                writing.retire_documents(connection, [number])

    def forget(self, keys: Sequence[str]) -> None:
        """Remove sources of the owner; the texts that no other source has go with them."""
        with self._change() as connection:
            numbers = writing.drop_sources(connection, self.owner or "", keys)
            writing.retire_documents(connection, numbers)

    @contextmanager
    def _change(self) -> Iterator[Connection]:
        with self._changing:
            with self.parts.home.writing(alone=True) as connection:
                yield connection
                writing.next_generation(connection)
            self._sweep()

    def _sweep(self) -> None:
        # What it removes is invisible already, so its failure is no failure of the change.
        try:
            adding.sweep(self.parts.home, self.parts.index)
        except StoreError as error:
            _log.warning("Vectors of removed documents are left behind: %s", error)

    def close(self) -> None:
        """Give the directory, or the connections, back. Closing twice is no error."""
        with self._changing:
            self.parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
