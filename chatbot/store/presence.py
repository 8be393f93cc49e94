"""A note of the running server: where it answers, and the key that proves who may read this file.

The command line finds it and goes through the server, since only one process can write. The file
has mode 0600: whoever can read it could open the store too. It counts only while the process that
wrote it owns the data directory.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from chatbot.store.failures import file_errors
from chatbot.store.lock import owner_pid, write_note

FILE: Final = "server.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A server that runs."""

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
    return data_dir.expanduser().absolute() / FILE
