"""One owner for each data directory: a file lock, a note of who holds it, a note of its server.

The lock goes when its process ends, however it ends, so a lock file that lies around never blocks.
Two processes that write one Chroma directory lose vectors silently (7.5 % were measured), which is
why the second one is refused. The command line finds the server by its note and goes through it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatbot.errors import StoreBusy
from chatbot.store.failures import file_errors

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

    def __init__(self, data_dir: Path, *, patience: float | None = None) -> None:
        """Take it.

        Args:
            data_dir: the directory.
            patience: seconds to wait for a process that only borrows it; ``PATIENCE`` by default.
        """
        # Imported here: with asyncio behind it, it takes a third as long as numpy, and readers
        # need no lock.
        from filelock import FileLock, Timeout

        self._note = data_dir / _OWNER
        self.took_over = False
        """Whether an owner ended without giving the right back, and nobody has looked at what it
        left since. Who has looked says False; else the next owner learns it from the note."""
        # Not thread-local: a store may be closed by another thread than the one that opened it.
        self._lock = FileLock(data_dir / "owner.lock", mode=0o600, thread_local=False)
        with file_errors(data_dir):
            try:
                self._lock.acquire(timeout=PATIENCE if patience is None else patience)
            except Timeout as error:
                raise StoreBusy(_busy(data_dir)) from error
            try:
                self.took_over = self._note.is_file()
                self._write_note()
            except OSError:
                self._lock.release()
                raise

    def _write_note(self) -> None:
        note: dict[str, object] = {
            "pid": os.getpid(),
            "host": os.uname().nodename if hasattr(os, "uname") else "",
            "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200],
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_note(self._note, note)

    def release(self) -> None:
        """Give the right back. The lock file stays: removing it would race with the next owner."""
        if self._lock.is_locked:  # else the note is another owner's by now
            if not self.took_over:
                self._note.unlink(missing_ok=True)
            self._lock.release()


def write_note(path: Path, note: dict[str, object]) -> None:
    """Write a file that nobody else may read; who reads it meets the old one or the new one."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(note, file)
    beside.replace(path)


def owner_pid(data_dir: Path) -> int | None:
    """Return the process that holds the lock now, or None where nobody does.

    The note alone would not do: it stays behind after kill -9.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(data_dir / "owner.lock", timeout=0, mode=0o600, thread_local=False)
    try:
        with lock:
            return None
    except Timeout:
        pass
    except OSError:
        return None
    owner = _owner(data_dir)
    return None if owner is None else owner[0]


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
            write_note(_path(data_dir), asdict(self))


def withdraw(data_dir: Path) -> None:
    """Take the note away."""
    with file_errors(data_dir):
        _path(data_dir).unlink(missing_ok=True)


def find_server(data_dir: Path) -> Presence | None:
    """Return the server that owns this data directory, or None where none runs."""
    try:
        found = Presence(**json.loads(_path(data_dir).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if owner_pid(data_dir.expanduser().absolute()) == found.pid else None


def _path(data_dir: Path) -> Path:
    return data_dir.expanduser().absolute() / _SERVER
