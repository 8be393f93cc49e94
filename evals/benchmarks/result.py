"""What measuring a public benchmark gives: figures with n and an interval, small enough to keep.

A run holds no question, no answer and no text of the data, so that it can stand in a repository.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from chatbot.errors import SuiteError


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measure: its value, the interval around it, and how many cases it rests on."""

    name: str
    value: float | None
    """In [0, 1]; None where it cannot be computed (unscored)."""
    n: int
    low: float | None = None
    high: float | None = None
    """Bounds of the 95 % interval; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkRun:
    """The figures of one benchmark, and what they were measured on."""

    benchmark: str
    split: str
    """Which part of the data: as the user names it, else the names of its files."""
    data: str
    """sha256 of the files that were read, the first 16 hex digits."""
    cases: int
    """Cases measured."""
    available: int
    """Cases that the data holds; more than ``cases`` where only a sample was measured."""
    seed: int
    unscored: int = 0
    """Cases that raised an error instead of an answer; they count in no figure."""
    fallbacks: int = 0
    """Answers in which the model failed and quoting took over; they count as they came."""
    mode: str = "extractive"
    version: str = ""
    """Of the chatbot, with the commit where it runs in a checkout."""
    date: str = ""
    """ISO 8601, UTC."""
    seconds: float = 0.0
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Restore what ``to_dict`` wrote.

        Raises:
            ValueError: if a field is missing, unknown or has the wrong shape.
        """
        try:
            figures = tuple(Figure(**figure) for figure in data["figures"])
            return cls(**{**data, "figures": figures, "notes": tuple(data["notes"])})
        except (TypeError, KeyError) as error:
            raise ValueError(
                f"This is not a benchmark run as to_dict writes it: {error}."
            ) from error

    def figure(self, name: str) -> Figure:
        """Return the figure of this name.

        Raises:
            KeyError: if there is none.
        """
        return {figure.name: figure for figure in self.figures}[name]


def save_run(run: BenchmarkRun, folder: Path) -> Path:
    """Write a run as ``folder/NAME.json``, over the earlier one; return the path.

    Raises:
        SuiteError: if it cannot be written.
    """
    path = folder / f"{run.benchmark}.json"
    text = json.dumps(run.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"The run cannot be written to {path}: {error.strerror}.") from error
    return path


def load_run(path: Path) -> BenchmarkRun:
    """Read what ``save_run`` wrote.

    Raises:
        SuiteError: if the file cannot be read or is no such run.
    """
    try:
        return BenchmarkRun.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise SuiteError(f"{path} is not a saved benchmark run: {error}") from error
