"""How far an addition is: what was read, what is committed, how fast, and how long it will take."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from chatbot.documents import shown_path
from chatbot.types import IngestProgress, ProgressCallback


class Progress:
    """Counts for one addition, and tells who asked for it. Thread-safe."""

    def __init__(self, files: Sequence[Path], tell: ProgressCallback | None) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._total = len(files)
        self._bytes_left = sum(map(size_of, files)) if tell is not None else 0
        self._bytes_added = 0
        self._sentences = 0
        self._done = 0
        self._source = ""

    def reading(self, number: int, path: Path) -> None:
        """Tell that a file is read now, after ``number`` others."""
        with self._lock:
            self._done, self._source = number, shown_path(path)
        self._say()

    def passed(self, size: int) -> None:
        """Count a file of so many bytes that is not to be added: it is there, or unreadable."""
        with self._lock:
            self._bytes_left -= size

    def committed(self, size: int, sentences: int) -> None:
        """Count what is on the disk now."""
        with self._lock:
            self._bytes_left -= size
            self._bytes_added += size
            self._sentences += sentences
        self._say()

    def end(self) -> None:
        """Tell that all is done."""
        with self._lock:
            self._done, self._source, self._bytes_left = self._total, "", 0
        self._say()

    def _say(self) -> None:
        if self._tell is None:
            return
        with self._lock:
            seconds = time.monotonic() - self._began
            left = None
            if self._bytes_added:
                left = max(0, self._bytes_left) * seconds / self._bytes_added
            step = IngestProgress(
                done=self._done,
                total=self._total,
                source=self._source,
                sentences=self._sentences,
                seconds=seconds,
                seconds_left=left,
            )
        self._tell(step)


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, 0 where it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
