"""What a scorer is: one function with a name and a direction; ``@scorer`` is all that adds one.

A score of one case has its reason beside it. ``None`` is unscored: it could not be computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field

if TYPE_CHECKING:
    from chatbot.evaluation.answered_case import AnsweredCase

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one case."""

    value: float | None
    """None where it does not apply or cannot be computed; never 0 or 1 in its place."""
    why: str
    """The explanation of the value, one line for a person."""
    item: Annotated[Any, Field(exclude=True)] = None
    """What a measure of all cases together is computed from. It is not saved."""


Scores = dict[str, Score]
ScoreFunction = Callable[["AnsweredCase"], Score | None]
"""Returns None for a case that the measure is not about: it counts nowhere, not even unscored."""
Function = TypeVar("Function", bound=ScoreFunction)
Total = Callable[[Sequence[Any]], float | None]
"""The measure of the items of all cases together."""
GROUPS = (
    *("Answers", "Citations", "Grounding", "Refusal", "Retrieval", "Follow-ups"),
    *("Injection", "Cost", "Other"),
)
"""The order of measures in every report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A scorer by its name."""

    name: str
    better: Better
    """Which way it is good; "neither" for what another measure is compared with."""
    group: str = "Other"
    """Under which it stands in reports."""
    is_cost: bool = False
    """True for what changes with the machine and its load: never part of a verdict on quality."""
    score: ScoreFunction = lambda _: None
    total: Total | None = None
    """None: the mean of the values."""


Scorers = dict[str, Scorer]
SCORERS: Scorers = {}
"""Every scorer of suites by the name of its measure, in the order of their registration."""


def scorer(
    *,
    name: str,
    better: Better,
    group: str = "Other",
    is_cost: bool = False,
    total: Total | None = None,
    among: Scorers = SCORERS,
) -> Callable[[Function], Function]:
    """Make a function from an answered case to its score the ``Scorer`` of one measure.

    ``among`` are the scorers it is one of: a benchmark has its own.
    """

    def register(function: Function) -> Function:
        if name in among:
            raise ValueError(f"there are two scorers of {name}")
        among[name] = Scorer(
            name=name, better=better, group=group, is_cost=is_cost, score=function, total=total
        )
        return function

    return register


def score_case(asked: AnsweredCase, scorers: Scorers = SCORERS) -> Scores:
    """Return every measure that one case is about, unscored ones too."""
    found = ((name, one.score(asked)) for name, one in scorers.items())
    return {name: score for name, score in found if score is not None}
