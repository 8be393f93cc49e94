"""Turns what SQLite, PostgreSQL, Chroma and the file system raise into one clear sentence of ours.

Every call into them goes through one of these context managers, so that nothing above the store
meets a foreign exception.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chatbot.errors import ChatbotError, StoreBusy, StoreDamaged, StoreError, StoreUnreachable

_FULL: Final = ("disk is full", "no space left", "file too large", "disk quota", "os error 27")
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_UNREADABLE: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
)
_PG_FULL: Final = frozenset({"53100", "53200"})
_PG_BUSY: Final = frozenset({"55P03", "57014", "40001", "40P01", "53300"})
"""No lock in time, no answer in time, another transaction came first, too many connections."""


def disk_full(where: Path | str) -> StoreError:
    """Return the error for a write that found no space."""
    return StoreError(
        f"The disk that holds {where} is full, so nothing was changed: free some space and "
        "try again."
    )


def disk_failed(where: Path | str, error: BaseException) -> StoreError:
    """Return the error for a file that the disk did not take or give."""
    return StoreError(
        f"{where} could not be read or written ({error}), so nothing was changed: check the free "
        "space and the disk, then try again."
    )


@contextmanager
def file_errors(data_dir: Path) -> Iterator[None]:
    """Translate what the file system says about the data directory.

    Raises:
        StoreError: the directory cannot be made, read or written.
    """
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreError(
            f"{data_dir} cannot be the data directory because it is a file. Choose another "
            "directory with CHATBOT_DATA_DIR."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full(data_dir) from error
        raise StoreError(
            f"The data directory {data_dir} cannot be used ({error.strerror or error}): check its "
            "permissions or choose another one with CHATBOT_DATA_DIR."
        ) from error


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Translate what SQLite says about the file.

    Raises:
        StoreDamaged: the file is not a database, or a damaged one.
        StoreBusy: another process keeps it locked.
        StoreError: it cannot be opened, or the disk is full.
    """
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        raise _of_sqlite(getattr(error, "orig", error), path) from error


def _of_sqlite(error: BaseException, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED or (not code and isinstance(error, sqlite3.DataError)):
        return StoreDamaged(
            f"The store's file {path} is damaged ({error}): restore it from a backup, or remove "
            f"the directory {path.parent} and add the documents again."
        )
    if code == sqlite3.SQLITE_FULL:
        return disk_full(path.parent)
    if code == sqlite3.SQLITE_IOERR:
        return disk_failed(path, error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(
            f"Another program keeps {path} locked: close it (a database browser or a backup) and "
            "try again."
        )
    if code in _UNREADABLE:
        return StoreError(
            f"The store's file {path} cannot be opened ({error}): check the permissions of "
            f"{path.parent}."
        )
    return StoreError(f"The store's file {path} could not be used: {error}.")


@contextmanager
def postgres_errors(where: str) -> Iterator[None]:
    """Translate what PostgreSQL says.

    Raises:
        StoreUnreachable: it does not answer, or not any more.
        StoreBusy: others keep what is wanted locked, or it took too long.
        StoreError: everything else.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy(f"All connections to {where} are in use: try again in a moment.") from error
    except DBAPIError as error:
        raise _of_postgres(error, where) from error


def _of_postgres(error: DBAPIError, where: str) -> StoreError:
    said = str(error.orig).strip().splitlines() or ["no reason given"]
    code = getattr(error.orig, "sqlstate", None) or ""
    if code in _PG_FULL:
        return disk_full(where)
    if code in _PG_BUSY:
        return StoreBusy(f"{where} is busy ({said[0]}): try again in a moment.")
    if error.connection_invalidated or not code or code[:2] in ("08", "57"):
        return StoreUnreachable(
            f"The database {where} does not answer ({said[0][:200]}): check that it runs and "
            "CHATBOT_DATABASE_URL."
        )
    return StoreError(f"The database {where} could not be used: {said[0][:300]}.")


@contextmanager
def chroma_errors(where: Path | str) -> Iterator[None]:
    """Translate what Chroma says: of its directory or, where ``where`` is an address, its server.

    A panic of Chroma's Rust code arrives as ``pyo3_runtime.PanicException``, which no module
    exports and which derives from BaseException, so it is known by its name.

    Raises:
        StoreDamaged: the index is missing, damaged or incomplete.
        StoreUnreachable: the server does not answer.
        StoreError: the disk is full.
    """
    try:
        yield
    except ChatbotError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        said = str(error).lower()
        if any(sign in said for sign in _FULL):
            raise disk_full(where) from error
        if isinstance(error, Exception) and "disk i/o error" in said:
            raise disk_failed(where, error) from error
        gone = type(error).__name__ == "NotFoundError" or "hnsw" in said
        if isinstance(where, str) and not gone:
            first = (str(error).strip().splitlines() or [""])[0][:200] or type(error).__name__
            raise StoreUnreachable(
                f"The Chroma server {where} does not answer ({first}): check that it runs, "
                "CHATBOT_CHROMA_URL and CHATBOT_CHROMA_TOKEN."
            ) from error
        raise damaged_index(where, f"{type(error).__name__}: {error}") from error


def damaged_index(where: Path | str, what: str) -> StoreDamaged:
    """Return the error for a vector index that has to be rebuilt.

    Args:
        where: the data directory, or the address of the server.
        what: what is wrong with the index; only its first line is shown.
    """
    place = "in" if isinstance(where, Path) else "at"
    return StoreDamaged(
        f"The vector index {place} {where} cannot be used ({what.splitlines()[0][:200]}): run "
        "`chatbot doctor --repair`, which rebuilds it from the stored documents."
    )
