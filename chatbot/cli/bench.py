"""``chatbot eval bench``: measures the chatbot on public benchmarks, given by path."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.cli import evaluation_output as output
from chatbot.cli.terminal import clean, complain, console, counted_progress
from chatbot.errors import SuiteError
from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.evaluation.report import Report
    from evals.benchmarks import Benchmark

_ALL = "all"


def bench(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A benchmark, or 'all' for those whose data is there; without it, a list."
        ),
    ] = None,
    *,
    data: Annotated[
        Path | None, typer.Option(help="Its file or folder, or a folder of benchmark data.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Measure a sample of N cases.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 0,
    split: Annotated[
        str, typer.Option(help="A name for this part of the data (default: its files' names).")
    ] = "",
    model: output.Model = None,
    workers: output.Workers = None,
    save: Annotated[Path | None, typer.Option(help="Save the figures in this folder.")] = None,
    junit: output.Junit = None,
    markdown: output.Markdown = None,
    html: output.Html = None,
) -> int:
    """Measure on a public benchmark; `bench` alone lists them and where to get their data."""
    from chatbot.evaluation.report import Report
    from chatbot.evaluation.runs import RunOptions
    from chatbot.evaluation.saved_run import save_run

    adapters = _adapters()
    if name is None:
        for one in adapters.BENCHMARKS.values():
            console().print(f"{one.name}: {one.title}. {one.home}; {one.licence}")
        return 0
    if data is None:
        raise SuiteError("Name the data with --data. `chatbot eval bench` lists where to get it.")
    settings = Settings(model=model) if model else Settings()
    reports: list[Report] = []
    failed = False
    known: Sequence[Benchmark] = list(adapters.BENCHMARKS.values())
    chosen = _there(known, data) if name == _ALL else [(adapters.find_benchmark(name), data)]
    for benchmark, place in chosen:
        try:
            with counted_progress(benchmark.name) as step:
                run = adapters.run_benchmark(
                    benchmark,
                    place,
                    settings,
                    limit=limit,
                    seed=seed,
                    split=split,
                    options=RunOptions(workers=workers, progress=step),
                )
        except SuiteError as error:
            if name != _ALL:
                raise
            complain(str(error))  # the others are measured all the same
            failed = True
            continue
        measured = Report(run)
        output.print_run(measured, verbose=False)
        reports.append(measured)
        if save is not None:
            save_run(run, save / f"{benchmark.name}.json")
    output.write_reports(reports, junit=junit, markdown=markdown, html=html)
    return 1 if failed else 0


def _adapters() -> ModuleType:
    """Return the adapters, which lie in a checkout beside the package and are not in the wheel."""
    try:
        return import_module("evals.benchmarks")
    except ModuleNotFoundError as error:
        if error.name not in ("evals", "evals.benchmarks"):
            raise
        raise SuiteError(
            "The installed package does not include the public benchmarks. "
            "Run this command in a checkout of the repository."
        ) from error


def _there(known: Sequence[Benchmark], folder: Path) -> list[tuple[Benchmark, Path]]:
    there = [(one, found) for one in known if (found := one.find_data(folder))]
    if not there:
        folders = ", ".join(sorted({one.files[0].split("/")[0] for one in known}))
        raise SuiteError(f"{folder} has no data of a benchmark. It needs one of: {folders}.")
    missing = [one.name for one in known if one.find_data(folder) is None]
    if missing:
        console(stderr=True).print(f"Not in {clean(str(folder))}: {', '.join(missing)}.")
    return there
