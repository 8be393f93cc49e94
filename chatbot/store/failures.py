"""Turns what SQLite, Chroma and the file system raise into one clear sentence of ours.

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

from chatbot.errors import ChatbotError, StoreBusy, StoreDamaged, StoreError

_FULL: Final = ("disk is full", "no space left", "file too large", "disk quota", "os error 27")
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_UNREADABLE: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
)


def disk_full(data_dir: Path) -> StoreError:
    """Return the error for a write that found no space."""
    return StoreError(
        f"The disk that holds {data_dir} is full, so nothing was changed: free some space and "
        "try again."
    )


def disk_failed(path: Path, error: Exception) -> StoreError:
    """Return the error for a file that the disk did not take or give."""
    return StoreError(
        f"{path} could not be read or written ({error}), so nothing was changed: check the free "
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
            f"{data_dir} cannot be a data directory because a file has that name: choose another "
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
    except sqlite3.Error as error:
        raise _of_sqlite(error, path) from error


def _of_sqlite(error: sqlite3.Error, path: Path) -> StoreError:
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
def chroma_errors(data_dir: Path) -> Iterator[None]:
    """Translate what Chroma says about its directory.

    A panic of Chroma's Rust code arrives as ``pyo3_runtime.PanicException``, which no module
    exports and which derives from BaseException, so it is known by its name.

    Raises:
        StoreDamaged: Chroma's directory is missing, damaged or incomplete.
        StoreError: the disk is full.
    """
    try:
        yield
    except ChatbotError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if any(sign in str(error).lower() for sign in _FULL):
            raise disk_full(data_dir) from error
        if isinstance(error, Exception) and "disk i/o error" in str(error).lower():
            raise disk_failed(data_dir, error) from error
        raise damaged_index(data_dir, f"{type(error).__name__}: {error}") from error


def damaged_index(data_dir: Path, what: str) -> StoreDamaged:
    """Return the error for a vector index that has to be rebuilt.

    Args:
        data_dir: the data directory.
        what: what is wrong with the index; only its first line is shown.
    """
    first = what.strip().splitlines()[0][:200] if what.strip() else "unknown"
    return StoreDamaged(
        f"The vector index in {data_dir} cannot be used ({first}): run `chatbot doctor --repair`, "
        "which rebuilds it from the stored documents."
    )
