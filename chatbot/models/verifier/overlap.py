"""Measures of words that claim and evidence share: weighted by rarity, numbers, names."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.models.verifier.align import SAME, Alignment
from chatbot.models.verifier.case import Case, share
from chatbot.models.verifier.text import TokenisedSentence


def overlap(case: Case) -> dict[str, float]:
    """Return the measures of overlap, by name."""
    weight, levels = case.rarity, case.levels
    total = float(weight.sum())
    union = levels.max(axis=0, initial=0.0)
    best = levels[case.best]
    exact = (levels >= SAME).astype(float)
    open_union, open_best = weight * (union == 0), weight * (best == 0)
    covers = np.sort(levels @ weight)[::-1] if len(weight) else np.zeros(len(levels))
    chains = [_longest_run(item) for item in case.alignments]
    claim = case.claim.reading
    grams = _grams(claim, 3)
    seen = set().union(*(_grams(item.reading, 3) for item in case.evidence))
    pairs = _grams(claim, 2)
    seen_pairs = set().union(*(_grams(item.reading, 2) for item in case.evidence))
    return {
        "content": float(len(weight)),
        "tokens": float(len(claim.tokens)),
        "best_tokens": float(len(case.evidence[case.best].reading.tokens)),
        "cover_union": share(float(weight @ union), total),
        "cover_best": share(float(weight @ best), total),
        "exact_union": share(float(weight @ exact.max(axis=0, initial=0.0)), total),
        "exact_best": share(float(weight @ exact[case.best]), total),
        "plain_union": share(float((union > 0).sum()), len(weight)),
        "plain_best": share(float((best > 0).sum()), len(weight)),
        "open_union": float((union == 0).sum()),
        "open_best": float((best == 0).sum()),
        "open_union_sum": float(open_union.sum()),
        "open_union_max": float(open_union.max(initial=0.0)),
        "open_best_max": float(open_best.max(initial=0.0)),
        "near_union": float(((union > 0) & (union < SAME)).sum()),
        "near_best_sum": float(weight[(best > 0) & (best < SAME)].sum()),
        "open_run_union": _open_run(open_union),
        "open_run_best": _open_run(open_best),
        "second_cover": share(float(covers[1]) if len(covers) > 1 else 0.0, total),
        "run_best": float(chains[case.best]) / max(1, len(weight)),
        "run_any": float(max(chains)) / max(1, len(weight)),
        "bigrams": share(len(pairs & seen_pairs), len(pairs)),
        "trigrams": share(len(grams & seen), len(grams)),
    }


def _open_run(open_: NDArray[np.float64]) -> float:
    """Return the most weight of words in a row that have no match: additions come in runs."""
    longest = run = 0.0
    for value in open_:
        run = run + float(value) if value else 0.0
        longest = max(longest, run)
    return longest


def _grams(reading: TokenisedSentence, size: int) -> set[tuple[str, ...]]:
    canons = [token.canon for token in reading.tokens]
    return {tuple(canons[at : at + size]) for at in range(len(canons) - size + 1)}


def _longest_run(item: Alignment) -> int:
    """Return the most content words in a row that stand close together, in order."""
    longest = run = 0
    before = -10
    for place in item.path:
        run = 0 if place < 0 else run + 1 if 0 < place - before <= 4 else 1
        before = place
        longest = max(longest, run)
    return longest


def numbers(case: Case) -> dict[str, float]:
    """Return the measures of numbers, by name."""
    claim = case.claim.reading
    places = [at for at, place in enumerate(claim.content) if claim.tokens[place].number]
    plain = [at for at in places if _kind(claim, at) != "ordinal"]
    ordinal = [at for at in places if _kind(claim, at) == "ordinal"]
    union = case.levels.max(axis=0, initial=0.0)
    best = case.alignments[case.best]
    used = {place for at in places for place in best.places[at]}
    kinds = {_kind(claim, at) for at in plain if case.levels[case.best][at] == 0}
    rivals = [
        token
        for place, token in enumerate(best.sentence.tokens)
        if token.number and place not in used and token.number.kind in kinds
    ]
    around = [_number_context(case, at) for at in plain if union[at] > 0]
    return {
        "numbers": float(len(plain)),
        "numbers_open": float(sum(union[at] == 0 for at in plain)),
        "numbers_open_best": float(sum(best.levels[at] == 0 for at in plain)),
        "numbers_rivals": float(len(rivals)),
        "ordinals_open": float(sum(union[at] == 0 for at in ordinal)),
        "number_after": min((after for after, _ in around), default=1.0),
        "number_before": min((before for _, before in around), default=1.0),
        "number_unit": min((_unit(case, at) for at in plain if union[at] > 0), default=1.0),
    }


def _kind(claim: TokenisedSentence, at: int) -> str:
    number = claim.tokens[claim.content[at]].number
    return number.kind if number else ""


def _number_context(case: Case, at: int) -> tuple[float, float]:
    """Say whether the words after and before a number are those around it in the evidence."""
    content = case.claim.reading.content
    place = content[at]
    after = [n for n in range(at + 1, min(at + 3, len(content))) if content[n] - place <= 4]
    before = [n for n in range(max(0, at - 2), at) if place - content[n] <= 4]
    found_after, found_before = 0.0, 0.0
    for item in case.alignments:
        for spot in item.places[at]:
            near = [any(0 < p - spot <= 4 for p in item.places[n]) for n in after]
            found_after = max(found_after, share(sum(near), len(near)))
            near = [any(0 < spot - p <= 5 for p in item.places[n]) for n in before]
            found_before = max(found_before, share(sum(near), len(near)))
    return found_after, found_before


def _unit(case: Case, at: int) -> float:
    """Say whether the very next word, a unit or what is counted, follows in the evidence too."""
    content = case.claim.reading.content
    if at + 1 >= len(content) or content[at + 1] - content[at] > 1:
        return 1.0
    return float(
        any(
            0 < unit - spot <= 2
            for item in case.alignments
            for spot in item.places[at]
            for unit in item.places[at + 1]
        )
    )


def names(case: Case) -> dict[str, float]:
    """Return the measures of names, by name."""
    claim = case.claim.reading
    names = [at for at, place in enumerate(claim.content) if claim.tokens[place].name]
    union = case.levels.max(axis=0, initial=0.0)
    best = case.alignments[case.best]
    used = {place for places in best.places for place in places}
    spare = [p for p, token in enumerate(best.sentence.tokens) if token.name and p not in used]
    open_best = [at for at in names if best.levels[at] == 0]
    return {
        "names": float(len(names)),
        "names_open": float(sum(union[at] == 0 for at in names)),
        "names_open_best": float(len(open_best)),
        "names_open_rarity": float(
            max((case.rarity[at] for at in names if union[at] == 0), default=0)
        ),
        "names_rivals": float(min(len(open_best), len(spare))),
        "name_phrases_broken": float(_broken_phrases(case, names)),
    }


def _broken_phrases(case: Case, names: Sequence[int]) -> int:
    """Count neighbouring names of the claim ("South Korea") that the evidence has only apart."""
    content = case.claim.reading.content
    broken = 0
    for one, other in itertools.pairwise(names):
        if content[other] - content[one] != 1:
            continue
        together = any(
            0 < second - first <= 3
            for item in case.alignments
            for first in item.places[one]
            for second in item.places[other]
        )
        broken += not together
    return broken
