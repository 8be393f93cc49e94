"""What one report says, whatever it is written to, and how a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property

from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from chatbot.evaluation.claim_judge import agreement
from chatbot.evaluation.compare import (
    CaseChange,
    Comparison,
    Difference,
    compare,
    failed_gates,
    regressions,
)
from chatbot.evaluation.measures import measures, scorer_of, values_of
from chatbot.evaluation.run_files import load_baseline
from chatbot.evaluation.saved_run import CaseResult, Measure, Run
from chatbot.evaluation.scoring import GROUPS
from chatbot.evaluation.suites import Gate, Suite

Row = tuple[str, tuple[str, ...], str]
"""A measure as every kind of report prints it: its name, the cells behind it, and the finding."""
_SHOWN = 20
"""Cases that are not right, named without ``--verbose``; those that got worse are all named."""
_COLOURS = {"better": "green", "worse": "red"}


@dataclass(frozen=True)
class Report:
    """One run with everything a report says of it.

    A first look at ``against`` is a SuiteError if ``before`` has no case in common with the run.
    """

    run: Run
    _: KW_ONLY
    before: Run | None = None
    """What it is compared with."""
    before_name: str = "baseline"
    failures: tuple[str, ...] = ()
    """Gates that do not hold and regressions, one sentence each."""

    @cached_property
    def measures(self) -> list[Measure]:
        """The measures of the run."""
        return measures(self.run)

    @cached_property
    def against(self) -> Comparison | None:
        """The comparison with the run before."""
        return None if self.before is None else compare(self.before, self.run)

    def titles(self) -> tuple[str, ...]:
        """Return the titles of the columns: of the name, and of the cells of a row."""
        titles = ("measure", "value", "95 % interval", "scored", "unscored")
        return titles if self.against is None else (*titles, self.before_name, "finding")

    def rows(self) -> list[tuple[str, list[Row]]]:
        """Return the measures with a value, by group: the same table in every kind of report."""
        found = {item.name: item for item in self.against.differences} if self.against else None
        rows: dict[str, list[Row]] = {group: [] for group in GROUPS}
        for item in self.measures:
            if item.value is not None:
                rows[scorer_of(item.name).group].append(_row(item, found))
        return [(group, some) for group, some in rows.items() if some]

    @property
    def worst(self) -> list[CaseResult]:
        """The cases that are not right, those that could not be asked first."""
        wrong = [item for item in self.run.results if item.error or item.is_wrong]
        return sorted(wrong, key=lambda item: (item.error is None, item.value("citation_f1") or 0))

    def heading(self) -> str:
        """Return one line: what was run, with what."""
        head, count, sample = self.run.head, len(self.run.results), self.run.sample
        cases = f"{count} case{'s' * (count != 1)}"
        if sample is not None:
            cases = f"{head.split} ({sample.sentence()})"
        named = ((name, getattr(head, name)) for name in ("mode", "prompt", "judge", "version"))
        parts = [f"{head.suite}: {cases}", *(f"{name} {value}" for name, value in named if value)]
        parts += [head.started] * bool(head.started)
        parts += [f"{self.run.seconds:.1f} s", *["INTERRUPTED"] * (not self.run.complete)]
        return ", ".join(parts)

    def notes(self) -> Iterator[str]:
        """Yield the sentences that belong under the table."""
        yield from self.run.notes
        if unscored := [item.name for item in self.measures if item.value is None]:
            yield f"Unscored, no case has what they need: {', '.join(unscored)}."
        tokens_in, tokens_out, dollars = (
            values_of(name, self.run.results) for name in ("tokens_in", "tokens_out", "dollars")
        )
        if tokens_in or tokens_out:
            given = f"{sum(dollars):.4f} dollars at the prices given"
            yield (
                f"Tokens: {sum(tokens_in):,.0f} in and {sum(tokens_out):,.0f} out over "
                f"{len(tokens_out)} answers; {given if dollars else 'give --price for the cost'}."
            )
        if self.run.head.judge:
            yield agreement(c for item in self.run.results for c in item.claims)
        if self.against is not None and (self.against.only_new or self.against.only_old):
            yield (
                f"Of the cases, {self.against.only_new} are new and {self.against.only_old} of the "
                f"{self.before_name} are gone; {self.against.pairs} are compared."
            )


def _row(item: Measure, differences: Mapping[str, Difference] | None) -> Row:
    interval, value = item.interval, item.value or 0.0
    cells = [
        number(value),
        "" if interval is None else f"{number(interval.low)} to {number(interval.high)}",
        f"{round(value * item.scored)} of {item.scored}" if item.is_rate else str(item.scored),
        str(item.unscored or ""),
    ]
    if differences is None:
        return item.name, tuple(cells), ""
    found = differences.get(item.name)
    beside = (number(found.old), found.finding) if found else ("", "")
    return item.name, (*cells, *beside), beside[1]


def check_run(run: Run, suite: Suite | None, gates: Mapping[str, Gate] | None = None) -> Report:
    """Return the report of a run beside its baseline, with the gates and measures that failed.

    Of two gates on one measure, that of ``gates`` counts, not the suite's. Without the suite there
    is no baseline.
    """
    failures = failed_gates(run, {**(suite.gates if suite else {}), **(gates or {})})
    baseline = load_baseline(suite, run.head.mode) if suite else None
    if baseline is not None and baseline.keys.isdisjoint(run.keys):
        baseline = None
    report = Report(run, before=baseline)
    against = regressions(report.against) if report.against else []
    return replace(report, failures=(*failures, *against))


def number(value: float) -> str:
    """Return a value as every report prints it: rates and scores by three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"


def tables(report: Report, *, verbose: bool = False) -> Iterator[RenderableType]:
    """Yield what is printed of a run; ``verbose`` names every case, the right ones too."""
    yield Text(report.heading(), style="bold")
    yield _measures(report)
    yield from (Text(note, style="dim") for note in report.notes())
    wrong = report.worst
    shown = report.run.results if verbose else wrong[:_SHOWN]
    yield from (line for result in shown for line in _case(result))
    if len(wrong) > _SHOWN and not verbose:
        yield Text(f"  and {len(wrong) - _SHOWN} more that are not right: --verbose", style="dim")
    if report.against is not None:
        yield from _changes(report.against, report.before_name)


def differences_table(differences: tuple[Difference, ...], old: str, new: str) -> Table:
    """Return the paired differences of two runs as a table."""
    titles = ("measure", "pairs", old, new, "difference", "evidence", "finding", "needed")
    table = _table(titles)
    for item in differences:
        table.add_row(
            item.name,
            str(item.pairs),
            number(item.old),
            number(item.new),
            f"{item.new - item.old:+.3f}",
            item.evidence,
            Text(item.finding, style=_COLOURS.get(item.finding, "")),
            "" if item.needed is None else f"{item.needed:,} pairs",
        )
    return table


def change_lines(changes: tuple[CaseChange, ...]) -> Iterator[Text]:
    """Yield a line for each changed case: what fell, what rose."""
    for change in changes:
        what = "; ".join((*change.worse, *change.better))
        yield Text(f"  {change.new.id}: {what}", style="red" if change.worse else "green")


def _measures(report: Report) -> Table:
    table = _table(report.titles())
    for group, rows in report.rows():
        table.add_row(Text(group, style="bold"))
        for name, cells, finding in rows:
            style = "dim" if finding == "same" else _COLOURS.get(finding, "")
            table.add_row(f"  {name}", *cells[:4], *(Text(cell, style=style) for cell in cells[4:]))
    return table


def _table(titles: Sequence[str]) -> Table:
    left = ("measure", "finding")
    columns = (Column(one, justify="left" if one in left else "right") for one in titles)
    return Table(*columns, box=None, pad_edge=False, header_style="dim")


def _case(result: CaseResult) -> Iterator[Text]:
    right = result.value("right")
    mark = "failed" if result.error else {1.0: "ok", 0.0: "wrong", None: "unscored"}[right]
    yield Text(f"  {mark:<8} {result.id}: {' '.join(result.question.split())[:200]}")
    if mark != "ok":
        why = result.scores["right"].why if "right" in result.scores else "it has no score"
        yield Text(f"           said: {' '.join(result.said.split())[:200]}", style="dim")
        yield Text(f"           {why}", style="dim")


def _changes(against: Comparison, name: str) -> Iterator[Text]:
    if against.worse:
        yield Text(f"Worse than the {name} ({len(against.worse)}):", style="red")
        yield from change_lines(against.worse)
    if against.better:
        yield Text(f"Better than the {name}: {len(against.better)} cases.", style="green")
    if not against.changes:
        yield Text(f"No case changed against the {name}.", style="dim")
