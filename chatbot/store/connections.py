"""Connections to the SQLite file: one that writes, and as many as there are readers at a time.

This module knows how to open, share and close them and how a transaction ends. It knows no table.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chatbot.errors import StoreError
from chatbot.store import sql
from chatbot.store.failures import sqlite_errors

PATIENCE: Final = 10.0
"""Seconds to wait for another program's lock on the file."""


class Connections:
    """The open connections to one SQLite file; usable from several threads at once."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._path = path
        self._read_only = read_only
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._writing = threading.RLock()
        self._writer: sqlite3.Connection | None = None

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
        uri = self._path.as_uri()
        if not self._read_only:
            return self._connect(uri, sql.SET_READER)
        try:
            return self._connect(f"{uri}?mode=ro", (*sql.SET_READER, sql.GET_VERSION))
        except sqlite3.OperationalError:
            # On a read-only file system SQLite cannot make the -shm file that WAL needs. Where no
            # -wal file lies either nobody writes, and the file can be read as it is.
            if self._path.with_name(f"{self._path.name}-wal").exists():
                raise
            return self._connect(f"{uri}?immutable=1", (*sql.SET_READER, sql.GET_VERSION))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection within one read transaction: all it sees is of one moment.

        Raises:
            StoreError: the store is closed, or SQLite's trouble as in ``sqlite_errors``.
        """
        with sqlite_errors(self._path):
            with self._lock:
                if self._closed:
                    raise StoreError("The store is closed: open it again to use it.")
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = self._new_reader()
            try:
                connection.execute(sql.BEGIN_READING)
                yield connection
            finally:
                self._give_back(connection)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute(sql.ROLLBACK)
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the writing connection within one transaction: committed at the end, or nothing.

        Raises:
            StoreError: the store is closed or read-only, or SQLite's trouble.
        """
        with self._writing, sqlite_errors(self._path):
            writer = self.require_writer()
            writer.execute(sql.BEGIN_WRITING)
            try:
                yield writer
                writer.execute(sql.COMMIT)
            finally:
                # A full disk may have rolled it back already.
                if writer.in_transaction:
                    writer.execute(sql.ROLLBACK)

    def require_writer(self) -> sqlite3.Connection:
        """Return the writing connection. The first call may change the file: it sets WAL.

        Raises:
            StoreError: the store is closed or read-only.
        """
        with self._writing, sqlite_errors(self._path):
            if self._read_only or self._closed:
                raise StoreError(
                    "The store is open for reading only, or closed: open it for writing to change "
                    "it."
                )
            if self._writer is None:
                self._writer = self._connect(self._path.as_uri(), sql.SET_WRITER)
            return self._writer

    def close(self) -> None:
        """Close all connections; those that are lent are closed when they come back."""
        with self._writing, self._lock:
            self._closed = True
            # The writer goes last: the last one that closes folds the -wal file into the database.
            idle, self._idle = self._idle, []
            for connection in idle:
                connection.close()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
