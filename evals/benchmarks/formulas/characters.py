"""Overlap of places in a text, counted by characters.

Recall and precision as in Smith and Troynikov 2024 ("Evaluating Chunking
Strategies for Retrieval"), there by tokens, here by characters; the counts can be added up over
many texts, as for the span-level F1 of RAGTruth (Niu et al. 2024, section 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

Place = tuple[int, int]
"""Start and end of a run of characters, the end excluded."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Characters found, asked for, and both."""

    common: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Self) -> Overlap:
        return Overlap(self.common + other.common, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of what was found that was asked for; 0.0 where nothing was found."""
        return self.common / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what was asked for that was found; 1.0 where nothing was asked for."""
        return self.common / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 1.0 where nothing was asked for and nothing was found."""
        total = self.found + self.gold
        return 2 * self.common / total if total else 1.0

    @property
    def iou(self) -> float:
        """Intersection over union."""
        union = self.found + self.gold - self.common
        return self.common / union if union else 1.0


def overlap(found: Iterable[Place], gold: Iterable[Place]) -> Overlap:
    """Count the characters of two sets of places in the same text; double ones count once."""
    merged_found, merged_gold = merge(found), merge(gold)
    common = sum(
        max(0, min(end, gold_end) - max(start, gold_start))
        for start, end in merged_found
        for gold_start, gold_end in merged_gold
    )
    return Overlap(common, _length(merged_found), _length(merged_gold))


def merge(places: Iterable[Place]) -> list[Place]:
    """Return the places in order, with those that touch made one and empty ones left out."""
    merged: list[Place] = []
    for start, end in sorted(place for place in places if place[1] > place[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def covered(place: Place, by: Iterable[Place]) -> float:
    """Return the share of a place's characters that other places cover."""
    return overlap(by, [place]).recall


def _length(places: Iterable[Place]) -> int:
    return sum(end - start for start, end in places)


def locate(text: str, pieces: Sequence[str]) -> list[Place | None]:
    """Return where each piece stands in the text, in order; None for one that is not there.

    A piece is looked for behind the one before it, and from the start if it is not there.
    """
    places: list[Place | None] = []
    behind = 0
    for piece in pieces:
        wanted = piece.strip()
        at = text.find(wanted, behind) if wanted else -1
        if at < 0 and wanted:
            at = text.find(wanted)
        places.append((at, at + len(wanted)) if at >= 0 else None)
        behind = at + len(wanted) if at >= 0 else behind
    return places
