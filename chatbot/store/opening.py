"""Opens a data directory: makes it, or checks that this version and this embedder can use it."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from chatbot.errors import EmbedderMismatch, StoreError, StoreVersionError
from chatbot.store import reading, sql, writing
from chatbot.store.connections import Connections
from chatbot.store.failures import file_errors
from chatbot.store.index import VectorIndex
from chatbot.store.lock import OwnerLock

FILE: Final = "chatbot.sqlite3"
INDEX: Final = "chroma"
"""The vector index's first directory; a rebuilt one is called ``chroma-2`` and so on."""


def make_directory(data_dir: Path) -> None:
    """Make the data directory and the empty file of a new store, for their owner's eyes only.

    Raises:
        StoreError: they cannot be made.
    """
    with file_errors(data_dir):
        if not (data_dir / FILE).exists():
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            data_dir.chmod(0o700)


def make_file(data_dir: Path) -> None:
    """Make the file before SQLite does, which would let others read it. It keeps the mode."""
    with file_errors(data_dir):
        (data_dir / FILE).touch(mode=0o600)


def require_store(data_dir: Path) -> None:
    """Check that there is something to read.

    Raises:
        StoreError: there is no store.
    """
    with file_errors(data_dir):
        found = (data_dir / FILE).is_file()
    if not found:
        raise _no_store(data_dir)


def _no_store(data_dir: Path) -> StoreError:
    return StoreError(
        f"There is no store in {data_dir} yet: add a document first (`chatbot add PATH`)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an open data directory consists of."""

    data_dir: Path
    read_only: bool
    dimension: int
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
            return not is_empty(connection) and reading.meta(connection)["initialised"] == "1"
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
            check_embedder(meta, path, embedder=embedder, dimension=dimension)

        def current() -> tuple[int, str]:
            with connections.reading() as connection:
                return reading.generation(connection), reading.meta(connection)["index"]

        parts = Parts(
            data_dir=data_dir,
            read_only=read_only,
            dimension=int(meta["dimension"]),
            meta=meta,
            connections=connections,
            index=VectorIndex(data_dir, read_only=read_only, current=current),
            lock=lock,
        )
        undo.pop_all()
        return parts


def _bring_up_to_date(
    connections: Connections, path: Path, *, embedder: str, dimension: int
) -> None:
    with connections.reading() as connection:
        empty = is_empty(connection)
        found = sql.VERSION if empty else check_version(connection, path)
    if empty:
        create(connections, embedder=embedder, dimension=dimension)
    upgrade(connections, found)


def _check_readable(connection: sqlite3.Connection, path: Path) -> None:
    if is_empty(connection):
        raise _no_store(path.parent)
    if check_version(connection, path) < sql.VERSION:
        raise StoreVersionError(
            f"{path} was written by an older version: open it once for writing to upgrade it, for "
            "example with `chatbot doctor`."
        )


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether the file holds nothing at all: it is new, or its making was cut."""
    return int(connection.execute(sql.COUNT_TABLES).fetchone()[0]) == 0


def create(connections: Connections, *, embedder: str, dimension: int) -> None:
    """Write the schema and what the store knows of itself, in one transaction."""
    with connections.writing() as connection:
        for statement in sql.SCHEMA.split(";\n"):
            connection.execute(statement)
        writing.set_meta(
            connection,
            embedder=embedder,
            dimension=str(dimension),
            index=INDEX,
            created_by=_own_version(),
            generation="0",
            initialised="0",
        )


def _own_version() -> str:
    try:
        return version("chatbot")
    except PackageNotFoundError:
        return "unknown"


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema in the file.

    Raises:
        StoreVersionError: a newer version wrote it, another program, or nobody knows who.
    """
    if connection.execute(sql.GET_APPLICATION).fetchone()[0] != sql.APPLICATION:
        raise StoreVersionError(
            f"{path} was not written by this program or by a version too old to upgrade: choose "
            "another directory with CHATBOT_DATA_DIR and add the documents again."
        )
    found = int(connection.execute(sql.GET_VERSION).fetchone()[0])
    if found > sql.VERSION:
        raise StoreVersionError(
            f"{path} was written by a newer version (schema {found}, this one reads up to "
            f"{sql.VERSION}): upgrade this program or choose another directory."
        )
    if any(step not in sql.MIGRATIONS for step in range(found, sql.VERSION)):
        raise StoreVersionError(
            f"{path} was written by a version too old to upgrade (schema {found}, this one writes "
            f"{sql.VERSION}): choose another directory and add the documents again."
        )
    return found


def upgrade(connections: Connections, found: int) -> None:
    """Bring the schema to this version, one transaction for each step."""
    for step in range(found, sql.VERSION):
        with connections.writing() as connection:
            for statement in sql.MIGRATIONS[step].split(";\n"):
                connection.execute(statement)
            connection.execute(sql.SET_VERSION.format(version=step + 1))


def check_embedder(meta: dict[str, str], path: Path, *, embedder: str, dimension: int) -> None:
    """Check that the store's vectors come from this model.

    Raises:
        EmbedderMismatch: they come from another one.
    """
    if (meta["embedder"], meta["dimension"]) == (embedder, str(dimension)):
        return
    raise EmbedderMismatch(
        f"The store in {path.parent} was written with the embedding model {meta['embedder']} "
        f"({meta['dimension']} numbers), and the settings name {embedder} ({dimension}): set the "
        "old model again, or run `chatbot doctor --reembed` to use the new one."
    )
