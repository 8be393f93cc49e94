"""A measure: one figure over many cases, with its 95 % interval and the number of cases behind it.

A rate (scores of 0 and 1) has Wilson's interval, a mean the bootstrap's. What is computed from all
cases together (F1, AUROC, AURC, percentiles) has the bootstrap's over cases, or over whole groups
where cases hang together, as answers about one source do. Unscored cases are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from statistics import fmean
from typing import TypeVar

from chatbot.evaluation.formulas import Cut, area, expected_calibration_error, risk_coverage
from chatbot.evaluation.saved_run import CaseResult, Measure, Run
from chatbot.evaluation.scorers import SCORERS
from chatbot.evaluation.scoring import GROUPS, Better, Scorer, Scorers
from chatbot.evaluation.statistics import bootstrap_mean, bootstrap_statistic, wilson_interval

Item = TypeVar("Item")


def _known(name: str) -> Scorer | None:
    return SCORERS.get(name) or _SUMMARIES.get(name)


def better(name: str) -> Better:
    """Return which way a measure is good; up, where a saved run has one that is no more."""
    known = _known(name)
    return known.better if known else "higher"


def is_cost(name: str) -> bool:
    """Return whether a measure is latency, tokens or money: no verdict on quality rests on it."""
    known = _known(name)
    return known is not None and known.is_cost


def grouped_names() -> dict[str, list[str]]:
    """Return the names of all measures by the group they stand under in reports."""
    known = [*SCORERS.values(), *_SUMMARIES.values()]
    return {group: [one.name for one in known if one.group == group] for group in GROUPS}


def score_names(results: Iterable[CaseResult]) -> list[str]:
    """Return the names of all scores, in the order in which they were first given."""
    return list(dict.fromkeys(name for result in results for name in result.scores))


def measures(run: Run) -> list[Measure]:
    """Sum up a run. A measure that no case has a value for stays, unscored, with the count.

    A benchmark's run keeps its measures and no cases: the data is not ours to keep.
    """
    if run.sample is not None:
        return list(run.measures)
    results = run.results
    summed = [_of_values(name, results, better(name)) for name in score_names(results)]
    answered = [result for result in results if result.answer is not None]
    lost = len(results) - len(answered)
    return summed + [
        overall(one.name, one.total, answered, unscored=lost, better=one.better)
        for one in _SUMMARIES.values()
        if one.total is not None
    ]


def measures_by(scorers: Scorers, results: Sequence[CaseResult]) -> list[Measure]:
    """Sum up the results of a benchmark: a measure for each of its scorers."""
    return [
        _of_values(one.name, results, one.better)
        if one.total is None
        else _of_items(one, one.total, results)
        for one in scorers.values()
    ]


def _of_values(name: str, results: Sequence[CaseResult], way: Better) -> Measure:
    values = [value for result in results if (value := result.value(name)) is not None]
    about = sum(name in result.scores or result.error is not None for result in results)
    is_rate = bool(values) and all(value in (0.0, 1.0) for value in values) and not is_cost(name)
    return Measure(
        name=name,
        value=fmean(values) if values else None,
        interval=wilson_interval(sum(values), len(values)) if is_rate else bootstrap_mean(values),
        scored=len(values),
        unscored=about - len(values),
        is_rate=is_rate,
        better=way,
    )


def _of_items(
    one: Scorer, total: Callable[[Sequence[object]], float | None], results: Sequence[CaseResult]
) -> Measure:
    scored = [
        (result.group or result.id, score.item)
        for result in results
        if (score := result.scores.get(one.name)) is not None and score.item is not None
    ]
    items, groups = [item for _, item in scored], [group for group, _ in scored]
    return overall(one.name, total, items, groups=groups, better=one.better)


def overall(
    name: str,
    statistic: Callable[[Sequence[Item]], float | None],
    cases: Sequence[Item],
    *,
    groups: Sequence[str] | None = None,
    unscored: int = 0,
    better: Better = "higher",
) -> Measure:
    """Return a measure of all cases together; a statistic of None is unscored.

    ``groups`` names the group of each case: groups are drawn whole. ``unscored`` counts cases that
    are not among ``cases``.
    """
    value = statistic(cases)
    if value is None:
        lost = unscored + len(cases)
        return Measure(name=name, value=None, scored=0, unscored=lost, better=better)
    members: dict[str, list[Item]] = {}
    for at, case in enumerate(cases):
        members.setdefault(groups[at] if groups else str(at), []).append(case)
    together = list(members.values())
    interval = bootstrap_statistic(
        len(together), lambda drawn: statistic([case for at in drawn for case in together[at]])
    )
    return Measure(
        name=name,
        value=value,
        interval=interval,
        scored=len(cases),
        unscored=unscored,
        better=better,
    )


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


def _seconds(results: Sequence[CaseResult], share: float) -> float | None:
    values = (result.value("seconds") for result in results)
    return percentile((value for value in values if value is not None), share)


def _summary(
    name: str, group: str, total: Callable[[Sequence[CaseResult]], float | None]
) -> Scorer:
    """Return a measure that is computed from all results together. Lower is better."""
    return Scorer(name=name, better="lower", group=group, is_cost=group == "Cost", total=total)


_SUMMARIES = {
    one.name: one
    for one in (
        _summary("aurc", "Refusal", lambda found: area(risk_curve(found))),
        _summary(
            "ece",
            "Grounding",
            lambda found: expected_calibration_error([p for one in found for p in one.verdicts]),
        ),
        _summary(
            "ece_answerable",
            "Refusal",
            lambda found: expected_calibration_error(answerable_by_confidence(found)),
        ),
        _summary("seconds_p50", "Cost", lambda found: _seconds(found, 0.5)),
        _summary("seconds_p95", "Cost", lambda found: _seconds(found, 0.95)),
    )
}


def answerable_by_confidence(results: Iterable[CaseResult]) -> list[tuple[float, bool]]:
    """Return (P(the documents answer), whether they do) of each case that is known to be either."""
    pairs = []
    for result in results:
        p = (result.answer or {}).get("p_answered")
        answerable = result.value("answered") is not None
        if p is not None and (answerable or result.value("refusal_recall") is not None):
            pairs.append((float(p), answerable))
    return pairs
