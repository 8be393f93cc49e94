"""Follow-up query quality: our search query against the stand-alone rewrite of a person.

``follow_up_mrr`` and ``rewrite_mrr``: the reciprocal rank of the gold evidence with either query.
``follow_up_loss`` = rewrite_mrr - follow_up_mrr: what the query costs against the rewrite; negative
where ours finds it sooner.
``follow_up_agreement``: 1 if the first sentence found with the rewrite is among our first five; it
needs no gold evidence.

Source: retrieval with rewrites as in Katsis et al. 2025, "MTRAG", section 4; the rank as in
``retrieval``.
"""

from __future__ import annotations

from collections.abc import Callable

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scorers.retrieval import reciprocal_rank, relevance
from chatbot.evaluation.scoring import Better, Score, scorer, unscored

AMONG = 5
_NO_REWRITE = unscored("the case names no rewrite")


def _why(asked: AnsweredCase) -> str:
    return f"our query {asked.answer.search_query!r}, the person's {asked.case.expected.rewrite!r}"


def _register(name: str, better: Better, formula: Callable[[float, float], float]) -> None:
    @scorer(name=name, better=better, group="Follow-ups")
    def score(asked: AnsweredCase) -> Score:
        if asked.found_by_rewrite is None:
            return _NO_REWRITE
        if not asked.gold:
            return unscored("the case names no evidence")
        ours = reciprocal_rank(relevance(asked.found, asked.gold)[0])
        theirs = reciprocal_rank(relevance(asked.found_by_rewrite, asked.gold)[0])
        return Score(value=formula(ours, theirs), why=_why(asked))


_register("follow_up_mrr", "higher", lambda ours, theirs: ours)
_register("rewrite_mrr", "neither", lambda ours, theirs: theirs)
_register("follow_up_loss", "lower", lambda ours, theirs: theirs - ours)


@scorer(name="follow_up_agreement", better="higher", group="Follow-ups")
def follow_up_agreement(asked: AnsweredCase) -> Score:
    """Score whether our query finds among its first what the rewrite finds first."""
    if asked.found_by_rewrite is None:
        return _NO_REWRITE
    if not asked.found_by_rewrite:
        return unscored("nothing is found with the rewrite")
    first = asked.found_by_rewrite[0]
    ours = {(item.document_id, item.index) for item in asked.found[:AMONG]}
    return Score(value=float((first.document_id, first.index) in ours), why=_why(asked))
