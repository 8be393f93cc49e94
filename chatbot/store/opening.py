"""Opens a place: makes the store, or checks that this version and this embedder can use it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from chatbot.errors import StoreError, StoreVersionError
from chatbot.store import reading, schema
from chatbot.store.failures import file_errors
from chatbot.store.home import Home, postgres_home, sqlite_home
from chatbot.store.index import VectorIndex
from chatbot.store.lock import OwnerLock
from chatbot.store.place import Place, no_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an open store consists of."""

    place: Place
    read_only: bool
    dimension: int
    """Of the stored vectors."""
    wanted: tuple[str, str]
    """Name and dimension of the embedding model that the settings name."""
    meta: dict[str, str]
    home: Home
    index: VectorIndex
    lock: OwnerLock | None

    def close(self) -> None:
        """Close the index, then the database, then give the lock back."""
        with ExitStack() as stack:
            if self.lock is not None:
                stack.callback(self.lock.release)
            stack.callback(self.home.close)
            self.index.close()


def as_place(place: Place | Path) -> Place:
    """Return the place; a path is a data directory alone."""
    return place if isinstance(place, Place) else Place(data_dir=place)


def was_made(place: Place) -> bool:
    """Return whether a store stands here that ``mark_initialised`` was called on.

    One that cannot be read counts too: opening it says what is wrong.
    """
    if place.database_url is None:
        with file_errors(place.data_dir):
            if not place.file.is_file():
                return False
    home = _home(place, read_only=True)
    try:
        with home.reading() as connection:
            return (
                not schema.is_empty(connection) and reading.meta(connection)["initialised"] == "1"
            )
    except StoreError:
        return True
    finally:
        home.close()


def open_parts(
    place: Place, *, embedder: str, dimension: int, read_only: bool, for_repair: bool
) -> Parts:
    """Open a place as ``Store.open`` describes; what fails leaves nothing open."""
    with ExitStack() as undo:
        lock = None
        if place.database_url is None:
            lock = _own(place, read_only=read_only, must_exist=read_only or for_repair)
            if lock is not None:
                undo.callback(lock.release)
        home = _home(place, read_only=read_only)
        undo.callback(home.close)
        if not read_only:
            _bring_up_to_date(home, embedder=embedder, dimension=dimension, may_make=not for_repair)
        with home.reading() as connection:
            if read_only:
                _check_readable(connection, home)
            meta = reading.meta(connection)
        if not for_repair:
            schema.check_embedder(meta, home.where, embedder=embedder, dimension=dimension)
        index = VectorIndex(
            home,
            place.chroma or place.directory,
            store=meta["store"],
            dimension=int(meta["dimension"]),
        )
        parts = Parts(
            place=place,
            read_only=read_only,
            dimension=int(meta["dimension"]),
            wanted=(embedder, str(dimension)),
            meta=meta,
            home=home,
            index=index,
            lock=lock,
        )
        undo.pop_all()
        return parts


def _own(place: Place, *, read_only: bool, must_exist: bool) -> OwnerLock | None:
    """Take the lock of the data directory, made where it is not there; readers take none."""
    file, directory = place.file, place.directory
    with file_errors(directory):
        if must_exist and not file.is_file():
            raise no_store(str(directory))
        if read_only:
            return None
        if not file.exists():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
        lock = OwnerLock(directory)
        try:
            file.touch(mode=0o600)  # SQLite would make one that others can read
        except OSError:
            lock.release()
            raise
    return lock


def _home(place: Place, *, read_only: bool) -> Home:
    if place.database_url is None:
        return sqlite_home(place.file, read_only=read_only)
    return postgres_home(place.database_url, read_only=read_only)


def _bring_up_to_date(home: Home, *, embedder: str, dimension: int, may_make: bool) -> None:
    """Make or upgrade the schema, where others have not done it meanwhile."""
    with home.reading() as connection:
        if not schema.is_empty(connection) and (
            schema.check_version(connection, home.where) == schema.VERSION
        ):
            return
    with home.writing(alone=True) as connection:
        if not schema.is_empty(connection):
            found = schema.check_version(connection, home.where)
            if found < schema.VERSION:
                schema.upgrade(connection, found)
        elif may_make:
            schema.create(connection, embedder=embedder, dimension=dimension)
        else:
            raise no_store(home.where)


def _check_readable(connection: Connection, home: Home) -> None:
    if schema.is_empty(connection):
        raise no_store(home.where)
    if schema.check_version(connection, home.where) < schema.VERSION:
        raise StoreVersionError(
            f"{home.where} was written by an older version: open it once for writing to upgrade "
            "it, for example with `chatbot doctor`."
        )
