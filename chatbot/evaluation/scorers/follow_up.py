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

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scorers.retrieval import reciprocal_rank, relevance
from chatbot.evaluation.scores import Score, Scores, unscored

NAMES = ("follow_up_mrr", "rewrite_mrr", "follow_up_loss", "follow_up_agreement")
AMONG = 5


def score(asked: AnsweredCase) -> Scores:
    """Score the search query of a follow-up."""
    rewrite = asked.case.expected.rewrite
    if rewrite is None or asked.found_by_rewrite is None:
        return dict.fromkeys(NAMES, unscored("the case names no rewrite"))
    why = f"our query {asked.answer.search_query!r}, the person's {rewrite!r}"
    scores: Scores = dict.fromkeys(NAMES, unscored("the case names no evidence"))
    if asked.gold:
        ours = reciprocal_rank(relevance(asked.found, asked.gold)[0])
        theirs = reciprocal_rank(relevance(asked.found_by_rewrite, asked.gold)[0])
        values = (ours, theirs, theirs - ours)
        scores |= {n: Score(value=v, why=why) for n, v in zip(NAMES, values, strict=False)}
    scores["follow_up_agreement"] = _agreement(asked, why)
    return scores


def _agreement(asked: AnsweredCase, why: str) -> Score:
    if not asked.found_by_rewrite:
        return unscored("nothing is found with the rewrite")
    first = asked.found_by_rewrite[0]
    ours = {(item.document_id, item.index) for item in asked.found[:AMONG]}
    return Score(value=float((first.document_id, first.index) in ours), why=why)
