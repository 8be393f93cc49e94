"""The home of the tables: SQLite in a directory, or PostgreSQL; transactions and locks over it.

What differs between the two is made by ``sqlite`` and ``postgres``: engines, and what is said when
something goes wrong. In PostgreSQL two advisory locks order those who write: one is held while
documents are changed, by one at a time; the other is shared by all who add and held alone by who
sweeps, so that no sweep takes the vectors of an addition that is under way for left ones. SQLite
has one process that writes, which does one thing after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Engine

from chatbot.errors import StoreError

_LOCKS: Final = 0x43424F54
_CHANGE: Final = f"SELECT pg_advisory_xact_lock({_LOCKS}, 1)"
_ADD: Final = f"SELECT pg_advisory_lock_shared({_LOCKS}, 2)"
_SWEEP: Final = f"SELECT pg_advisory_lock({_LOCKS}, 2)"


@dataclass(slots=True, kw_only=True)
class Home:
    """A database with the tables, open. Thread-safe."""

    where: str
    """What messages call it."""
    shared: bool
    """Whether several processes may write it at a time."""
    readers: Engine
    """As many connections as needed; a transaction of one sees one moment."""
    writer: Engine
    errors: Callable[[], AbstractContextManager[None]]
    """Translates what the database raises."""
    read_only: bool
    _closed: bool = False
    _turn: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection within one read transaction: all it sees is of one moment.

        Raises:
            StoreError: the store is closed or cannot be read.
        """
        with self.errors():
            if self._closed:
                raise StoreError("The store is closed: open it again to use it.")
            with self.readers.connect() as connection:
                try:
                    with connection.begin():
                        yield connection
                finally:
                    if self._closed:
                        connection.detach()  # the pool it came from is gone

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """Lend a connection within one transaction: committed at the end, or nothing.

        Args:
            alone: let no other process's transaction with ``alone`` run at the same time.

        Raises:
            StoreError: the store is closed, read-only or cannot be written.
        """
        if self.shared:
            with self._transaction() as connection:
                if alone:
                    connection.exec_driver_sql(_CHANGE)
                yield connection
        else:
            with self._turn, self._transaction() as connection:
                yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self.read_only or self._closed:
            raise StoreError(
                "The store is open for reading only, or closed: open it for writing to change it."
            )
        with self.errors(), self.writer.begin() as connection:
            yield connection

    def adding(self) -> AbstractContextManager[Callable[[], None]]:
        """Keep others from sweeping meanwhile; any number may add at the same time.

        It gives what raises ``StoreUnreachable`` where others are kept off no more.
        """
        return self._locked(_ADD)

    def sweeping(self) -> AbstractContextManager[object]:
        """Wait until nobody adds, and keep all others from adding and sweeping meanwhile."""
        return self._locked(_SWEEP)

    @contextmanager
    def _locked(self, statement: str) -> Iterator[Callable[[], None]]:
        if not self.shared:
            yield lambda: None
            return
        sessions = self.writer.execution_options(isolation_level="AUTOCOMMIT")
        with self.errors(), sessions.connect() as connection:
            connection.detach()  # a connection of its own, whose end is the end of the lock
            connection.exec_driver_sql(statement)

            def require_lock() -> None:
                with self.errors():
                    connection.exec_driver_sql("SELECT 1")

            yield require_lock

    def close(self) -> None:
        """Close all connections; those that are lent are closed when they come back."""
        with self._turn:
            self._closed = True
            # The writer goes last: SQLite's last connection folds the -wal file into the database.
            self.readers.dispose()
            self.writer.dispose()
