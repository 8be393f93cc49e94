"""SQLite as the home of the tables: one file in the data directory, and one process that writes it.

It knows how connections are opened and how a transaction begins.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from chatbot.store.failures import sqlite_errors
from chatbot.store.home import Home

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
