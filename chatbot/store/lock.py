"""One owner for each data directory: a file lock, a note of who holds it, a note of its server.

The lock goes when its process ends, however it ends, so a lock file that lies around never blocks.
Two processes that write one Chroma directory lose vectors silently (7.5 % were measured), which is
why the second one is refused. The command line finds the server by its note and goes through it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from chatbot.errors import StoreBusy
from chatbot.store.failures import file_errors

_LOCK: Final = "owner.lock"
_OWNER: Final = "owner.json"
_SERVER: Final = "server.json"
PATIENCE: Final = 0.5
"""Seconds to wait for the lock: a process that only reads holds it for one search."""


class OwnerLock:
    """The right to write one data directory.

    Raises:
        StoreBusy: another process, or another Store of this process, has it.
        StoreError: the lock file cannot be written.
    """

    def __init__(self, data_dir: Path, *, patience: float = PATIENCE) -> None:
        """Take it, and wait some seconds for a process that only borrows it."""
        # Imported here: with asyncio behind it, it takes a third as long as numpy, and readers
        # need no lock.
        from filelock import FileLock, Timeout

        self._note = data_dir / _OWNER
        self.took_over = False
        """Whether an owner ended without giving the right back, and nobody has looked at what it
        left since. Who has looked says False; else the next owner learns it from the note."""
        # Not thread-local: a store may be closed by another thread than the one that opened it.
        self._lock = FileLock(data_dir / _LOCK, mode=0o600, thread_local=False)
        with file_errors(data_dir):
            try:
                self._lock.acquire(timeout=patience)
            except Timeout as error:
                raise StoreBusy(_busy(data_dir)) from error
            try:
                self.took_over = self._note.is_file()
                note = {
                    "pid": os.getpid(),
                    "host": platform.node(),
                    "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200],
                    "started": datetime.now(UTC).isoformat(timespec="seconds"),
                }
                _write_note(self._note, note)
            except OSError:
                self._lock.release()
                raise

    def close(self) -> None:
        """Give the right back. The lock file stays: removing it would race with the next owner."""
        if self._lock.is_locked:  # else the note is another owner's by now
            if not self.took_over:
                self._note.unlink(missing_ok=True)
            self._lock.release()


def _write_note(path: Path, note: dict[str, Any]) -> None:
    """Write a file that nobody else may read; who reads it meets the old one or the new one."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(note, file)
    beside.replace(path)


def _owner(data_dir: Path) -> tuple[int, str, str] | None:
    """Return process, command and host of who wrote the note; None where nobody can tell."""
    try:
        owner = json.loads((data_dir / _OWNER).read_text("utf-8"))
        return int(owner["pid"]), owner["command"], owner["host"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _busy(data_dir: Path) -> str:
    owner = _owner(data_dir)
    if owner is None:
        return (
            f"Another process owns the data directory {data_dir}. Only one process can write: "
            "stop the other one, or open the store for reading only."
        )
    pid, command, host = owner
    if pid == os.getpid():
        return (
            f"This process already has the data directory {data_dir} open for writing. Close that "
            "store first, or open this one read-only."
        )
    return (
        f"Process {pid} ({command}) on {host} owns the data directory {data_dir}. Only one process "
        "can write: stop that one, or use it to add and remove documents."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A server that runs, and the key that proves who may read its note.

    The note has mode 0600: whoever can read it could open the store too. It counts only while the
    process that wrote it owns the data directory.
    """

    address: str
    """``http://127.0.0.1:7860``"""
    key: str
    """Sent as a bearer token it makes a request the operator's. Drawn again at each start."""
    pid: int

    def announce(self, data_dir: Path) -> None:
        """Write the note.

        Raises:
            StoreError: it cannot be written.
        """
        with file_errors(data_dir):
            _write_note(_path(data_dir), asdict(self))


def withdraw(data_dir: Path) -> None:
    """Take the note away."""
    with file_errors(data_dir):
        _path(data_dir).unlink(missing_ok=True)


def find_server(data_dir: Path) -> Presence | None:
    """Return the server that owns this data directory, or None where none runs."""
    note = _path(data_dir)
    try:
        found = Presence(**json.loads(note.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    owner = _owner(note.parent) if _is_held(note.parent) else None
    return found if owner is not None and owner[0] == found.pid else None


def _is_held(data_dir: Path) -> bool:
    """Return whether a process has the lock now; the notes stay behind after kill -9."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(data_dir / _LOCK, timeout=0, mode=0o600, thread_local=False):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _path(data_dir: Path) -> Path:
    return data_dir.expanduser().absolute() / _SERVER
