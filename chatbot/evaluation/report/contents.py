"""What one report says: a run, what it is compared with, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from functools import cached_property

from chatbot.evaluation.cases import Gate, Suite
from chatbot.evaluation.claim_judge import agreement
from chatbot.evaluation.compare import Comparison, Difference, compare, failed_gates, regressions
from chatbot.evaluation.measures import grouped_names, measures
from chatbot.evaluation.run_files import load_baseline
from chatbot.evaluation.saved_run import CaseResult, Measure, Run

Row = tuple[str, tuple[str, ...], str]
"""A measure as every kind of report prints it: its name, the cells behind it, and the finding."""


@dataclass(frozen=True)
class Report:
    """One run with everything a report says of it.

    Raises:
        SuiteError: at a first look at ``against``, if ``before`` has no case in common with it.
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

    def grouped(self) -> list[tuple[str, list[Measure]]]:
        """Return the measures with a value, in the groups of the reports."""
        by_name = {item.name: item for item in self.measures if item.value is not None}
        all_names = grouped_names()
        known = {name for names in all_names.values() for name in names}
        groups = {
            title: [by_name[name] for name in names if name in by_name]
            for title, names in all_names.items()
        }
        groups["Other"] = [item for name, item in by_name.items() if name not in known]
        return [(title, items) for title, items in groups.items() if items]

    def titles(self) -> tuple[str, ...]:
        """Return the titles of the columns: of the name, and of the cells of a row."""
        titles = ("measure", "value", "95 % interval", "scored", "unscored")
        return titles if self.against is None else (*titles, self.before_name, "finding")

    def rows(self) -> list[tuple[str, list[Row]]]:
        """Return the table of measures, by group: the same in every kind of report."""
        against = self.against
        found = {item.name: item for item in against.differences} if against else {}
        return [
            (group, [_row(item, found.get(item.name), wide=against is not None) for item in items])
            for group, items in self.grouped()
        ]

    @property
    def unscored(self) -> list[str]:
        """The measures that no case of this run could be scored for."""
        return [item.name for item in self.measures if item.value is None]

    def worst(self, limit: int = 30) -> list[CaseResult]:
        """Return the cases that are not right, those that could not be asked first."""
        wrong = [item for item in self.run.results if item.error or item.value("right") == 0.0]
        return sorted(wrong, key=lambda item: (item.error is None, item.value("citation_f1") or 0))[
            :limit
        ]

    def heading(self) -> str:
        """Return one line: what was run, with what."""
        head, count, sample = self.run.head, len(self.run.results), self.run.sample
        cases = f"{count} case{'s' * (count != 1)}"
        if sample is not None:
            cases = f"{head.split} ({sample.sentence()})"
        parts = [f"{head.suite}: {cases}", f"mode {head.mode}"]
        if head.prompt:
            parts.append(f"prompt {head.prompt}")
        if head.judge:
            parts.append(f"judge {head.judge}")
        parts += [f"version {head.version}", head.started, f"{self.run.seconds:.1f} s"]
        if not self.run.complete:
            parts.append("INTERRUPTED")
        return ", ".join(part for part in parts if part)

    def notes(self) -> list[str]:
        """Return the sentences that belong under the table."""
        said = list(self.run.notes)
        if self.unscored:
            said.append(f"Unscored, no case has what they need: {', '.join(self.unscored)}.")
        if tokens := _tokens(self.run):
            said.append(tokens)
        if self.run.head.judge:
            said.append(agreement(c for item in self.run.results for c in item.claims))
        if self.against is not None and (self.against.only_new or self.against.only_old):
            said.append(
                f"Of the cases, {self.against.only_new} are new and {self.against.only_old} of the "
                f"{self.before_name} are gone; {self.against.pairs} are compared."
            )
        return said


def _row(item: Measure, found: Difference | None, *, wide: bool) -> Row:
    interval = item.interval
    cells = [
        number(item.value or 0.0),
        "" if interval is None else f"{number(interval.low)} to {number(interval.high)}",
        f"{item.successes} of {item.scored}" if item.is_rate else str(item.scored),
        str(item.unscored or ""),
    ]
    if wide:
        cells += [number(found.old), found.finding] if found else ["", ""]
    return item.name, tuple(cells), found.finding if found else ""


def check_run(run: Run, suite: Suite | None, gates: Mapping[str, Gate] | None = None) -> Report:
    """Return the report of a run beside its baseline, with the gates and measures that failed.

    Of two gates on one measure, that of ``gates`` counts, not the suite's. Without the suite there
    is no baseline.

    Raises:
        SuiteError: if the baseline's file is no saved run.
    """
    failures = failed_gates(run, {**(suite.gates if suite else {}), **(gates or {})})
    baseline = load_baseline(suite, run.head.mode) if suite else None
    if baseline is None or baseline.keys.isdisjoint(run.keys):
        return Report(run, failures=tuple(failures))
    failures += regressions(compare(baseline, run))
    return Report(run, before=baseline, failures=tuple(failures))


def number(value: float) -> str:
    """Return a value as every report prints it: rates and scores by three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"


def _tokens(run: Run) -> str | None:
    counted = {
        name: [v for item in run.results if (v := item.value(name)) is not None]
        for name in ("tokens_in", "tokens_out", "dollars")
    }
    if not counted["tokens_in"] and not counted["tokens_out"]:
        return None
    said = (
        f"Tokens: {sum(counted['tokens_in']):,.0f} in and {sum(counted['tokens_out']):,.0f} out "
        f"over {len(counted['tokens_out'])} answers"
    )
    if counted["dollars"]:
        return f"{said}; {sum(counted['dollars']):.4f} dollars at the prices given."
    return f"{said}; give --price for the cost."
