"""The scorers: one file for each family of measures, its formulas and sources at its head.

A new one is a function with ``@scorer`` in a file that is imported here; nothing else changes.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.metrics.answer_words import normalise
from chatbot.evaluation.scorers import (
    answer_match,
    citation_overlap,
    claims,
    cost,
    injection,
    refusals,
    retrieval,
    talk,
)
from chatbot.evaluation.scoring import SCORERS, Scorers, Scores

__all__ = [
    "SCORERS",
    "answer_match",
    "citation_overlap",
    "claims",
    "cost",
    "injection",
    "normalise",
    "refusals",
    "retrieval",
    "score_case",
    "talk",
]


def score_case(asked: AnsweredCase, scorers: Scorers = SCORERS) -> Scores:
    """Return every measure that one case is about, unscored ones too."""
    found = ((name, one.score(asked)) for name, one in scorers.items())
    return {name: score for name, score in found if score is not None}
