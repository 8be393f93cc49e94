"""What one report is about: a run, what it is held against, and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.evaluation.compare import Comparison, compare
from chatbot.evaluation.judge import agreement
from chatbot.evaluation.measures import Measure, measures
from chatbot.evaluation.results import errors_in
from chatbot.evaluation.saved_run import CaseResult, Run

GROUPS: dict[str, tuple[str, ...]] = {
    "Answers": ("right", "answered", "answer_match", "answer_exact", "answer_f1"),
    "Citations": (
        "citation_precision",
        "citation_recall",
        "citation_f1",
        "citation_char_precision",
        "citation_char_recall",
        "citation_char_f1",
        "marker_coverage",
    ),
    "Grounding": ("citation_support", "groundedness", "judge_support", "ece"),
    "Refusal": ("refusal_precision", "refusal_recall", "aurc", "ece_answerable"),
    "Retrieval": (
        *(f"hit@{k}" for k in (1, 3, 5, 10)),
        *(f"recall@{k}" for k in (1, 3, 5, 10)),
        "mrr",
        "ndcg@10",
    ),
    "Follow-ups": ("follow_up_mrr", "rewrite_mrr", "follow_up_loss", "follow_up_agreement"),
    "Injection": ("injection_success", "injection_quoted", "output_breach"),
    "Cost": (
        "degraded",
        "seconds",
        "seconds_p50",
        "seconds_p95",
        "tokens_in",
        "tokens_out",
        "dollars",
    ),
}
"""The order of measures in every report; any other stands at the end, under "Other"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One run with everything a report says of it."""

    run: Run
    measures: tuple[Measure, ...]
    against: Comparison | None = None
    before: Run | None = None
    """The run that ``against`` compares with."""
    before_name: str = "baseline"
    failures: tuple[str, ...] = ()
    """Gates that do not hold and regressions, one sentence each."""

    def grouped(self) -> list[tuple[str, list[Measure]]]:
        """Return the measures with a value, in the groups of the reports."""
        by_name = {item.name: item for item in self.measures if item.value is not None}
        known = {name for names in GROUPS.values() for name in names}
        groups = {
            title: [by_name[name] for name in names if name in by_name]
            for title, names in GROUPS.items()
        }
        groups["Other"] = [item for name, item in by_name.items() if name not in known]
        return [(title, items) for title, items in groups.items() if items]

    @property
    def unscored(self) -> list[str]:
        """The measures that no case of this run could be scored for."""
        return [item.name for item in self.measures if item.value is None]

    @property
    def failed_cases(self) -> list[CaseResult]:
        """The cases that could not be asked."""
        return errors_in(self.run.results)

    def worst(self, limit: int = 30) -> list[CaseResult]:
        """Return the cases that are not right, those that could not be asked first."""
        wrong = [item for item in self.run.results if item.error or item.value("right") == 0.0]
        return sorted(wrong, key=lambda item: (item.error is None, item.value("citation_f1") or 0))[
            :limit
        ]

    def heading(self) -> str:
        """Return one line: what was run, with what."""
        head, count = self.run.head, len(self.run.results)
        parts = [f"{head.suite}: {count} case{'s' * (count != 1)}", f"mode {head.mode}"]
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
        said = []
        if self.unscored:
            said.append(f"Unscored, no case has what they need: {', '.join(self.unscored)}.")
        if tokens := _tokens(self.run):
            said.append(tokens)
        if self.run.head.judge:
            said.append(agreement(c for item in self.run.results for c in item.claims).sentence())
        if self.against is not None and (self.against.only_new or self.against.only_old):
            said.append(
                f"Of the cases, {self.against.only_new} are new and {self.against.only_old} of the "
                f"{self.before_name} are gone; {self.against.pairs} are compared."
            )
        return said


def subject_of(
    run: Run,
    *,
    before: Run | None = None,
    before_name: str = "baseline",
    failures: Sequence[str] = (),
) -> Subject:
    """Put together what a report says of a run.

    Raises:
        SuiteError: if ``before`` has no case in common with the run.
    """
    return Subject(
        run=run,
        measures=tuple(measures(run)),
        against=None if before is None else compare(before, run),
        before=before,
        before_name=before_name,
        failures=tuple(failures),
    )


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
