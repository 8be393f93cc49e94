"""What a scorer is: one function with a name and a direction; ``@scorer`` is all that adds one.

A score of one case has its reason beside it. ``None`` is unscored: it could not be computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.evaluation.measures import Better

if TYPE_CHECKING:
    from chatbot.evaluation.answered_case import AnsweredCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One measure of one case."""

    value: float | None
    """None where it does not apply or cannot be computed; never 0 or 1 in its place."""
    why: str
    """The explanation of the value, one line for a person."""


Scores = dict[str, Score]
ScoreFunction = Callable[["AnsweredCase"], Score]
GROUPS = (
    "Answers",
    "Citations",
    "Grounding",
    "Refusal",
    "Retrieval",
    "Follow-ups",
    "Injection",
    "Cost",
)
"""The order of measures in every report; a measure of no group stands at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A scorer by its name."""

    name: str
    better: Better
    group: str
    is_cost: bool
    """True for what changes with the machine and its load: never part of a verdict on quality."""
    score: ScoreFunction


SCORERS: dict[str, Scorer] = {}
"""Every scorer by the name of its measure, in the order of their registration."""


def scorer(
    *, name: str, better: Better, group: str = "Other", is_cost: bool = False
) -> Callable[[ScoreFunction], ScoreFunction]:
    """Make a function from an answered case to its score the scorer of one measure.

    Args:
        name: of the measure, in reports, gates and saved runs.
        better: which way it is good; "neither" for what another measure is compared with.
        group: under which it stands in reports.
        is_cost: whether it is latency, tokens or money.
    """

    def register(function: ScoreFunction) -> ScoreFunction:
        if name in SCORERS:
            raise ValueError(f"there are two scorers of {name}")
        SCORERS[name] = Scorer(
            name=name, better=better, group=group, is_cost=is_cost, score=function
        )
        return function

    return register


def unscored(why: str) -> Score:
    """Return a score that could not be computed, with the reason."""
    return Score(value=None, why=why)
