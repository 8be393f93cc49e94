"""Which sentences of a source a claim is, word for word, and which could support it.

Knows no verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.claims import bare, same_words
from chatbot.models.word_stems import content_stems

Key = TypeVar("Key", bound=Hashable)
EVIDENCE = 5  # sentences that a claim without a marker is first checked with
ROOM = 90  # words of evidence that are read together: the length the verifier was trained on
_MARKS = 4  # characters that a run may be longer than the claim: quotation marks and full stops


class Pool:
    """The sentences of one or more sources, searched for the support of claims."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the sentences by the stems of their words."""
        self.texts = tuple(texts)
        self._index: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for stem in content_stems(text):
                self._index.setdefault(stem, []).append(place)

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


def choose(matches: NDArray[np.float64], cosines: NDArray[np.float64]) -> list[int]:
    """Choose the sentences that together could support a claim, best first.

    Each next sentence is the one that is like the claim and adds words that the chosen ones lack.

    Args:
        matches: (stems, sentences), from ``Pool.matches``.
        cosines: (sentences,), of the claim with each sentence.
    """
    left = np.ones(len(matches))
    chosen: list[int] = []
    for _ in range(min(EVIDENCE, len(cosines))):
        score = 0.5 * cosines + left @ matches if len(matches) else 0.5 * cosines
        score = score + 0.0
        score[chosen] = -np.inf
        place = int(np.argmax(score))
        chosen.append(place)
        if len(matches):
            left = np.where(matches[:, place] > 0, 0.25 * left, left)
    return chosen


def within_room(texts: Sequence[str], places: Sequence[int]) -> list[int]:
    """Return the places, best first, of as many texts as are read together; at least one."""
    used = 0
    kept: list[int] = []
    for place in places:
        length = len(texts[place].split())
        if kept and used + length > ROOM:
            continue
        kept.append(place)
        used += length
    return kept


class Quotes(Generic[Key]):
    """Some sentences, ready to be found by their words: however many, a claim costs the same.

    White space, outer quotation marks and a final full stop do not count; nothing else is forgiven.
    """

    def __init__(self, sentences: Mapping[Key, str]) -> None:
        """Index the sentences, which stand in the order of their source."""
        self._items = list(sentences.items())
        self._places: dict[str, list[int]] = {}
        for place, (_, sentence) in enumerate(self._items):
            self._places.setdefault(same_words(sentence), []).append(place)
        self._places.pop("", None)
        self._lengths = sorted({len(form) for form in self._places})

    def find(self, text: str) -> tuple[Key, ...]:
        """Return the keys of the sentences that a claim quotes; empty where it is no quote."""
        wanted = {form for form in (same_words(text), same_words(bare(text))) if form}
        longest = max((len(form) for form in wanted), default=0)
        for first in self._beginnings(wanted):
            run = ""
            for last in range(first, len(self._items)):
                run = " ".join((run + " " + self._items[last][1]).split())
                if same_words(run) in wanted:
                    return tuple(key for key, _ in self._items[first : last + 1])
                if len(run) > longest + _MARKS:
                    break
        return ()

    def _beginnings(self, wanted: set[str]) -> list[int]:
        """Return the places of the sentences that a claim begins with."""
        beginnings = {form[:length] for form in wanted for length in self._lengths}
        return sorted({place for form in beginnings for place in self._places.get(form, ())})
