"""``chatbot eval bench``: measures the chatbot on public benchmarks, given by path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.cli.terminal import clean, complain, console, counted_progress
from chatbot.errors import SuiteError
from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.evaluation.benchmarks import Benchmark

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
) -> int:
    """Measure on a public benchmark; the data is yours to get, `bench` alone says where."""
    from chatbot.evaluation.benchmarks import find_benchmark, run_benchmark, save_run, table

    if name is None:
        _list()
        return 0
    if data is None:
        raise SuiteError("Say where the data is with --data; `chatbot eval bench` lists its homes.")
    settings = Settings(model=model) if model else Settings()
    failed = False
    chosen = _there(data) if name == _ALL else [(find_benchmark(name), data)]
    for benchmark, place in chosen:
        try:
            with counted_progress(benchmark.name) as step:
                run = run_benchmark(
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
        console().print(clean(table(run)))
        if save is not None:
            save_run(run, save)
    return 1 if failed else 0


def _there(folder: Path) -> list[tuple[Benchmark, Path]]:
    from chatbot.evaluation.benchmarks import BENCHMARKS

    there = [(one, found) for one in BENCHMARKS.values() if (found := one.find_data(folder))]
    if not there:
        known = ", ".join(sorted({one.files[0].split("/")[0] for one in BENCHMARKS.values()}))
        raise SuiteError(f"No benchmark's data is in {folder}; its folders may be {known}.")
    missing = [one.name for one in BENCHMARKS.values() if one.find_data(folder) is None]
    if missing:
        console(stderr=True).print(f"Not in {clean(str(folder))}: {', '.join(missing)}.")
    return there


def _list() -> None:
    from chatbot.evaluation.benchmarks import BENCHMARKS

    out = console()
    for one in BENCHMARKS.values():
        out.print(f"{one.name}: {one.title}. {one.home}; {one.licence}")
