"""The home of the tables: SQLite in a directory, or PostgreSQL; transactions and locks over it.

SQLite is one file that one process writes, PostgreSQL serves any number of them. In PostgreSQL two
advisory locks order those who write: one is held while documents are changed, by one at a time; the
other is shared by all who add and held alone by who sweeps, so that no sweep takes the vectors of
an addition that is under way for left ones. SQLite has one process that writes, which does one
thing after the other.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from chatbot.errors import StoreError
from chatbot.store.failures import postgres_errors, sqlite_errors

APPLICATION: Final = 0x43424F54
"""``PRAGMA application_id``: the letters CBOT, so that another program's file is recognised."""

_CHANGE: Final = f"SELECT pg_advisory_xact_lock({APPLICATION}, 1)"
_ADD: Final = f"SELECT pg_advisory_lock_shared({APPLICATION}, 2)"
_SWEEP: Final = f"SELECT pg_advisory_lock({APPLICATION}, 2)"
PATIENCE: Final = 10.0
"""Seconds to wait for another program's lock on the file."""
_SET_WRITER: Final = (
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
"""The page size works for a new file only."""
_SET_READER: Final = ("PRAGMA query_only = ON", "PRAGMA cache_size = -16000")
_LOOK: Final = "PRAGMA user_version"
CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 60
LOCK_SECONDS: Final = 30
"""After these a server that does not answer is given up, and the next call tries again."""


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

    def rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return what a query finds, within a transaction of its own."""
        with self.reading() as connection:
            return connection.execute(statement).all()

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """Lend a connection within one transaction: committed at the end, or nothing.

        Args:
            alone: let no other process's transaction with ``alone`` run at the same time.

        Raises:
            StoreError: the store is closed, read-only or cannot be written.
        """
        with nullcontext() if self.shared else self._turn:
            if self.read_only or self._closed:
                raise StoreError(
                    "The store is open for reading only, or closed: open it for writing to change "
                    "it."
                )
            with self.errors(), self.writer.begin() as connection:
                if self.shared and alone:
                    connection.exec_driver_sql(_CHANGE)
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


def sqlite_home(path: Path, *, read_only: bool) -> Home:
    """Return the home in this file; as many readers as needed, one writer."""
    uri = path.as_uri()
    return Home(
        where=str(path),
        shared=False,
        readers=_engine(partial(_new_reader, path, read_only), begin="BEGIN", size=0),
        writer=_engine(partial(_connect, uri, _SET_WRITER), begin="BEGIN IMMEDIATE", size=1),
        errors=partial(sqlite_errors, path),
        read_only=read_only,
    )


def _connect(uri: str, settings: tuple[str, ...]) -> sqlite3.Connection:
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


def _new_reader(path: Path, read_only: bool) -> sqlite3.Connection:
    uri = path.as_uri()
    if not read_only:
        return _connect(uri, _SET_READER)
    try:
        return _connect(f"{uri}?mode=ro", (*_SET_READER, _LOOK))
    except sqlite3.OperationalError:
        # On a read-only file system SQLite cannot make the -shm file that WAL needs. Where no
        # -wal file lies either nobody writes, and the file can be read as it is.
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return _connect(f"{uri}?immutable=1", (*_SET_READER, _LOOK))


def _engine(connect: Callable[[], sqlite3.Connection], *, begin: str, size: int) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=size)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def postgres_home(url: str, *, read_only: bool) -> Home:
    """Return the home in this database, with a pool of connections."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    where = address.render_as_string(hide_password=True).replace("+psycopg", "")
    engine = create_engine(
        address,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "chatbot",
            "tcp_user_timeout": 1000 * LOCK_SECONDS,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s "
            # A search takes some milliseconds: to start workers or a compiler takes longer.
            "-c max_parallel_workers_per_gather=0 -c jit=off",
        },
    )
    return Home(
        where=where,
        shared=True,
        readers=engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ),
        writer=engine,
        errors=partial(postgres_errors, where),
        read_only=read_only,
    )
