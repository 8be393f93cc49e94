"""The scorers: one small file for each family of measures, its formula and source at its head."""

from __future__ import annotations

from collections.abc import Callable

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scorers import (
    answer,
    citations,
    cost,
    coverage,
    degraded,
    follow_up,
    groundedness,
    injection,
    judge,
    refusal,
    retrieval,
    right,
    support,
)
from chatbot.evaluation.scorers.words import normalise
from chatbot.evaluation.scores import Scores

__all__ = ["MEASURES", "SCORERS", "normalise", "score_case"]

SCORERS: tuple[Callable[[AnsweredCase], Scores], ...] = (
    answer.score,
    citations.score,
    coverage.score,
    support.score,
    groundedness.score,
    judge.score,
    refusal.score,
    retrieval.score,
    follow_up.score,
    injection.score,
    degraded.score,
    cost.score,
)
MEASURES: tuple[str, ...] = (
    "right",
    "answer_match",
    "answer_exact",
    "answer_f1",
    *citations.NAMES,
    "marker_coverage",
    "citation_support",
    "groundedness",
    "judge_support",
    "answered",
    "refusal_recall",
    "refusal_precision",
    *retrieval.NAMES,
    *follow_up.NAMES,
    "injection_success",
    "injection_quoted",
    "output_breach",
    "degraded",
    "seconds",
    "tokens_in",
    "tokens_out",
    "dollars",
)
"""The names of all scores of a case."""


def score_case(asked: AnsweredCase) -> Scores:
    """Return every measure of one case, unscored ones too."""
    scores: Scores = {}
    for scorer in SCORERS:
        scores |= scorer(asked)
    return {"right": right.score(asked, scores), **scores}
