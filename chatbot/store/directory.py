"""The data directory and the file in it, before SQLite opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from chatbot.errors import StoreError
from chatbot.store.failures import file_errors

FILE: Final = "chatbot.sqlite3"


def make_directory(data_dir: Path) -> None:
    """Make the data directory of a new store, for its owner's eyes only.

    Raises:
        StoreError: it cannot be made.
    """
    with file_errors(data_dir):
        if not (data_dir / FILE).exists():
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            data_dir.chmod(0o700)


def make_file(data_dir: Path) -> None:
    """Make the file before SQLite does, which would let others read it; its mode stays.

    Raises:
        StoreError: it cannot be made.
    """
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
        raise no_store(data_dir)


def no_store(data_dir: Path) -> StoreError:
    """Return the error for a directory without a store."""
    return StoreError(
        f"There is no store in {data_dir} yet: add a document first (`chatbot add PATH`)."
    )
