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
from chatbot.evaluation.suite_files import json_lines

Row = Mapping[str, Any]


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
        for row in json_lines(read_text(path), path):
            if not isinstance(row, dict):
                raise SuiteError(f"{path} has a line that is not a JSON object.")
            rows.append(row)
    return rows


def fingerprint(paths: Sequence[Path]) -> str:
    """Return the first 16 hex digits of the sha256 of the files' bytes, in the order of names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
