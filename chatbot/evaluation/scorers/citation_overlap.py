"""Citation precision, recall and F1 against the gold evidence, by sentence and by characters.

By sentence, with C the cited sentences and G the gold ones:
precision = |C ∩ G| / |C|, recall = |C ∩ G| / |G|, F1 = 2·|C ∩ G| / (|C| + |G|).
By characters the same over characters of the stored documents.

A quote that stands at several places is found at any of them; for recall the place that is cited
best counts. A refusal of an answerable question has recall and F1 0 and no precision.

Source: Yang et al. 2018, "HotpotQA", section 5.1 (supporting facts); Smith and Troynikov 2024,
"Evaluating Chunking Strategies for Retrieval" (the same by characters).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.gold_evidence import GoldQuote, Place
from chatbot.evaluation.scoring import Score, scorer, unscored
from chatbot.types import Citation

Spans = Iterable[tuple[str, int, int]]
"""(document id, start, end) of runs of characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Precision, recall and F1; precision is None where nothing was cited."""

    precision: float | None
    recall: float
    f1: float


def shares_of(cited: int, gold: int, *, hits: int, found: int) -> Shares:
    """Return the shares from sizes; there must be some gold.

    Args:
        cited: size of what was cited.
        gold: size of what was to be cited.
        hits: how much of the cited is gold.
        found: how much of the gold was cited; other than ``hits`` only where gold has alternatives.
    """
    precision = hits / cited if cited else None
    recall = found / gold
    both = (precision or 0.0) + recall
    return Shares(
        precision=precision,
        recall=recall,
        f1=2 * (precision or 0.0) * recall / both if both else 0.0,
    )


def _characters(spans: Spans) -> set[tuple[str, int]]:
    return {(document, at) for document, start, end in spans for at in range(start, end)}


def _by_sentence(citations: Sequence[Citation], gold: Sequence[GoldQuote]) -> tuple[Shares, str]:
    cited = {(item.document_id, item.sentence_index) for item in citations}
    best = [max(quote.places, key=lambda p: len(p.keys & cited) / len(p.keys)) for quote in gold]
    wanted = {key for place in best for key in place.keys}
    accepted = {key for quote in gold for key in quote.keys}
    result = shares_of(
        len(cited), len(wanted), hits=len(cited & accepted), found=len(cited & wanted)
    )
    why = (
        f"{len(cited & accepted)} of {len(cited)} cited sentences are gold; "
        f"{len(cited & wanted)} of {len(wanted)} gold sentences are cited"
    )
    return result, why


def _by_character(citations: Sequence[Citation], gold: Sequence[GoldQuote]) -> tuple[Shares, str]:
    cited = _characters((item.document_id, item.start, item.end) for item in citations)

    def share(place: Place) -> float:
        return len(_of(place) & cited) / len(_of(place))

    wanted = {at for quote in gold for at in _of(max(quote.places, key=share))}
    accepted = {at for quote in gold for place in quote.places for at in _of(place)}
    result = shares_of(
        len(cited), len(wanted), hits=len(cited & accepted), found=len(cited & wanted)
    )
    why = f"{len(cited & accepted)} of {len(cited)} cited characters are gold"
    return result, why


def _of(place: Place) -> set[tuple[str, int]]:
    return _characters([(place.document_id, place.start, place.end)])


def _register(unit: str, share: str) -> None:
    compare = _by_character if unit else _by_sentence

    @scorer(name=f"citation_{unit}{share}", better="higher", group="Citations")
    def score(asked: AnsweredCase) -> Score:
        if not asked.gold:
            return unscored("the case names no evidence")
        if asked.answer.refused:
            nothing = share == "precision"
            return (
                unscored("refused: nothing is cited")
                if nothing
                else Score(value=0.0, why="refused")
            )
        found, why = compare(asked.answer.citations, asked.gold)
        value: float | None = getattr(found, share)
        return Score(value=value, why="nothing is cited" if value is None else why)


for _unit in ("", "char_"):
    for _share in ("precision", "recall", "f1"):
        _register(_unit, _share)
