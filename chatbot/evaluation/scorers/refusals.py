"""Refusal precision and recall, and the share of answerable questions that is answered.

refusal_recall = refused / unanswerable; refusal_precision = unanswerable / refused;
answered = answered / answerable. Each is a rate over the cases it is about.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer, unscored


def _is_answerable(asked: AnsweredCase) -> bool | None:
    """Return whether the documents answer; None where the case leaves it open."""
    expected = asked.case.expected
    if expected.answer or expected.evidence:
        return True
    return False if expected.refuse else None


_EITHER = unscored("the case leaves open whether to answer")


def _why(asked: AnsweredCase) -> str:
    did = "refused" if asked.answer.refused else "answered"
    return f"{did} an {'answerable' if _is_answerable(asked) else 'unanswerable'} question"


@scorer(name="answered", better="higher", group="Answers")
def answered(asked: AnsweredCase) -> Score:
    """Score whether an answerable question was answered."""
    answerable = _is_answerable(asked)
    if answerable is None:
        return _EITHER
    if not answerable:
        return unscored("the case is unanswerable")
    return Score(value=float(not asked.answer.refused), why=_why(asked))


@scorer(name="refusal_recall", better="higher", group="Refusal")
def refusal_recall(asked: AnsweredCase) -> Score:
    """Score whether an unanswerable question was refused."""
    answerable = _is_answerable(asked)
    if answerable is None:
        return _EITHER
    if answerable:
        return unscored("the case is answerable")
    return Score(value=float(asked.answer.refused), why=_why(asked))


@scorer(name="refusal_precision", better="higher", group="Refusal")
def refusal_precision(asked: AnsweredCase) -> Score:
    """Score whether it was right to refuse."""
    answerable = _is_answerable(asked)
    if answerable is None:
        return _EITHER
    if not asked.answer.refused:
        return unscored("not refused")
    return Score(value=float(not answerable), why=_why(asked))
