"""``chatbot eval bench``: measures the chatbot on public benchmarks, given by path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.cli.evaluation_output import Html, Junit, Markdown, print_run, write_reports
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
        typer.Argument(help="A benchmark; 'all' for those whose data is there; none lists them."),
    ] = None,
    *,
    data: Annotated[
        Path | None, typer.Option(help="Its file or folder, or a folder of benchmark data.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Measure a sample of N cases.")] = None,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 0,
    split: Annotated[
        str, typer.Option(help="How to call this part of the data; else its files' names.")
    ] = "",
    model: Annotated[
        str | None, typer.Option(help="Let this model answer, for example openai:gpt-5-mini.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Cases asked at once.")] = None,
    save: Annotated[Path | None, typer.Option(help="Keep the figures in this folder.")] = None,
    junit: Junit = None,
    markdown: Markdown = None,
    html: Html = None,
) -> int:
    """Measure on a public benchmark; the data is yours to get, `bench` alone says where."""
    from chatbot.evaluation.report import Report
    from chatbot.evaluation.saved_run import save_run

    adapters = _adapters()
    if name is None:
        _list(adapters.BENCHMARKS.values())
        return 0
    if data is None:
        raise SuiteError("Say where the data is with --data; `chatbot eval bench` lists its homes.")
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
                    jobs=jobs,
                    progress=step,
                )
        except SuiteError as error:
            if name != _ALL:
                raise
            complain(str(error))  # the others are measured all the same
            failed = True
            continue
        measured = Report(run)
        print_run(measured, verbose=False)
        reports.append(measured)
        if save is not None:
            save_run(run, save / f"{benchmark.name}.json")
    write_reports(reports, junit=junit, markdown=markdown, html=html)
    return 1 if failed else 0


def _adapters() -> ModuleType:
    """Return the adapters, which lie in a checkout beside the package and are not in the wheel."""
    try:
        return import_module("evals.benchmarks")
    except ModuleNotFoundError as error:
        if error.name not in ("evals", "evals.benchmarks"):
            raise
        raise SuiteError(
            "The adapters of public benchmarks are not installed with the chatbot: "
            "run this in a checkout of its repository."
        ) from error


def _there(known: Sequence[Benchmark], folder: Path) -> list[tuple[Benchmark, Path]]:
    there = [(one, found) for one in known if (found := one.find_data(folder))]
    if not there:
        folders = ", ".join(sorted({one.files[0].split("/")[0] for one in known}))
        raise SuiteError(f"No benchmark's data is in {folder}; its folders may be {folders}.")
    missing = [one.name for one in known if one.find_data(folder) is None]
    if missing:
        console(stderr=True).print(f"Not in {clean(str(folder))}: {', '.join(missing)}.")
    return there


def _list(known: Iterable[Benchmark]) -> None:
    out = console()
    for one in known:
        out.print(f"{one.name}: {one.title}. {one.home}; {one.licence}")
