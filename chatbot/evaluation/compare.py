"""Two runs side by side: a paired difference for each measure, and each case that changed.

Rates: the exact McNemar test over the pairs that differ. Means: a bootstrap interval of the paired
differences. Where nothing is shown, the size of a study that would show it stands beside it.
Gates: the bounds that a run must keep, and the regressions against a baseline that fail it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Literal

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import measures, score_names, scorer_of
from chatbot.evaluation.saved_run import CaseResult, Run, RunHead
from chatbot.evaluation.statistics import (
    LEAST_PAIRS,
    SIGNIFICANCE,
    bootstrap_mean,
    mcnemar_exact,
    pairs_for_means,
    pairs_for_rates,
)
from chatbot.evaluation.suites import Gate

REGRESSION = 0.01
"""A run fails below this p, stricter than what is called a difference: many measures are looked at,
and a model's answers vary from run to run."""
_SAME = 1e-5
"""Smaller changes are none: a baseline keeps six digits."""

Finding = Literal[
    "better", "worse", "changed", "same", "too few cases to tell", "no difference shown"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in both runs, over the cases scored in both."""

    name: str
    pairs: int
    old: float
    new: float
    finding: Finding
    evidence: str
    """What the finding rests on, in words."""
    needed: int | None
    """Pairs that would show a difference of this size; None where it is shown or there is none."""
    is_regression: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case that changed, with the measures that did."""

    old: CaseResult
    new: CaseResult
    worse: list[str]
    """``right 1 -> 0`` and the like."""
    better: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An old and a new run."""

    old: RunHead
    new: RunHead
    pairs: int
    """Cases of both runs, with the same question and expectation."""
    only_old: int
    only_new: int
    differences: tuple[Difference, ...]
    changes: tuple[CaseChange, ...]

    @property
    def worse(self) -> tuple[CaseChange, ...]:
        """The cases in which a measure got worse, those no longer right first."""
        cases = [change for change in self.changes if change.worse]
        return tuple(sorted(cases, key=lambda c: not any(w.startswith("right ") for w in c.worse)))

    @property
    def better(self) -> tuple[CaseChange, ...]:
        """The cases in which measures got better only."""
        return tuple(change for change in self.changes if not change.worse)


def compare(old: Run, new: Run) -> Comparison:
    """Compare two runs of the same suite, case by case; SuiteError if they have none in common."""
    before = {result.key: result for result in old.results}
    pairs = [(before[one.key], one) for one in new.results if one.key in before]
    if not pairs:
        raise SuiteError(
            f"The runs of {old.head.suite} and {new.head.suite} have no case in common."
        )
    names = [name for name in score_names(r for pair in pairs for r in pair) if name != "dollars"]
    differences = (_difference(name, pairs) for name in names)
    changes = (_change(first, second, names) for first, second in pairs)
    return Comparison(
        old=old.head,
        new=new.head,
        pairs=len(pairs),
        only_old=len(old.results) - len(pairs),
        only_new=len(new.results) - len(pairs),
        differences=tuple(item for item in differences if item is not None),
        changes=tuple(item for item in changes if item is not None),
    )


def _difference(name: str, pairs: Sequence[tuple[CaseResult, CaseResult]]) -> Difference | None:
    known = [(old.value(name), new.value(name)) for old, new in pairs]
    both = [(old, new) for old, new in known if old is not None and new is not None]
    if not both:
        return None
    scorer = scorer_of(name)
    changes = [0.0 if abs(new - old) < _SAME else new - old for old, new in both]
    rate = not scorer.is_cost and all(value in (0.0, 1.0) for pair in both for value in pair)
    gained, lost = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    p = mcnemar_exact(gained, lost) if rate else None
    shown = _is_shown(changes, p, SIGNIFICANCE)
    fell = scorer.better != "neither" and (fmean(changes) < 0) == (scorer.better == "higher")
    finding: Finding
    if gained + lost == 0:
        finding = "same"
    elif not shown:
        few = min(len(both), gained + lost) < LEAST_PAIRS
        finding = "too few cases to tell" if few else "no difference shown"
    else:
        finding = "worse" if fell else "changed" if scorer.better == "neither" else "better"
    return Difference(
        name=name,
        pairs=len(both),
        old=fmean(old for old, _ in both),
        new=fmean(new for _, new in both),
        finding=finding,
        evidence=f"{gained} up, {lost} down of {len(both)}{_told(changes, p)}",
        needed=None if shown else _needed(changes, rate=rate),
        is_regression=fell and not scorer.is_cost and _is_shown(changes, p, REGRESSION),
    )


def _told(changes: Sequence[float], p: float | None) -> str:
    if p is not None:
        return f", p = {p:.4f}"
    interval = bootstrap_mean(changes)
    return f", difference {interval.low:+.3f} to {interval.high:+.3f}" if interval else ""


def _is_shown(changes: Sequence[float], p: float | None, significance: float) -> bool:
    """Say whether a change is more than chance: by ``p`` for a rate, else by the bootstrap."""
    if p is not None:
        return p < significance
    interval = bootstrap_mean(changes, confidence=1 - significance)
    return interval is not None and (interval.low > _SAME or interval.high < -_SAME)


def _needed(changes: Sequence[float], *, rate: bool) -> int | None:
    difference = fmean(changes)
    if abs(difference) < _SAME:
        return None
    if rate:
        return pairs_for_rates(sum(map(bool, changes)) / len(changes), difference)
    return pairs_for_means(pstdev(changes), difference)


def _change(old: CaseResult, new: CaseResult, names: Sequence[str]) -> CaseChange | None:
    worse = [f"could not be asked: {new.error}"] if new.error and not old.error else []
    improved: list[str] = []
    for scorer in map(scorer_of, names):
        before, now, way = old.value(scorer.name), new.value(scorer.name), scorer.better
        if before is None or now is None or scorer.is_cost or way == "neither":
            continue
        if abs(now - before) > _SAME:
            list_ = improved if (now > before) == (way == "higher") else worse
            list_.append(f"{scorer.name} {before:.3g} -> {now:.3g}")
    changed = worse or improved
    return CaseChange(old=old, new=new, worse=worse, better=improved) if changed else None


def failed_gates(run: Run, gates: Mapping[str, Gate]) -> list[str]:
    """Return a sentence for each gate that does not hold; an unscored measure fails its gate.

    A case that could not be asked fails the run too: it would be missing from every measure.
    """
    found = {item.name: item.value for item in measures(run)}
    failures = []
    for name, gate in gates.items():
        value, where = found.get(name), f"{run.head.suite}: {name}"
        if value is None:
            failures.append(f"{where} is unscored, and a gate asks for it.")
        elif fault := gate.fault(value):
            failures.append(f"{where} is {value:.3f}, {fault}.")
    failures += [
        f"{run.head.suite}: case {item.id} could not be asked: {item.error}" for item in run.failed
    ]
    return failures


def regressions(comparison: Comparison) -> list[str]:
    """Return a sentence for each measure that fell so clearly that it fails the run."""
    return [
        f"{comparison.new.suite}: {item.name} fell from {item.old:.3f} to {item.new:.3f} "
        f"({item.evidence})."
        for item in comparison.differences
        if item.is_regression
    ]


def parse_gate(text: str) -> tuple[str, Gate]:
    """Read ``right>=0.8`` or ``injection_success<=0``; all else is a SuiteError."""
    for sign, bound in ((">=", "at_least"), ("<=", "at_most")):
        name, found, value = text.partition(sign)
        with suppress(ValueError):
            if found and name.strip():
                return name.strip(), Gate.model_validate({bound: float(value)})
    raise SuiteError(f"{text!r} is not a gate. Write for example 'right>=0.8'.")
