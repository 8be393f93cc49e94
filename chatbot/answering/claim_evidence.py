"""Which sentences of a source could support a claim: found by words and by similarity.

Knows no verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.models.word_stems import content_stems

Vectors = NDArray[np.float32]
EVIDENCE = 5
"""Sentences that a claim without a marker is first checked with."""
ROOM = 90
"""Words of evidence that are read together: the length the verifier was trained on."""


class Pool:
    """The sentences of one or more sources, searched for the support of claims."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the sentences by the stems of their words."""
        self.texts = tuple(texts)
        self._index: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for stem in content_stems(text):
                self._index.setdefault(stem, []).append(place)

    def __len__(self) -> int:
        return len(self.texts)

    def matches(self, claim: str) -> NDArray[np.float64]:
        """Return which stems of the claim each sentence has, weighted by how rare they are.

        Returns:
            (stems, sentences); each row is a stem's share of the claim where it stands, else 0.
        """
        stems = sorted(content_stems(claim))
        found = np.zeros((len(stems), len(self.texts)))
        total = 0.0
        for row, stem in enumerate(stems):
            places = self._index.get(stem, [])
            weight = math.log(2.0 + len(self.texts) / (1.0 + len(places)))
            found[row, places] = weight
            total += weight
        return found / total if total else found

    def by_words(self, claim: str, *, limit: int) -> list[int]:
        """Return the sentences that share the most with the claim, best first."""
        cover = self.matches(claim).sum(axis=0)
        order = np.argsort(-cover, kind="stable")[:limit]
        return [int(place) for place in order if cover[place] > 0]


def choose(
    matches: NDArray[np.float64], cosines: NDArray[np.float64], *, limit: int = EVIDENCE
) -> list[int]:
    """Choose the sentences that together could support a claim, best first.

    Each next sentence is the one that is like the claim and adds words that the chosen ones lack.

    Args:
        matches: (stems, sentences), from ``Pool.matches``.
        cosines: (sentences,), of the claim with each sentence.
        limit: how many.
    """
    left = np.ones(len(matches))
    chosen: list[int] = []
    for _ in range(min(limit, len(cosines))):
        score = 0.5 * cosines + left @ matches if len(matches) else 0.5 * cosines
        score = score + 0.0
        score[chosen] = -np.inf
        place = int(np.argmax(score))
        chosen.append(place)
        if len(matches):
            left = np.where(matches[:, place] > 0, 0.25 * left, left)
    return chosen


def within_room(texts: Sequence[str], places: Sequence[int], *, room: int = ROOM) -> list[int]:
    """Return the places, best first, of as many texts as are read together; at least one."""
    used = 0
    kept: list[int] = []
    for place in places:
        length = len(texts[place].split())
        if kept and used + length > room:
            continue
        kept.append(place)
        used += length
    return kept
