"""The data of a benchmark: JSON and JSON lines, gzipped or not.

What is missing, damaged or of another form is a SuiteError that names the file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from chatbot.errors import SuiteError
from chatbot.evaluation.suites import json_lines

Item = TypeVar("Item")
Row = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Data:
    """The data of a benchmark, and what an adapter took of it."""

    path: Path
    limit: int | None = None
    seed: int = 0
    read: list[Path] = field(default_factory=list)
    """Files that were looked at."""
    chosen: int = 0
    available: int = 0
    notes: list[str] = field(default_factory=list)

    def files(self, *patterns: str) -> list[Path]:
        """Return the data's file, or the files of its folder by the first pattern that fits."""
        found = [self.path] if self.path.is_file() else []
        for pattern in patterns:
            found = found or sorted(one for one in self.path.glob(pattern) if one.is_file())
        if not found:
            wanted = f"a file or a folder with {' or '.join(patterns)}"
            raise SuiteError(f"There is no benchmark data at {self.path}: {wanted}.")
        self.read += found
        return found

    def rows(self, *patterns: str) -> list[Row]:
        """Return the objects of the JSON lines of ``files``."""
        return read_rows(self.files(*patterns))

    def sample(self, items: Sequence[Item]) -> list[Item]:
        """Return the items, or as many as the limit drawn with the seed, in their order."""
        if not items:
            raise SuiteError(f"There is nothing to measure in {self.path}.")
        self.available = len(items)
        self.chosen = min(self.limit or len(items), len(items))
        chosen = random.Random(self.seed).sample(range(len(items)), self.chosen)
        return [items[at] for at in sorted(chosen)]

    def fingerprint(self) -> str:
        """Return 16 hex digits of the sha256 of all bytes that were read, in the order of names."""
        digest = hashlib.sha256()
        for path in sorted(set(self.read)):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked if its name ends in ``.gz``."""
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, EOFError, zlib.error) as error:
        raise SuiteError(f"{path} is not text in UTF-8, or is damaged.") from error


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise SuiteError(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from error


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """Return the objects of JSON-lines files, in order."""
    return [row for path in paths for row in json_lines(read_text(path), path)]
