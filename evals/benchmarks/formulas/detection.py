"""How well a score or a decision tells two kinds apart. Pure; used for hallucinations and refusals.

A pair is (what is true, what was decided or scored); the positive kind is what is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

Decision = tuple[bool, bool]
Scored = tuple[bool, float]


def precision(pairs: Sequence[Decision]) -> float | None:
    """Return the share of what was called positive that is; None where nothing was."""
    return _share(truth for truth, said in pairs if said)


def recall(pairs: Sequence[Decision]) -> float | None:
    """Return the share of the positives that was called so; None where there are none."""
    return _share(said for truth, said in pairs if truth)


def f1(pairs: Sequence[Decision]) -> float | None:
    """Return F1 of the positive kind; None where there is none and none was called so."""
    hits = sum(truth and said for truth, said in pairs)
    total = sum(truth for truth, _ in pairs) + sum(said for _, said in pairs)
    return 2 * hits / total if total else None


def macro_f1(pairs: Sequence[tuple[str, str]], kinds: Sequence[str]) -> float | None:
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


def _share(values: Iterable[bool]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
