"""Measures by vectors: of the sentences, and of each word in its context."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chatbot.models.verifier.align import KIN
from chatbot.models.verifier.case import Case, Embedded, Vectors


def similarity(case: Case) -> dict[str, float]:
    """Return the measures of similarity, by name."""
    claim = case.claim.vector
    cosines = np.array([float(item.vector @ claim) for item in case.evidence])
    mean = np.sum([item.vector for item in case.evidence], axis=0)
    length = float(np.linalg.norm(mean))
    ranked = np.sort(cosines)[::-1]
    return {
        "cosine_max": float(ranked[0]),
        "cosine_best": float(cosines[case.best]),
        "cosine_second": float(ranked[1]) if len(ranked) > 1 else 0.0,
        "cosine_union": float(mean @ claim) / length if length else 0.0,
    }


def context(case: Case) -> dict[str, float]:
    """Compare words in context: an unmatched word may mean the same, a matched one may not."""
    content = list(case.claim.reading.content)
    if not content:
        return dict.fromkeys(_CONTEXT, 1.0)
    words = case.claim.words[content]
    each = [_closest(words, item) for item in case.evidence]
    union, best = np.max(each, axis=0), each[case.best]
    weight = case.rarity / case.rarity.sum()
    is_open = case.levels.max(axis=0) < KIN
    same = np.array([_same_word(case, at) for at in range(len(content))])
    known = ~np.isnan(same)
    tokens = case.claim.reading.tokens
    named = known & np.array([tokens[place].name for place in content])
    lacking = np.where(case.levels.max(axis=0) == 0, 1.0 - union, 0.0)
    lacking_best = np.where(case.levels[case.best] == 0, 1.0 - best, 0.0)
    values = (
        union @ weight, union.min(), best @ weight, best.min(),
        union[is_open].min(initial=1.0), union[is_open].mean() if is_open.any() else 1.0,
        np.nanmin(same) if known.any() else 1.0,
        (same[known] @ weight[known]) / weight[known].sum() if known.any() else 1.0,
        same[named].min(initial=1.0), lacking @ weight, lacking_best @ weight, lacking.max(),
    )  # fmt: skip
    return dict(zip(_CONTEXT, (float(value) for value in values), strict=True))


_CONTEXT = (
    "word_mean", "word_min", "word_mean_best", "word_min_best", "word_open_min", "word_open_mean",
    "word_same_min", "word_same_mean", "word_same_names", "word_lacking", "word_lacking_best",
    "word_lacking_max",
)  # fmt: skip


def _closest(words: Vectors, item: Embedded) -> NDArray[np.float64]:
    places = list(item.reading.content)
    if not places:
        return np.zeros(len(words))
    return np.asarray((words @ item.words[places].T).max(axis=1), dtype=float)


def _same_word(case: Case, at: int) -> float:
    """Return how alike a matched word is in its two contexts; NaN if it has no match."""
    word = case.claim.words[case.claim.reading.content[at]]
    found = [
        float((item.words[list(alignment.places[at])] @ word).max())
        for item, alignment in zip(case.evidence, case.alignments, strict=True)
        if alignment.places[at]
    ]
    return max(found, default=float("nan"))
