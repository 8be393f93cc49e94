"""Runs of public benchmarks with bots made for the tests, and what they gave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from benchmark_bots import Shelf, opening

from chatbot import Settings
from chatbot.evaluation import Run, RunOptions
from evals.benchmarks import BENCHMARKS, run_benchmark


def measured(
    name: str, data: Path, make: Callable[[], Shelf], *, limit: int | None = None, seed: int = 0
) -> Run:
    """Measure what ``make`` makes."""
    return run_benchmark(
        BENCHMARKS[name],
        data,
        Settings(),
        limit=limit,
        seed=seed,
        options=RunOptions(workers=2, open_bot=opening(make)),
    )


def values(run: Run) -> dict[str, float]:
    """Return the figures by name; an unscored one is -1, which no measure can be."""
    return {one.name: -1.0 if one.value is None else one.value for one in run.measures}


def scored(run: Run, name: str) -> int:
    """Return how many cases a figure rests on."""
    return next(one.scored for one in run.measures if one.name == name)


def write_lines(path: Path, *rows: object) -> Path:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
