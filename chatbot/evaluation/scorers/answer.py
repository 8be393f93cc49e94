"""Answer match: is one of the accepted answers in what was said?

``answer_match``: 1 if the words of any accepted answer stand in the answer as one run.
``answer_exact`` (EM): 1 if the words are an accepted answer's, articles aside.
``answer_f1``: the best over the accepted answers of 2·|shared words| / (|said| + |accepted|).
Exact match and F1 are of the short answer where there is one, else of the text without markers.

Source: Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text",
section 6.1; the formulas and their normalisation are in ``chatbot.evaluation.metrics.squad``.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.metrics.squad import exact, token_f1
from chatbot.evaluation.scorers.words import holds, without_markers, words
from chatbot.evaluation.scores import Score, Scores, unscored


def answer_match(said: str, accepted: Sequence[str]) -> str | None:
    """Return the first accepted answer that ``said`` holds as a run of words, or None."""
    text = words(without_markers(said))
    return next((option for option in accepted if holds(text, words(option))), None)


def score(asked: AnsweredCase) -> Scores:
    """Score the answer to an answerable question; a refusal is no match."""
    accepted = asked.case.expected.answer
    if not accepted:
        why = unscored("the case names no accepted answer")
        return {"answer_match": why, "answer_exact": why, "answer_f1": why}
    if asked.answer.refused:
        miss = Score(value=0.0, why="refused, though the documents answer")
        return {"answer_match": miss, "answer_exact": miss, "answer_f1": miss}
    found = answer_match(asked.answer.text, accepted)
    short = asked.answer.short_answer
    said = short.text if short is not None else without_markers(asked.answer.text)
    what = f"short answer {said!r}" if short is not None else "the whole text, no short answer"
    return {
        "answer_match": Score(
            value=float(found is not None),
            why=f"holds {found!r}" if found is not None else f"holds none of {list(accepted)}",
        ),
        "answer_exact": Score(value=exact(said, accepted), why=what),
        "answer_f1": Score(value=token_f1(said, accepted), why=what),
    }
