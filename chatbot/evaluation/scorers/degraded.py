"""Degraded: a model was to answer, and the quoted answer came instead.

``degraded`` = answers that fell back to quoting / cases. Such an answer says nothing of the model,
so its other scores are to be read with this beside them. Unscored in extractive mode.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scores import Score, Scores, unscored


def score(asked: AnsweredCase) -> Scores:
    """Score whether the model that was to answer did."""
    if asked.mode == "extractive":
        return {"degraded": unscored("no model was to answer")}
    if asked.answer.mode == asked.mode:
        return {"degraded": Score(value=0.0, why="the model answered")}
    return {"degraded": Score(value=1.0, why=asked.answer.notice or "quoted instead")}
