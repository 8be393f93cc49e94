"""Opens a data directory: makes it, or checks that this version and this embedder can use it."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from chatbot.errors import StoreError, StoreVersionError
from chatbot.store import reading, schema, sql
from chatbot.store.connections import Connections
from chatbot.store.directory import FILE, make_directory, make_file, no_store, require_store
from chatbot.store.failures import file_errors
from chatbot.store.index import VectorIndex
from chatbot.store.lock import OwnerLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an open data directory consists of."""

    data_dir: Path
    read_only: bool
    dimension: int
    """Of the stored vectors."""
    wanted: tuple[str, str]
    """Name and dimension of the embedding model that the settings name."""
    meta: dict[str, str]
    connections: Connections
    index: VectorIndex
    lock: OwnerLock | None

    def close(self) -> None:
        """Close the index, then the database, then give the lock back."""
        with ExitStack() as stack:
            if self.lock is not None:
                stack.callback(self.lock.release)
            stack.callback(self.connections.close)
            self.index.close()


def was_made(data_dir: Path) -> bool:
    """Return whether a store stands here that ``mark_initialised`` was called on.

    One that cannot be read counts too: opening it says what is wrong.
    """
    path = data_dir.expanduser().absolute() / FILE
    with file_errors(data_dir):
        if not path.is_file():
            return False
    connections = Connections(path, read_only=True)
    try:
        with connections.reading() as connection:
            return (
                not schema.is_empty(connection) and reading.meta(connection)["initialised"] == "1"
            )
    except StoreError:
        return True
    finally:
        connections.close()


def open_parts(
    data_dir: Path, *, embedder: str, dimension: int, read_only: bool, for_repair: bool
) -> Parts:
    """Open a data directory as ``Store.open`` describes; what fails leaves nothing open."""
    data_dir = data_dir.expanduser().absolute()
    with ExitStack() as undo:
        lock = None
        if read_only or for_repair:
            require_store(data_dir)
        if not read_only:
            make_directory(data_dir)
            lock = OwnerLock(data_dir)
            undo.callback(lock.release)
            make_file(data_dir)
        path = data_dir / FILE
        connections = Connections(path, read_only=read_only)
        undo.callback(connections.close)
        if not read_only:
            _bring_up_to_date(connections, path, embedder=embedder, dimension=dimension)
        with connections.reading() as connection:
            if read_only:
                _check_readable(connection, path)
            meta = reading.meta(connection)
        if not for_repair:
            schema.check_embedder(meta, path, embedder=embedder, dimension=dimension)

        stored = int(meta["dimension"])
        parts = Parts(
            data_dir=data_dir,
            read_only=read_only,
            dimension=stored,
            wanted=(embedder, str(dimension)),
            meta=meta,
            connections=connections,
            index=VectorIndex(data_dir, connections, dimension=stored),
            lock=lock,
        )
        undo.pop_all()
        return parts


def _bring_up_to_date(
    connections: Connections, path: Path, *, embedder: str, dimension: int
) -> None:
    with connections.reading() as connection:
        empty = schema.is_empty(connection)
        found = sql.VERSION if empty else schema.check_version(connection, path)
    if empty:
        schema.create(connections, embedder=embedder, dimension=dimension)
    schema.upgrade(connections, found)


def _check_readable(connection: sqlite3.Connection, path: Path) -> None:
    if schema.is_empty(connection):
        raise no_store(path.parent)
    if schema.check_version(connection, path) < sql.VERSION:
        raise StoreVersionError(
            f"{path} was written by an older version: open it once for writing to upgrade it, for "
            "example with `chatbot doctor`."
        )
