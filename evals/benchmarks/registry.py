"""All benchmarks by name, the one way to run one, and docs/benchmarks.md, made of saved runs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader

import chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation.measures import measures_by
from chatbot.evaluation.runs import RunOptions, run_suite
from chatbot.evaluation.saved_run import Run, RunHead, Sample
from chatbot.settings import Settings
from evals.benchmarks.benchmark import Benchmark
from evals.benchmarks.data_files import Data

Progress = Callable[[int, int], None]
_HERE = Path(__file__).parent


def _read() -> dict[str, Benchmark]:
    """Return what ``benchmarks.yaml`` tells of, each with the adapter that it names."""
    benchmarks = {}
    for told in yaml.safe_load((_HERE / "benchmarks.yaml").read_text(encoding="utf-8")):
        module, name = told["adapter"].split(".")
        adapter = getattr(import_module(f"evals.benchmarks.{module}"), name)
        benchmarks[told["name"]] = Benchmark(**told | {"adapter": adapter})
    return benchmarks


BENCHMARKS = _read()


def version() -> str:
    """Return the chatbot's version, and the commit where it runs in a checkout that has git."""
    root = Path(chatbot.__file__).resolve().parent.parent
    command = ["git", f"--git-dir={root / '.git'}", "rev-parse", "--short", "HEAD"]
    with suppress(OSError, subprocess.SubprocessError):
        commit = subprocess.check_output(command, text=True, timeout=10, stderr=subprocess.DEVNULL)
        return f"{chatbot.__version__} ({commit.strip()})"
    return chatbot.__version__


def find_benchmark(name: str) -> Benchmark:
    """Return the benchmark of this name; SuiteError if there is none."""
    if name not in BENCHMARKS:
        raise SuiteError(f"There is no benchmark {name}; there are {', '.join(BENCHMARKS)}.")
    return BENCHMARKS[name]


def run_benchmark(
    benchmark: Benchmark,
    data: Path,
    settings: Settings,
    *,
    limit: int | None = None,
    seed: int = 0,
    split: str = "",
    options: RunOptions | None = None,
) -> Run:
    """Measure a benchmark on its data: its file or folder, or a folder of many that has it.

    At most ``limit`` cases are measured, drawn with ``seed``. ``split`` is how to call this part of
    the data; "" calls it by its files. Data that is missing or of another form is a SuiteError, and
    so is that no case could be asked.
    """
    source = Data(path=benchmark.find_data(data) or data, limit=limit, seed=seed)
    began, measured_version = time.perf_counter(), version()  # the checkout may move on meanwhile
    runs = _run_stores(benchmark, source, settings, options or RunOptions())
    results = [result for run in runs for result in run.results]
    failed = [result.error for result in results if result.error]
    if len(failed) >= source.chosen:
        raise SuiteError(f"No case of {benchmark.name} could be asked: {failed[0]}")
    head = RunHead(
        suite=benchmark.name,
        split=split or ", ".join(sorted({path.name for path in source.read}))[:120],
        data=source.fingerprint(),
        mode=runs[0].head.mode,
        version=measured_version,
        started=datetime.now(UTC).date().isoformat(),
    )
    sample = Sample(
        cases=source.chosen,
        available=source.available,
        seed=seed,
        unscored=len(failed),
        fallbacks=sum(result.fell_back for result in results),
    )
    measures = tuple(measures_by(benchmark.adapter.scorers.values(), results))
    seconds, notes = round(time.perf_counter() - began, 1), tuple(source.notes)
    return Run(head=head, sample=sample, measures=measures, notes=notes, seconds=seconds)


def _run_stores(
    benchmark: Benchmark, data: Data, settings: Settings, options: RunOptions
) -> list[Run]:
    """Ask the cases of each store, one for each core at the same time."""
    suites, runs = benchmark.suites(data), list[Run]()
    total, before = sum(len(suite.cases) for suite in suites), 0
    workers = options.workers or os.cpu_count() or 1
    own = settings.model_copy(update={"threads": 1 if workers > 1 else settings.threads})
    options = replace(options, workers=workers, scorers=benchmark.adapter.scorers)
    for suite in suites:
        progress = _counting(options.progress, before, total)
        run = run_suite(suite, own, replace(options, progress=progress))
        if not run.complete:
            raise KeyboardInterrupt
        runs.append(run)
        before += len(suite.cases)
    return runs


def _counting(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Return what counts the cases of one store of several."""
    return progress and (lambda done, _: progress(before + done, total))


def document(runs: Sequence[Run]) -> str:
    """Return docs/benchmarks.md: every benchmark with its saved run, or without one."""
    templates = Environment(loader=FileSystemLoader(_HERE), trim_blocks=True, lstrip_blocks=True)
    by_name = {run.head.suite: run for run in runs}
    page = templates.get_template("page.jinja")
    return page.render(benchmarks=BENCHMARKS.values(), runs=by_name).rstrip() + "\n"
