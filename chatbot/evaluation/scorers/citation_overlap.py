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

from collections.abc import Callable

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.gold_evidence import GoldPlace
from chatbot.evaluation.scoring import Score, scorer, unscored
from chatbot.types import Citation

Keys = set[tuple[str, int]]
"""Sentences, or characters, of documents."""
_SHARES = ("precision", "recall", "f1")


def shares_of(cited: Keys, wanted: Keys, accepted: Keys) -> tuple[float | None, float, float]:
    """Return precision, recall and F1; precision is None where nothing was cited.

    More is ``accepted`` than ``wanted``, which is not empty, only where gold has alternatives.
    """
    precision = len(cited & accepted) / len(cited) if cited else None
    recall = len(cited & wanted) / len(wanted)
    both = (precision or 0.0) + recall
    return precision, recall, 2 * (precision or 0.0) * recall / both if both else 0.0


def _sentences(place: GoldPlace) -> Keys:
    return set(place.keys)


def _characters(place: GoldPlace | Citation) -> Keys:
    return {(place.document_id, at) for at in range(place.start, place.end)}


def _register(unit: str, noun: str, keys: Callable[[GoldPlace], Keys], share: str) -> None:
    @scorer(name=f"citation_{unit}{share}", better="higher", group="Citations")
    def score(asked: AnsweredCase) -> Score:
        if not asked.gold:
            return unscored("the case names no evidence")
        if asked.answer.refused:
            if share == "precision":
                return unscored("refused: nothing is cited")
            return Score(value=0.0, why="refused")
        cited: Keys = set()
        for item in asked.answer.citations:
            cited |= _characters(item) if unit else {(item.document_id, item.sentence_index)}
        wanted: Keys = set()
        for quote in asked.gold:
            wanted |= max(map(keys, quote.places), key=lambda one: len(one & cited) / len(one))
        accepted = {key for quote in asked.gold for place in quote.places for key in keys(place)}
        value = shares_of(cited, wanted, accepted)[_SHARES.index(share)]
        why = (
            f"{len(cited & accepted)} of {len(cited)} cited {noun} are gold; "
            f"{len(cited & wanted)} of {len(wanted)} gold {noun} are cited"
        )
        return Score(value=value, why="nothing is cited" if value is None else why)


for _unit, _noun, _keys in (
    ("", "sentences", _sentences),
    ("char_", "characters", _characters),
):
    for _share in _SHARES:
        _register(_unit, _noun, _keys, _share)
