"""All benchmarks by name, and the one way to run one."""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import chatbot
from chatbot.bot import Chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation.saved_run import Run, RunHead, Sample, save_run
from chatbot.settings import Settings
from evals.benchmarks import (
    bipia,
    chunking,
    clapnq,
    dragonball,
    faithbench,
    mtrag,
    ragtruth,
    squad2,
    wice,
)
from evals.benchmarks.benchmark import Benchmark
from evals.benchmarks.data_files import fingerprint
from evals.benchmarks.work import OpenBot, Progress, Work

BENCHMARKS: dict[str, Benchmark] = {
    one.name: one
    for one in (
        squad2.PARAGRAPH,
        squad2.ARTICLE,
        clapnq.BENCHMARK,
        ragtruth.BENCHMARK,
        chunking.BENCHMARK,
        mtrag.MTRAG,
        mtrag.CAST,
        wice.BENCHMARK,
        dragonball.BENCHMARK,
        faithbench.BENCHMARK,
        bipia.BENCHMARK,
    )
}


def version() -> str:
    """Return the chatbot's version, and the commit where it runs in a checkout that has git."""
    root = Path(chatbot.__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return chatbot.__version__
    command = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return chatbot.__version__
    return f"{chatbot.__version__} ({done.stdout.strip()})"


def find_benchmark(name: str) -> Benchmark:
    """Return the benchmark of this name.

    Raises:
        SuiteError: if there is none.
    """
    try:
        return BENCHMARKS[name]
    except KeyError:
        known = ", ".join(BENCHMARKS)
        raise SuiteError(f"There is no benchmark {name}; there are {known}.") from None


def run_benchmark(
    benchmark: Benchmark,
    data: Path,
    settings: Settings,
    *,
    limit: int | None = None,
    seed: int = 0,
    split: str = "",
    jobs: int | None = None,
    open_bot: OpenBot = Chatbot.from_settings,
    progress: Progress | None = None,
) -> Run:
    """Measure a benchmark on its data.

    Args:
        benchmark: from ``BENCHMARKS``.
        data: its file or folder, or a folder of benchmark data that has it.
        settings: of the bot; store and corpus are the benchmark's own.
        limit: the most cases to measure, drawn with ``seed``; None measures all.
        seed: of the draw.
        split: how to call this part of the data; "" calls it by its files.
        jobs: cases asked at the same time; None takes one for each core.
        open_bot: opens what is measured.
        progress: called with cases done and all after each.

    Raises:
        SuiteError: if the data is missing or of another form, or no case could be asked.
    """
    work = Work(
        data=benchmark.find_data(data) or data,
        settings=settings,
        limit=limit,
        seed=seed,
        jobs=jobs or os.cpu_count() or 1,
        progress=progress,
        open_bot=open_bot,
    )
    began, measured_version = time.perf_counter(), version()  # the checkout may move on meanwhile
    measured = benchmark.measure(work)
    if measured.cases and len(work.failures) >= measured.cases:
        raise SuiteError(f"No case of {benchmark.name} could be asked: {work.failures[0]}")
    files = list(dict.fromkeys(work.read))
    return Run(
        head=RunHead(
            suite=benchmark.name,
            split=split or ", ".join(sorted(path.name for path in files))[:120],
            data=fingerprint(files),
            mode=work.mode,
            version=measured_version,
            started=datetime.now(UTC).date().isoformat(),
        ),
        sample=Sample(
            cases=measured.cases,
            available=measured.available,
            seed=seed,
            unscored=len(work.failures),
            fallbacks=work.fallbacks,
        ),
        measures=measured.figures,
        notes=measured.notes,
        seconds=round(time.perf_counter() - began, 1),
    )


def save_figures(run: Run, folder: Path) -> Path:
    """Write a run as ``folder/NAME.json``, over the earlier one; return the path.

    Raises:
        SuiteError: if it cannot be written.
    """
    path = folder / f"{run.head.suite}.json"
    save_run(run, path)
    return path
