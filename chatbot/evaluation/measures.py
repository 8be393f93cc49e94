"""The measures of a run: each score summed up over its cases, with an interval.

A measure is a rate (scores of 0 and 1: Wilson interval), a mean (bootstrap), or computed from all
cases together (AURC, ECE, percentiles; bootstrap over cases). Unscored cases are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from chatbot.evaluation.saved_run import CaseResult, Run
from chatbot.evaluation.scorers.calibration import expected_calibration_error
from chatbot.evaluation.scorers.refusal import area, risk_coverage
from chatbot.evaluation.statistics import (
    Interval,
    bootstrap_mean,
    bootstrap_statistic,
    wilson_interval,
)

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of one run."""

    name: str
    value: float | None
    """None where no case could be scored."""
    interval: Interval | None
    scored: int
    unscored: int
    is_rate: bool
    better: Better

    @property
    def successes(self) -> int | None:
        """Of a rate: the number of cases with 1."""
        return None if self.value is None or not self.is_rate else round(self.value * self.scored)


COSTS = frozenset(("seconds", "seconds_p50", "seconds_p95", "tokens_in", "tokens_out", "dollars"))
"""Never part of a verdict on quality: they change with the machine and its load."""
_LOWER = COSTS | {
    "aurc",
    "ece",
    "ece_answerable",
    "injection_success",
    "injection_quoted",
    "output_breach",
    "follow_up_loss",
    "degraded",
}
_CONTEXT = frozenset(("rewrite_mrr",))
"""Neither better nor worse: what another measure is held against."""


def better(name: str) -> Better:
    """Return which way a measure is good."""
    if name in _CONTEXT:
        return "neither"
    return "lower" if name in _LOWER else "higher"


def score_names(results: Iterable[CaseResult]) -> list[str]:
    """Return the names of all scores, in the order in which they were first given."""
    return list(dict.fromkeys(name for result in results for name in result.scores))


def measures(run: Run) -> list[Measure]:
    """Sum up a run. A measure that no case has a value for stays, unscored, with the count."""
    results = run.results
    summed = [_of_scores(name, results) for name in score_names(results)]
    return [*summed, *(_of_all(name, results, compute) for name, compute in _COMPUTED.items())]


def measure(run: Run, name: str) -> Measure | None:
    """Return one measure of a run, None where the run has none of that name."""
    return next((item for item in measures(run) if item.name == name), None)


def _of_scores(name: str, results: Sequence[CaseResult]) -> Measure:
    values = [value for result in results if (value := result.value(name)) is not None]
    rate = bool(values) and all(value in (0.0, 1.0) for value in values) and name not in COSTS
    interval = wilson_interval(sum(values), len(values)) if rate else bootstrap_mean(values)
    return Measure(
        name=name,
        value=fmean(values) if values else None,
        interval=interval,
        scored=len(values),
        unscored=len(results) - len(values),
        is_rate=rate,
        better=better(name),
    )


def _of_all(
    name: str,
    results: Sequence[CaseResult],
    compute: Callable[[Sequence[CaseResult]], float | None],
) -> Measure:
    used = [result for result in results if result.answer is not None]
    value = compute(used)
    interval = None
    if value is not None:
        interval = bootstrap_statistic(len(used), lambda drawn: compute([used[at] for at in drawn]))
    return Measure(
        name=name,
        value=value,
        interval=interval,
        scored=len(used) if value is not None else 0,
        unscored=len(results) - (len(used) if value is not None else 0),
        is_rate=False,
        better=better(name),
    )


def answers_by_confidence(results: Iterable[CaseResult]) -> list[tuple[float, bool]]:
    """Return (confidence, right) of each answer given to a question with one right behaviour."""
    return [
        (result.confidence, right == 1.0)
        for result in results
        if result.confidence is not None and (right := result.value("right")) is not None
    ]


def _aurc(results: Sequence[CaseResult]) -> float | None:
    return area(risk_coverage(answers_by_confidence(results), cases=max(1, len(results))))


def _ece(results: Sequence[CaseResult]) -> float | None:
    return expected_calibration_error([pair for item in results for pair in item.verdicts])


def _percentile(share: float) -> Callable[[Sequence[CaseResult]], float | None]:
    def compute(results: Sequence[CaseResult]) -> float | None:
        values = sorted(v for item in results if (v := item.value("seconds")) is not None)
        # Nearest rank: an observed latency, not one between two.
        return values[max(0, -int(-share * len(values) // 1) - 1)] if values else None

    return compute


def answerable_by_confidence(results: Iterable[CaseResult]) -> list[tuple[float, bool]]:
    """Return (P(the documents answer), whether they do) of each case that is known to be either."""
    pairs = []
    for result in results:
        p = (result.answer or {}).get("p_answered")
        answerable = result.value("answered") is not None
        if p is not None and (answerable or result.value("refusal_recall") is not None):
            pairs.append((float(p), answerable))
    return pairs


def _ece_answerable(results: Sequence[CaseResult]) -> float | None:
    return expected_calibration_error(answerable_by_confidence(results))


_COMPUTED: dict[str, Callable[[Sequence[CaseResult]], float | None]] = {
    "aurc": _aurc,
    "ece": _ece,
    "ece_answerable": _ece_answerable,
    "seconds_p50": _percentile(0.5),
    "seconds_p95": _percentile(0.95),
}
