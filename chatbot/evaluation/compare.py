"""Two runs side by side: a paired difference for each measure, and each case that changed.

Rates: the exact McNemar test over the pairs that differ. Means: a bootstrap interval of the paired
differences. Where nothing is shown, the size of a study that would show it stands beside it.
Gates: the bounds that a run must keep, and the regressions against a baseline that fail it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Literal

from chatbot.errors import SuiteError
from chatbot.evaluation.cases import Gate
from chatbot.evaluation.measures import better, is_cost, measures, score_names
from chatbot.evaluation.saved_run import CaseResult, Run, RunHead
from chatbot.evaluation.scoring import Better
from chatbot.evaluation.statistics import (
    LEAST_PAIRS,
    SIGNIFICANCE,
    Interval,
    bootstrap_mean,
    mcnemar_exact,
    pairs_for_means,
    pairs_for_rates,
)

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
    better: Better
    interval: Interval | None
    """Of the mean difference; None for a rate or fewer than two pairs."""
    p: float | None
    """Of the exact test; None for a mean."""
    gained: int
    """Pairs that rose."""
    lost: int
    """Pairs that fell."""
    finding: Finding
    needed: int | None
    """Pairs that would show a difference of this size; None where it is shown or there is none."""
    is_regression: bool

    def evidence(self) -> str:
        """Return what the finding rests on, in words."""
        counts = f"{self.gained} up, {self.lost} down of {self.pairs}"
        if self.p is not None:
            return f"{counts}, p = {self.p:.4f}"
        if self.interval is not None:
            return f"{counts}, difference {self.interval.low:+.3f} to {self.interval.high:+.3f}"
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case that changed, with the measures that did."""

    id: str
    question: str
    worse: tuple[str, ...]
    """``right 1 -> 0`` and the like."""
    better: tuple[str, ...]
    said_before: str
    says_now: str


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
    """Compare two runs of the same suite, case by case.

    Raises:
        SuiteError: if they have no case in common.
    """
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
    both = [
        (a, b)
        for x, y in pairs
        if (a := x.value(name)) is not None and (b := y.value(name)) is not None
    ]
    if not both:
        return None
    changes = [0.0 if abs(b - a) < _SAME else b - a for a, b in both]
    rate = not is_cost(name) and all(value in (0.0, 1.0) for pair in both for value in pair)
    gained = sum(change > _SAME for change in changes)
    lost = sum(change < -_SAME for change in changes)
    p = mcnemar_exact(gained, lost) if rate else None
    interval = None if rate else bootstrap_mean(changes)
    difference, way = fmean(changes), better(name)
    shown = _is_shown(p, interval)
    strict = interval if rate else bootstrap_mean(changes, confidence=1 - REGRESSION)
    fell = (difference < 0) == (way == "higher") and way != "neither" and not is_cost(name)
    return Difference(
        name=name,
        pairs=len(both),
        old=fmean(a for a, _ in both),
        new=fmean(b for _, b in both),
        better=way,
        interval=interval,
        p=p,
        gained=gained,
        lost=lost,
        finding=_finding(shown, difference, way, changed=gained + lost, pairs=len(both)),
        needed=None if shown else _needed(rate, changes, gained + lost),
        is_regression=fell
        and gained + lost > 0
        and (p < REGRESSION if p is not None else _is_shown(None, strict)),
    )


def _is_shown(p: float | None, interval: Interval | None) -> bool:
    if p is not None:
        return p < SIGNIFICANCE
    return interval is not None and (interval.low > _SAME or interval.high < -_SAME)


def _finding(shown: bool, difference: float, way: Better, *, changed: int, pairs: int) -> Finding:
    if changed == 0:
        return "same"
    if shown:
        if way == "neither":
            return "changed"
        return "better" if (difference > 0) == (way == "higher") else "worse"
    return "too few cases to tell" if min(pairs, changed) < LEAST_PAIRS else "no difference shown"


def _needed(rate: bool, changes: Sequence[float], discordant: int) -> int | None:
    difference = fmean(changes)
    if abs(difference) < _SAME:
        return None
    if rate:
        return pairs_for_rates(discordant / len(changes), difference)
    return pairs_for_means(pstdev(changes), difference)


def _change(old: CaseResult, new: CaseResult, names: Sequence[str]) -> CaseChange | None:
    worse: list[str] = []
    improved: list[str] = []
    if new.error and not old.error:
        worse.append(f"could not be asked: {new.error}")
    for name in names:
        before, now, way = old.value(name), new.value(name), better(name)
        if before is None or now is None or is_cost(name) or way == "neither":
            continue
        if abs(now - before) > _SAME:
            list_ = improved if (now > before) == (way == "higher") else worse
            list_.append(f"{name} {before:.3g} -> {now:.3g}")
    if not worse and not improved:
        return None
    return CaseChange(
        id=new.id,
        question=new.question,
        worse=tuple(worse),
        better=tuple(improved),
        said_before=_said(old),
        says_now=_said(new),
    )


def _said(result: CaseResult) -> str:
    return str(result.answer["text"]) if result.answer else (result.error or "")


def failed_gates(run: Run, gates: Mapping[str, Gate]) -> list[str]:
    """Return a sentence for each gate that does not hold; an unscored measure fails its gate.

    A case that could not be asked fails the run too: it would be missing from every measure.
    """
    found = {item.name: item for item in measures(run)}
    failures = []
    for name, gate in gates.items():
        item = found.get(name)
        value = item.value if item else None
        where = f"{run.head.suite}: {name}"
        if value is None:
            failures.append(f"{where} is unscored, and a gate asks for it.")
        elif gate.at_least is not None and value < gate.at_least:
            failures.append(f"{where} is {value:.3f}, at least {gate.at_least:g} is asked.")
        elif gate.at_most is not None and value > gate.at_most:
            failures.append(f"{where} is {value:.3f}, at most {gate.at_most:g} is allowed.")
    failures += [
        f"{run.head.suite}: case {item.id} could not be asked: {item.error}" for item in run.failed
    ]
    return failures


def regressions(comparison: Comparison) -> list[str]:
    """Return a sentence for each measure that fell so clearly that it fails the run."""
    return [
        f"{comparison.new.suite}: {item.name} fell from {item.old:.3f} to {item.new:.3f} "
        f"({item.evidence()})."
        for item in comparison.differences
        if item.is_regression
    ]


def parse_gate(text: str) -> tuple[str, Gate]:
    """Read ``right>=0.8`` or ``injection_success<=0``.

    Raises:
        SuiteError: if it is neither.
    """
    for sign, bound in ((">=", "at_least"), ("<=", "at_most")):
        name, found, value = text.partition(sign)
        if found and name.strip():
            try:
                return name.strip(), Gate.model_validate({bound: float(value)})
            except ValueError:
                break
    raise SuiteError(f"{text!r} is not a gate. Write for example 'right>=0.8'.")
