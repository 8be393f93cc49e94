"""SQLite as the home of the tables: one file in the data directory, and one process that writes it.

It knows how connections are opened, shared and closed and how a transaction ends.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from chatbot.errors import StoreError
from chatbot.store.failures import closed, sqlite_errors
from chatbot.store.sqlite_text import SqliteText

PATIENCE: Final = 10.0
"""Seconds to wait for another program's lock on the file."""
APPLICATION: Final = 0x43424F54
"""``PRAGMA application_id``: the letters CBOT, so that another program's file is recognised."""
_SET_WRITER: Final = (
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
"""The page size works for a new file only."""
_SET_READER: Final = ("PRAGMA query_only = ON", "PRAGMA cache_size = -16000")
_LOOK: Final = "PRAGMA user_version"


class SqliteHome:
    """The open connections to one SQLite file; as many readers as needed, one writer."""

    shared = False

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.where = str(path)
        self.text = SqliteText()
        self._read_only = read_only
        self._closed = False
        self._writing = threading.RLock()
        self._readers = _engine(self._new_reader, begin="BEGIN", size=0)
        self._writer = _engine(self._new_writer, begin="BEGIN IMMEDIATE", size=1)

    def _connect(self, uri: str, settings: tuple[str, ...]) -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE
        )
        try:
            for statement in settings:
                connection.execute(statement).fetchall()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _new_reader(self) -> sqlite3.Connection:
        uri = self.path.as_uri()
        if not self._read_only:
            return self._connect(uri, _SET_READER)
        try:
            return self._connect(f"{uri}?mode=ro", (*_SET_READER, _LOOK))
        except sqlite3.OperationalError:
            # On a read-only file system SQLite cannot make the -shm file that WAL needs. Where no
            # -wal file lies either nobody writes, and the file can be read as it is.
            if self.path.with_name(f"{self.path.name}-wal").exists():
                raise
            return self._connect(f"{uri}?immutable=1", (*_SET_READER, _LOOK))

    def _new_writer(self) -> sqlite3.Connection:
        return self._connect(self.path.as_uri(), _SET_WRITER)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection within one read transaction; see ``Home``."""
        with sqlite_errors(self.path):
            if self._closed:
                raise closed()
            with self._readers.connect() as connection:
                try:
                    with connection.begin():
                        yield connection
                finally:
                    if self._closed:
                        connection.detach()  # the pool it came from is gone

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """Lend the writing connection within one transaction; see ``Home``."""
        with self._writing, sqlite_errors(self.path):
            self._require_open()
            with self._writer.connect() as connection, connection.begin():
                yield connection

    def _require_open(self) -> None:
        if self._read_only or self._closed:
            raise StoreError(
                "The store is open for reading only, or closed: open it for writing to change it."
            )

    def require_writer(self) -> None:
        """Check that it can be written. The first call may change the file: it sets WAL."""
        with self._writing, sqlite_errors(self.path):
            self._require_open()
            self._writer.connect().close()

    @contextmanager
    def adding(self) -> Iterator[Callable[[], None]]:
        """Do nothing: one process writes, and does one thing after the other."""
        yield lambda: None

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """Do nothing, likewise."""
        yield

    def close(self) -> None:
        """Close all connections; those that are lent are closed when they come back."""
        with self._writing:
            self._closed = True
            # The writer goes last: the last one that closes folds the -wal file into the database.
            self._readers.dispose()
            self._writer.dispose()


def _engine(connect: Callable[[], sqlite3.Connection], *, begin: str, size: int) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=size)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
