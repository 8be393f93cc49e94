"""How far an addition is: what was read, what is committed, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from chatbot.documents import shown_path
from chatbot.types import IngestProgress, ProgressCallback


class Progress:
    """Counts for one addition, and tells who asked for it.

    One thread reads and another commits; no number is counted by both.
    """

    def __init__(self, files: Sequence[Path], tell: ProgressCallback | None) -> None:
        self._tell = tell
        self._began = time.monotonic()
        self._total = len(files)
        self._size = sum(map(size_of, files)) if tell is not None else 0
        self._done = self._passed = 0
        self._source = ""
        self._added = self._sentences = 0

    def reading(self, number: int, path: Path) -> None:
        """Tell that a file is read now, after ``number`` others."""
        self._done, self._source = number, shown_path(path)
        self._say()

    def passed(self, size: int) -> None:
        """Count a file of so many bytes that is not to be added: it is there, or unreadable."""
        self._passed += size

    def committed(self, size: int, sentences: int) -> None:
        """Count what is on the disk now."""
        self._added += size
        self._sentences += sentences
        self._say()

    def end(self) -> None:
        """Tell that all is done."""
        self._done, self._source, self._passed = self._total, "", self._size
        self._say()

    def _say(self) -> None:
        if self._tell is None:
            return
        seconds = time.monotonic() - self._began
        left = max(0, self._size - self._passed - self._added)
        step = IngestProgress(
            done=self._done,
            total=self._total,
            source=self._source,
            sentences=self._sentences,
            seconds=seconds,
            seconds_left=left * seconds / self._added if self._added else None,
        )
        self._tell(step)


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, 0 where it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
