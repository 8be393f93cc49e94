"""Retrieval: where do the gold sentences stand in what ``search`` finds for the search query?

With rel(i) in {0, 1} the relevance of rank i and R the number of gold sentences:
hit@k = 1 if any rel(i), i ≤ k; recall@k = Σ rel(i), i ≤ k / R; reciprocal rank = 1 / first i with
rel(i) = 1, else 0; nDCG@k = Σ rel(i) / log2(i + 1) over the same sum of an ideal ranking.

Source: Voorhees 1999 (MRR); Järvelin and Kekäläinen 2002 (nDCG). Tested against ir-measures.

Of a follow-up, our search query is held against the stand-alone rewrite of a person.
``follow_up_mrr`` and ``rewrite_mrr``: the reciprocal rank of the gold evidence with either query.
``follow_up_loss`` = rewrite_mrr - follow_up_mrr: what the query costs; negative where ours finds it
sooner. ``follow_up_agreement``: 1 if the first sentence found with the rewrite is among our first
five; it needs no gold evidence. Source: Katsis et al. 2025, "MTRAG", section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from chatbot.evaluation.answered_case import DEPTH, AnsweredCase, Places
from chatbot.evaluation.scoring import Better, Score, scorer
from chatbot.types import RetrievedSentence

_KS = (1, 3, 5, DEPTH)
_AMONG = 5
_NO_EVIDENCE = Score(None, "the case names no evidence")
_NO_REWRITE = Score(None, "the case names no rewrite")


def relevance(found: Sequence[RetrievedSentence], gold: Sequence[Places]) -> tuple[list[bool], int]:
    """Return the relevance of each found sentence, and the number of gold sentences.

    A gold sentence that stands at several places is relevant once, where it is found first.
    """
    unit_of: dict[tuple[str, int], tuple[int, int]] = {}
    for number, places in enumerate(gold):
        for place in places:
            for offset, index in enumerate(place.sentences):
                unit_of.setdefault((place.document_id, index), (number, offset))
    units = [unit_of.get((item.document_id, item.index)) for item in found]
    relevant = [unit is not None and unit not in units[:at] for at, unit in enumerate(units)]
    return relevant, len(set(unit_of.values()))


def measure(name: str, relevant: Sequence[bool], total: int) -> float:
    """Return a measure, such as ``recall@5`` or ``mrr``, of a ranking of ``total`` gold sentences.

    ``relevant`` says of each that was found whether it is one.
    """
    formula, _, k = name.partition("@")
    depth = int(k or len(relevant))
    ranks = [rank for rank, is_gold in enumerate(relevant[:depth], start=1) if is_gold]
    match formula:
        case "hit":
            return float(bool(ranks))
        case "recall":
            return len(ranks) / total
        case "mrr":
            return 1 / ranks[0] if ranks else 0.0
    ideal = range(1, min(depth, total) + 1)
    return sum(1 / log2(rank + 1) for rank in ranks) / sum(1 / log2(rank + 1) for rank in ideal)


for _name in (*(f"hit@{k}" for k in _KS), *(f"recall@{k}" for k in _KS), "mrr", f"ndcg@{DEPTH}"):

    @scorer(name=_name, better="higher", group="Retrieval")
    def _ranked(asked: AnsweredCase, name: str = _name) -> Score:
        if not asked.gold:
            return _NO_EVIDENCE
        relevant, total = relevance(asked.found, asked.gold)
        ranks = [str(rank) for rank, is_gold in enumerate(relevant, start=1) if is_gold]
        why = f"{total} gold, at rank {', '.join(ranks) or 'none'} of {len(relevant)}"
        return Score(measure(name, relevant, total), why)


def _why(asked: AnsweredCase) -> str:
    return f"our query {asked.answer.search_query!r}, the person's {asked.case.expected.rewrite!r}"


_FOLLOW_UPS: tuple[tuple[str, Better, int, int], ...] = (
    ("follow_up_mrr", "higher", 1, 0),
    ("rewrite_mrr", "neither", 0, 1),
    ("follow_up_loss", "lower", -1, 1),
)
"""With the factors of our reciprocal rank and of the rewrite's."""
for _name, _better, _a, _b in _FOLLOW_UPS:

    @scorer(name=_name, better=_better, group="Follow-ups")
    def _follow_up(asked: AnsweredCase, a: int = _a, b: int = _b) -> Score:
        if asked.found_by_rewrite is None:
            return _NO_REWRITE
        if not asked.gold:
            return _NO_EVIDENCE
        ours, theirs = (
            measure("mrr", *relevance(found, asked.gold))
            for found in (asked.found, asked.found_by_rewrite)
        )
        return Score(a * ours + b * theirs, _why(asked))


@scorer(name="follow_up_agreement", better="higher", group="Follow-ups")
def _agreement(asked: AnsweredCase) -> Score:
    if asked.found_by_rewrite is None:
        return _NO_REWRITE
    if not asked.found_by_rewrite:
        return Score(None, "nothing is found with the rewrite")
    first = asked.found_by_rewrite[0]
    ours = {(item.document_id, item.index) for item in asked.found[:_AMONG]}
    return Score(float((first.document_id, first.index) in ours), _why(asked))
