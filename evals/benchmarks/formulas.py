"""Formulas of public benchmarks: telling two kinds apart, overlap of places, ROUGE. Pure.

A pair is (what is true, what was decided or scored); the positive kind is what is looked for.

Recall and precision of places as in Smith and Troynikov 2024 ("Evaluating Chunking Strategies for
Retrieval"), there by tokens, here by characters; the counts can be added up over many texts, as for
the span-level F1 of RAGTruth (Niu et al. 2024, section 4.2).

ROUGE (Lin 2004): ROUGE-L counts the longest common subsequence of words, ROUGE-1 and -2 the runs of
one and two. The F-measure with beta = 1, words are runs of letters and digits in lower case, no
stemming.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from chatbot.types import CheckedClaim, Citation, RetrievedSentence

Decision = tuple[bool, bool]
Scored = tuple[bool, float]
Place = tuple[int, int]
"""Start and end of a run of characters, the end excluded."""


def precision(pairs: Sequence[Decision]) -> float | None:
    """Return the share of what was called positive that is; None where nothing was."""
    called = [truth for truth, said in pairs if said]
    return sum(called) / len(called) if called else None


def recall(pairs: Sequence[Decision]) -> float | None:
    """Return the share of the positives that was called so; None where there are none."""
    return precision([(said, truth) for truth, said in pairs])


def false_alarms(pairs: Sequence[Decision]) -> float | None:
    """Return the share of the others that was called so; None where there are none."""
    return precision([(said, not truth) for truth, said in pairs if not truth])


def f1(pairs: Sequence[Decision]) -> float | None:
    """Return F1 of the positive kind; None where there is none and none was called so."""
    hits = sum(truth and said for truth, said in pairs)
    total = sum(truth for truth, _ in pairs) + sum(said for _, said in pairs)
    return 2 * hits / total if total else None


def macro_f1(pairs: Sequence[tuple[object, object]], kinds: Iterable[object]) -> float | None:
    """Return the mean of each kind's F1 over the kinds that occur; None where there are none."""
    each = [f1([(truth == kind, said == kind) for truth, said in pairs]) for kind in kinds]
    known = [value for value in each if value is not None]
    return sum(known) / len(known) if known else None


def balanced_accuracy(pairs: Sequence[Decision]) -> float | None:
    """Return the mean recall of both kinds; None where one of them does not occur."""
    both = (recall(pairs), recall([(not truth, not said) for truth, said in pairs]))
    return None if both[0] is None or both[1] is None else (both[0] + both[1]) / 2


def auroc(pairs: Sequence[Scored]) -> float | None:
    """Return the chance that a positive scores above a negative, ties counting half.

    The area under the ROC curve by ranks (Mann and Whitney 1947); None where a kind is missing.
    """
    positive = np.array([truth for truth, _ in pairs], dtype=bool)
    wanted, others = int(positive.sum()), int((~positive).sum())
    if not wanted or not others:
        return None
    _, places, counts = np.unique(
        np.array([score for _, score in pairs]), return_inverse=True, return_counts=True
    )
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]  # equal scores share their mean rank
    return float((ranks[positive].sum() - wanted * (wanted + 1) / 2) / (wanted * others))


def best_threshold(pairs: Sequence[Scored]) -> float | None:
    """Return the score from which on calling it positive gives the best F1; None for no positives.

    For data that may be fitted to, never for what is measured.
    """
    positives = sum(truth for truth, _ in pairs)
    if not positives:
        return None
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    best, threshold, hits = -1.0, ranked[0][1], 0
    for called, (truth, score) in enumerate(ranked, start=1):
        hits += truth
        last_of_its_score = called == len(ranked) or ranked[called][1] != score
        value = 2 * hits / (called + positives)
        if last_of_its_score and value > best:
            best, threshold = value, score
    return threshold


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many were found, were asked for, and both: characters, words or sentences."""

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


def overlap_of_sets(found: frozenset[int], gold: frozenset[int]) -> Overlap:
    """Count what two sets have in common."""
    return Overlap(len(found & gold), len(found), len(gold))


def overlap(found: Iterable[Place], gold: Iterable[Place]) -> Overlap:
    """Count the characters of two sets of places in the same text; double ones count once."""
    merged_found, merged_gold = merge(found), merge(gold)
    common = sum(
        max(0, min(end, gold_end) - max(start, gold_start))
        for start, end in merged_found
        for gold_start, gold_end in merged_gold
    )
    lengths = (sum(end - start for start, end in some) for some in (merged_found, merged_gold))
    return Overlap(common, *lengths)


def merge(places: Iterable[Place]) -> list[Place]:
    """Return the places in order, with those that touch made one and empty ones left out."""
    merged: list[Place] = []
    for start, end in sorted(place for place in places if place[1] > place[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def places_of(items: Iterable[Citation | RetrievedSentence | CheckedClaim]) -> list[Place]:
    """Return where they stand."""
    return [(item.start, item.end) for item in items]


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


def covered(text: str, pieces: Sequence[str], by: Sequence[Place]) -> frozenset[int]:
    """Return the numbers of the pieces of a text of which other places cover at least half.

    Half, since whoever made the pieces cut sentences in another way.
    """
    places = enumerate(locate(text, pieces))
    return frozenset(at for at, place in places if place and overlap(by, [place]).recall >= 0.5)


def rouge_l(prediction: str, golds: Sequence[str]) -> float:
    """Return the best ROUGE-L over the references, in [0, 1]; 0.0 for an empty text."""
    said, each = _words(prediction), map(_words, golds)
    counts = (Overlap(common_subsequence(said, one), len(said), len(one)) for one in each)
    return max((count.f1 for count in counts), default=0.0) if said else 0.0


def rouge_n(prediction: str, gold: str, size: int) -> float:
    """Return the F-measure of the runs of ``size`` words that both texts have, in [0, 1]."""
    said, wanted = (_runs(_words(text), size) for text in (prediction, gold))
    return Overlap((said & wanted).total(), said.total(), wanted.total()).f1 if said else 0.0


def _runs(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence; time is the product of the lengths."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0  # the value up and to the left
        for at, candidate in enumerate(other, start=1):
            above = row[at]
            row[at] = before + 1 if word == candidate else max(above, row[at - 1])
            before = above
    return row[-1]
