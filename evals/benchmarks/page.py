"""Saved runs as text: a table for the terminal, and docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.benchmarks.benchmark import Benchmark
from evals.benchmarks.result import BenchmarkRun, Figure

_HEAD = """\
# Public benchmarks

This page is made from saved runs by `make bench-table`; nobody types a figure into it. To measure
anew: `make bench-quality DATA=FOLDER`, or one benchmark with

```sh
chatbot eval bench NAME --data PATH [--limit N] [--seed N]
```

The data is not in the project; each section says where it is to be had. Figures are in per cent
with a 95 % interval: Wilson's for shares of cases, the bootstrap for means and for measures of all
cases together. *n* is the number of cases behind a figure. A measure that could not be computed is
`unscored`, not 0. Published figures are quoted as they stand in their sources, which measured them
in their own settings; what keeps them apart from ours is said below them.
"""


def table(run: BenchmarkRun) -> str:
    """Return the figures of a run for the terminal."""
    width = max((len(figure.name) for figure in run.figures), default=0)
    lines = [f"{run.benchmark}: {_about_run(run)}, {run.seconds:,.0f} s"]
    for figure in run.figures:
        lines.append(
            f"  {figure.name:<{width}}  {_value(figure):>8}  {_interval(figure):<16} n {figure.n:,}"
        )
    lines += [f"  {note}" for note in run.notes]
    return "\n".join(lines)


def document(benchmarks: Mapping[str, Benchmark], runs: Sequence[BenchmarkRun]) -> str:
    """Return docs/benchmarks.md: every benchmark with its saved run, or without one."""
    by_name = {run.benchmark: run for run in runs}
    sections = [_section(one, by_name.get(name)) for name, one in benchmarks.items()]
    return "\n".join([_HEAD, *sections])


def _section(one: Benchmark, run: BenchmarkRun | None) -> str:
    lines = [
        f"## {one.title}",
        "",
        one.about,
        "",
        f"`chatbot eval bench {one.name}` · {one.paper} · data: {one.home} · "
        f"licence: {one.licence}",
        "",
    ]
    if run is None:
        lines += ["No run is saved.", ""]
    else:
        lines += [f"Ours: {_about_run(run)}.", ""]
        lines += ["| measure | value | 95 % interval | n |", "|---|---|---|---|"]
        lines += [
            f"| {figure.name} | **{_value(figure)}** | {_interval(figure)} | {figure.n:,} |"
            for figure in run.figures
        ]
        lines += ["", *(f"{note}\n" for note in run.notes)]
    if one.published:
        lines += ["| published | figures | source |", "|---|---|---|"]
        lines += [f"| {each.system} | {each.figures} | {each.source} |" for each in one.published]
        lines.append("")
    if one.comparable:
        lines += [one.comparable, ""]
    return "\n".join(lines)


def _about_run(run: BenchmarkRun) -> str:
    part = f"{run.cases:,} cases"
    if run.cases < run.available:
        part = f"a sample of {run.cases:,} of {run.available:,} cases (seed {run.seed})"
    unscored = f", {run.unscored} of them unscored" if run.unscored else ""
    fallbacks = f", {run.fallbacks} answers fell back to quoting" if run.fallbacks else ""
    return (
        f"{run.split} ({part}{unscored}{fallbacks}), mode {run.mode}, version {run.version}, "
        f"{run.date}"
    )


def _value(figure: Figure) -> str:
    return "unscored" if figure.value is None else f"{100 * figure.value:.1f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{100 * figure.low:.1f} to {100 * figure.high:.1f}"
