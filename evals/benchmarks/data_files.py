"""Reads the files of benchmarks: JSON and JSON lines, gzipped or not. Errors name the file."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatbot.errors import SuiteError

Row = Mapping[str, Any]


def find_files(path: Path, *patterns: str) -> list[Path]:
    """Return the file itself, or those of a folder that fit the first pattern that any fits.

    Raises:
        SuiteError: if there is none.
    """
    if path.is_file():
        return [path]
    for pattern in patterns:
        if found := sorted(item for item in path.glob(pattern) if item.is_file()):
            return found
    wanted = " or ".join(patterns)
    raise SuiteError(f"There is no benchmark data at {path}: a file or a folder with {wanted}.")


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked if its name ends in ``.gz``.

    Raises:
        SuiteError: if it cannot be read as UTF-8 text.
    """
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, EOFError, zlib.error) as error:
        raise SuiteError(f"{path} is not text in UTF-8, or is damaged.") from error


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds.

    Raises:
        SuiteError: if it is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise SuiteError(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from error


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """Return the objects of JSON-lines files, in order.

    Raises:
        SuiteError: if a line is not a JSON object.
    """
    rows: list[Row] = []
    for path in paths:
        for number, line in enumerate(read_text(path).split("\n"), start=1):
            if line.strip():
                rows.append(_row(line, f"{path}, line {number},"))
    return rows


def _row(line: str, place: str) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise SuiteError(f"{place} is not JSON: {error.msg}.") from error
    if not isinstance(row, dict):
        raise SuiteError(f"{place} is not a JSON object.")
    return row


def fingerprint(paths: Sequence[Path]) -> str:
    """Return the first 16 hex digits of the sha256 of the files' bytes, in the order of names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
