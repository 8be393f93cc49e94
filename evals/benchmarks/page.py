"""docs/benchmarks.md, made from saved runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatbot.evaluation.saved_run import Measure, Run
from evals.benchmarks.benchmark import Benchmark

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


def document(benchmarks: Mapping[str, Benchmark], runs: Sequence[Run]) -> str:
    """Return docs/benchmarks.md: every benchmark with its saved run, or without one."""
    by_name = {run.head.suite: run for run in runs}
    sections = [_section(one, by_name.get(name)) for name, one in benchmarks.items()]
    return "\n".join([_HEAD, *sections])


def _section(one: Benchmark, run: Run | None) -> str:
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
            f"| {figure.name} | **{_value(figure)}** | {_interval(figure)} | {figure.scored:,} |"
            for figure in run.measures
        ]
        lines += ["", *(f"{note}\n" for note in run.notes)]
    if one.published:
        lines += ["| published | figures | source |", "|---|---|---|"]
        lines += [f"| {each.system} | {each.figures} | {each.source} |" for each in one.published]
        lines.append("")
    if one.comparable:
        lines += [one.comparable, ""]
    return "\n".join(lines)


def _about_run(run: Run) -> str:
    head = run.head
    sample = run.sample.sentence() if run.sample else f"{len(run.results):,} cases"
    return f"{head.split} ({sample}), mode {head.mode}, version {head.version}, {head.started}"


def _value(figure: Measure) -> str:
    return "unscored" if figure.value is None else f"{100 * figure.value:.1f}"


def _interval(figure: Measure) -> str:
    if figure.interval is None:
        return ""
    return f"{100 * figure.interval.low:.1f} to {100 * figure.interval.high:.1f}"
