"""A measure: one figure over many cases, with its 95 % interval and the number of cases behind it.

A rate (scores of 0 and 1) has Wilson's interval, a mean the bootstrap's. What is computed from all
cases together (F1, AUROC, AURC, percentiles) has the bootstrap's over cases, or over whole groups
where cases hang together, as answers about one source do. Unscored cases are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import fmean
from typing import Any

from chatbot.evaluation.formulas import Cut, area, calibration_error, risk_coverage
from chatbot.evaluation.saved_run import CaseResult, Measure, Run
from chatbot.evaluation.scorers import SCORERS
from chatbot.evaluation.scoring import Scorer, Total
from chatbot.evaluation.statistics import bootstrap_mean, bootstrap_statistic, wilson_interval


def measures(run: Run) -> list[Measure]:
    """Sum up a run. A measure that no case has a value for stays, unscored, with the count.

    A benchmark's run keeps its measures and no cases: the data is not ours to keep.
    """
    if run.sample is not None:
        return list(run.measures)
    scorers = [scorer_of(name) for name in score_names(run.results)]
    return measures_by([*scorers, *SUMMARIES.values()], run.results)


def measures_by(scorers: Iterable[Scorer], results: Sequence[CaseResult]) -> list[Measure]:
    """Sum up results: a measure for each of some scorers."""
    return [
        _mean(one, results) if one.total is None else _total(one, one.total, results)
        for one in scorers
    ]


def scorer_of(name: str) -> Scorer:
    """Return what a measure is of; up is good where a saved run has a measure that is no more."""
    return SCORERS.get(name) or SUMMARIES.get(name) or Scorer(name=name, better="higher")


def score_names(results: Iterable[CaseResult]) -> list[str]:
    """Return the names of all scores, in the order in which they were first given."""
    return list(dict.fromkeys(name for result in results for name in result.scores))


def values_of(name: str, results: Iterable[CaseResult]) -> list[float]:
    """Return the scores of a measure that are there."""
    return [value for result in results if (value := result.value(name)) is not None]


def _mean(one: Scorer, results: Sequence[CaseResult]) -> Measure:
    values = values_of(one.name, results)
    about = sum(one.name in result.scores or result.error is not None for result in results)
    is_rate = bool(values) and not one.is_cost and all(value in (0.0, 1.0) for value in values)
    return Measure(
        name=one.name,
        value=fmean(values) if values else None,
        interval=wilson_interval(sum(values), len(values)) if is_rate else bootstrap_mean(values),
        scored=len(values),
        unscored=about - len(values),
        is_rate=is_rate,
        better=one.better,
    )


def _total(one: Scorer, total: Total, results: Sequence[CaseResult]) -> Measure:
    """Return what is computed of all cases together; one that has no value is unscored."""
    groups: dict[str, list[Any]] = {}
    for result in results:
        if (item := _item(one, result)) is not None:
            groups.setdefault(result.group or result.id, []).append(item)
    together = list(groups.values())

    def of_drawn(drawn: Iterable[int]) -> float | None:
        return total([item for at in drawn for item in together[at]])

    value, count = of_drawn(range(len(together))), sum(map(len, together))
    scored = 0 if value is None else count
    about = len(results) if one.name in SUMMARIES else count
    return Measure(
        name=one.name,
        value=value,
        interval=None if value is None else bootstrap_statistic(len(together), of_drawn),
        scored=scored,
        unscored=about - scored,
        better=one.better,
    )


def _item(one: Scorer, result: CaseResult) -> object:
    """Return what a measure of all cases is made of: a saved result, or what a scorer kept."""
    if one.name in SUMMARIES:
        return None if result.answer is None else result
    score = result.scores.get(one.name)
    return None if score is None else score.item


def risk_curve(results: Sequence[CaseResult]) -> list[Cut]:
    """Return the curve over the answers to questions that have one right behaviour."""
    answers = [
        (result.confidence, right == 1.0)
        for result in results
        if result.confidence is not None and (right := result.value("right")) is not None
    ]
    return risk_coverage(answers, cases=max(1, len(results)))


def percentile(values: Iterable[float], share: float) -> float | None:
    """Return the nearest rank: an observed value, not one between two. None for no values."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def claim_pairs(results: Iterable[CaseResult]) -> list[tuple[float, bool]]:
    """Return (P(supported), right) of each claim that is known to be right or wrong."""
    return [pair for result in results for pair in result.verdicts]


def answerable_pairs(results: Iterable[CaseResult]) -> list[tuple[float, bool]]:
    """Return (P(the documents answer), whether they do) of each case that is known to be either."""
    pairs = []
    for result in results:
        p = (result.answer or {}).get("p_answered")
        answerable = result.value("answered") is not None
        if p is not None and (answerable or result.value("refusal_recall") is not None):
            pairs.append((float(p), answerable))
    return pairs


SUMMARIES = {
    name: Scorer(name=name, better="lower", group=group, is_cost=group == "Cost", total=total)
    for name, group, total in (
        ("aurc", "Refusal", lambda found: area(risk_curve(found))),
        ("ece", "Grounding", lambda found: calibration_error(claim_pairs(found))),
        ("ece_answerable", "Refusal", lambda found: calibration_error(answerable_pairs(found))),
        ("seconds_p50", "Cost", lambda found: percentile(values_of("seconds", found), 0.5)),
        ("seconds_p95", "Cost", lambda found: percentile(values_of("seconds", found), 0.95)),
    )
}
"""The measures that are computed from all results of a suite together."""
