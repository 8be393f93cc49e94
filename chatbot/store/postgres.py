"""PostgreSQL as the home of the tables, for any number of processes on any number of machines.

Two advisory locks order those who write: one is held while documents are changed, by one at a time;
the other is shared by all who add and held alone by who sweeps, so that no sweep takes the vectors
of an addition that is under way for left ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, create_engine, make_url

from chatbot.errors import StoreError
from chatbot.store.failures import closed, postgres_errors
from chatbot.store.postgres_text import PostgresText

CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 60
LOCK_SECONDS: Final = 30
"""After these a server that does not answer is given up, and the next call tries again."""
_LOCKS: Final = 0x43424F54
_CHANGE: Final = f"SELECT pg_advisory_xact_lock({_LOCKS}, 1)"
_ADD: Final = f"SELECT pg_advisory_lock_shared({_LOCKS}, 2)"
_SWEEP: Final = f"SELECT pg_advisory_lock({_LOCKS}, 2)"


class PostgresHome:
    """A pool of connections to one database. Thread-safe."""

    shared = True

    def __init__(self, url: str, *, read_only: bool) -> None:
        address = make_url(url).set(drivername="postgresql+psycopg")
        self.where = address.render_as_string(hide_password=True).replace("+psycopg", "")
        self.text = PostgresText()
        self._read_only = read_only
        self._closed = False
        self._engine = create_engine(
            address,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=24,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "chatbot",
                "tcp_user_timeout": 1000 * LOCK_SECONDS,
                "options": f"-c statement_timeout={STATEMENT_SECONDS}s "
                f"-c lock_timeout={LOCK_SECONDS}s",
            },
        )
        self._readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._sessions = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        """For locks that are held over several transactions."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection within one read transaction; see ``Home``."""
        with postgres_errors(self.where):
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
        """Lend a connection within one transaction; see ``Home``."""
        self._require_open()
        with postgres_errors(self.where), self._engine.begin() as connection:
            if alone:
                connection.exec_driver_sql(_CHANGE)
            yield connection

    def _require_open(self) -> None:
        if self._read_only or self._closed:
            raise StoreError(
                "The store is open for reading only, or closed: open it for writing to change it."
            )

    def require_writer(self) -> None:
        """Check that it can be written."""
        with self.writing() as connection:
            connection.exec_driver_sql("SELECT 1")

    @contextmanager
    def adding(self) -> Iterator[Callable[[], None]]:
        """Share the lock of sweeps."""
        with self._locked(_ADD) as connection:

            def require_lock() -> None:
                with postgres_errors(self.where):
                    connection.exec_driver_sql("SELECT 1")

            yield require_lock

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """Hold the lock of sweeps alone."""
        with self._locked(_SWEEP):
            yield

    @contextmanager
    def _locked(self, statement: str) -> Iterator[Connection]:
        with postgres_errors(self.where), self._sessions.connect() as connection:
            connection.detach()  # a connection of its own, whose end is the end of the lock
            connection.exec_driver_sql(statement)
            yield connection

    def close(self) -> None:
        """Close all connections; those that are lent are closed when they come back."""
        self._closed = True
        self._engine.dispose()
