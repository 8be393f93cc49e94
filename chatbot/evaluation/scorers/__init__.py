"""The scorers: one file for each family of measures, its formulas and sources at its head.

A new one is a function with ``@scorer`` in a file that is imported here; nothing else changes.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scorers import (  # noqa: F401 - importing a file registers its scorers
    answers,
    citations,
    injection,
    retrieval,
    talk,
)
from chatbot.evaluation.scoring import SCORERS, Scorers, Scores

__all__ = ["SCORERS", "score_case"]


def score_case(asked: AnsweredCase, scorers: Scorers = SCORERS) -> Scores:
    """Return every measure that one case is about, unscored ones too."""
    found = ((name, one.score(asked)) for name, one in scorers.items())
    return {name: score for name, score in found if score is not None}
