"""What the verifier measures of a claim and its evidence: about sixty numbers.

Knows no model and no threshold; used by ``verifier.FeatureVerifier`` and by its training. All
measures are about words: overlap weighted by rarity, numbers, names, negation, modality, order,
and the similarity of sentences and of words in context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.models.verifier_align import KIN, SAME, Alignment, align
from chatbot.models.verifier_text import Lexicon, Reading

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A sentence with its vectors."""

    reading: Reading
    vector: Vectors
    """(dimension,), unit length."""
    words: Vectors
    """(tokens, dimension), unit length: each token in the context of the sentence."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A claim aligned with each sentence of its evidence; ``best`` covers the most of it."""

    claim: Embedded
    evidence: tuple[Embedded, ...]
    alignments: tuple[Alignment, ...]
    rarity: NDArray[np.float64]
    """For each content word of the claim."""
    levels: NDArray[np.float64]
    """(sentences, content words of the claim)."""
    best: int
    lexicon: Lexicon


def features(claim: Embedded, evidence: Sequence[Embedded], lexicon: Lexicon) -> dict[str, float]:
    """Return every measure of a claim against its evidence.

    Args:
        claim: the claim without markers.
        evidence: at least one sentence.
        lexicon: word lists and counts.
    """
    case = _case(claim, evidence, lexicon)
    found: dict[str, float] = {}
    for measure in (
        _overlap,
        _numbers,
        _names,
        _polarity,
        _modality,
        _order,
        _similarity,
        _context,
    ):
        found.update(measure(case))
    return found


def _case(claim: Embedded, evidence: Sequence[Embedded], lexicon: Lexicon) -> Case:
    alignments = tuple(align(claim.reading, item.reading, lexicon) for item in evidence)
    tokens = claim.reading.tokens
    content = claim.reading.content
    rarity = np.array([lexicon.rarity(tokens[place].canon) for place in content], dtype=float)
    levels = np.array([item.levels for item in alignments], dtype=float).reshape(
        len(evidence), len(content)
    )
    cover = (
        levels @ rarity
        if len(content)
        else np.array([float(e.vector @ claim.vector) for e in evidence])
    )
    return Case(
        claim=claim, evidence=tuple(evidence), alignments=alignments, rarity=rarity,
        levels=levels, best=int(np.argmax(cover)), lexicon=lexicon,
    )  # fmt: skip


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 1.0


def _overlap(case: Case) -> dict[str, float]:
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
        "cover_union": _share(float(weight @ union), total),
        "cover_best": _share(float(weight @ best), total),
        "exact_union": _share(float(weight @ exact.max(axis=0, initial=0.0)), total),
        "exact_best": _share(float(weight @ exact[case.best]), total),
        "plain_union": _share(float((union > 0).sum()), len(weight)),
        "plain_best": _share(float((best > 0).sum()), len(weight)),
        "open_union": float((union == 0).sum()),
        "open_best": float((best == 0).sum()),
        "open_union_sum": float(open_union.sum()),
        "open_union_max": float(open_union.max(initial=0.0)),
        "open_best_max": float(open_best.max(initial=0.0)),
        "near_union": float(((union > 0) & (union < SAME)).sum()),
        "near_best_sum": float(weight[(best > 0) & (best < SAME)].sum()),
        "open_run_union": _open_run(open_union),
        "open_run_best": _open_run(open_best),
        "second_cover": _share(float(covers[1]) if len(covers) > 1 else 0.0, total),
        "run_best": float(chains[case.best]) / max(1, len(weight)),
        "run_any": float(max(chains)) / max(1, len(weight)),
        "bigrams": _share(len(pairs & seen_pairs), len(pairs)),
        "trigrams": _share(len(grams & seen), len(grams)),
    }


def _open_run(open_: NDArray[np.float64]) -> float:
    """Return the most weight of words in a row that have no match: additions come in runs."""
    longest = run = 0.0
    for value in open_:
        run = run + float(value) if value else 0.0
        longest = max(longest, run)
    return longest


def _grams(reading: Reading, size: int) -> set[tuple[str, ...]]:
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


def _numbers(case: Case) -> dict[str, float]:
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


def _kind(claim: Reading, at: int) -> str:
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
            found_after = max(found_after, _share(sum(near), len(near)))
            near = [any(0 < spot - p <= 5 for p in item.places[n]) for n in before]
            found_before = max(found_before, _share(sum(near), len(near)))
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


def _names(case: Case) -> dict[str, float]:
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
    for one, other in zip(names, names[1:], strict=False):
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


def _polarity(case: Case) -> dict[str, float]:
    claim = case.claim.reading
    best = case.alignments[case.best]
    claim_negated = [_after_any(claim, place, _negative) for place in claim.content]
    flips = 0.0
    for at, negated in enumerate(claim_negated):
        if claim.tokens[claim.content[at]].negative:
            continue
        states = {_after_any(best.sentence, place, _negative) for place in best.places[at]}
        flips += bool(states) and negated not in states
    opposites = [
        at
        for at, place in enumerate(claim.content)
        if best.levels[at] < SAME
        and case.lexicon.opposite(claim.tokens[place].canon) & best.sentence.places.keys()
    ]
    count = sum(token.negative for token in claim.tokens)
    quantifiers = {token.low for token in claim.tokens} & case.lexicon.quantifiers
    return {
        "negations": float(count),
        "negation_gap": float(count - sum(token.negative for token in best.sentence.tokens)),
        "negation_flips": flips,
        "opposites": float(len(opposites)),
        "opposites_any": float(_opposites_anywhere(case)),
        "quantifiers_open": float(
            sum(
                not any(case.lexicon.canon(word) in item.reading.places for item in case.evidence)
                for word in quantifiers
            )
        ),
    }


def _opposites_anywhere(case: Case) -> int:
    """Count claim words that no sentence has while one has the opposite."""
    claim = case.claim.reading
    union = case.levels.max(axis=0, initial=0.0)
    seen = set().union(*(item.reading.places.keys() for item in case.evidence))
    return sum(
        union[at] < SAME and bool(case.lexicon.opposite(claim.tokens[place].canon) & seen)
        for at, place in enumerate(claim.content)
    )


def _negative(reading: Reading, place: int) -> bool:
    return reading.tokens[place].negative


def _after_any(reading: Reading, place: int, holds: object, *, window: int = 4) -> bool:
    """Say whether one of the tokens just before a place (or itself) has a property."""
    assert callable(holds)
    return any(holds(reading, at) for at in range(max(0, place - window), place + 1))


def _modality(case: Case) -> dict[str, float]:
    """Compare what is said to be done with what is planned, possible or wished."""
    claim = case.claim.reading
    irrealis = case.lexicon.irrealis

    def unreal(reading: Reading, place: int) -> bool:
        token = reading.tokens[place]
        return token.low in irrealis and not token.name

    made_real = made_unreal = checked = 0
    for at, place in enumerate(claim.content):
        token = claim.tokens[place]
        if token.number or token.name:
            continue
        states = {
            _after_any(item.sentence, spot, unreal, window=3)
            for item in case.alignments
            for spot in item.places[at]
        }
        if not states:
            continue
        checked += 1
        state = _after_any(claim, place, unreal, window=3)
        made_real += not state and states == {True}
        made_unreal += state and states == {False}
    modals = sum(unreal(claim, place) for place in range(len(claim.tokens)))
    seen = sum(
        any(token.low in item.reading.places for item in case.evidence)
        for token in claim.tokens
        if token.low in irrealis
    )
    return {
        "made_real": float(made_real),
        "made_real_share": _share(made_real, checked) if checked else 0.0,
        "made_unreal": float(made_unreal),
        "modals": float(modals),
        "modals_open": float(modals - seen),
    }


def _order(case: Case) -> dict[str, float]:
    """Compare the order of the matched words, and which of them stand together."""
    best = case.alignments[case.best]
    path = [place for place in best.path if place >= 0]
    steps = list(zip(path, path[1:], strict=False))
    claim = case.claim.reading
    names = [
        best.path[at]
        for at, place in enumerate(claim.content)
        if claim.tokens[place].name and best.path[at] >= 0
    ]
    swapped = sum(second < first for first, second in zip(names, names[1:], strict=False))
    pairs = [_together(case, at) for at in range(len(claim.content) - 1)]
    matched = [pair for pair in pairs if pair >= 0]
    passive = _is_passive(claim) != _is_passive(best.sentence)
    return {
        "inversions": _share(sum(second < first for first, second in steps), len(steps))
        if steps
        else 0.0,
        "spread": float(max(path) - min(path) + 1) / len(path) if path else 0.0,
        "names_swapped": float(swapped),
        "passive_differs": float(passive),
        "pairs_apart": float(sum(pair == 0 for pair in matched)),
        "pairs_close": _share(sum(pair == 2 for pair in matched), len(pairs)),
        "pairs_same": _share(sum(pair >= 1 for pair in matched), len(pairs)),
    }


def _together(case: Case, at: int) -> int:
    """Say how two neighbouring content words stand in the evidence.

    Returns:
        -1 if one has no match, 0 if they are never in one sentence, 1 if they are, 2 if close.
    """
    if not (case.levels[:, at].any() and case.levels[:, at + 1].any()):
        return -1
    found = 0
    for item in case.alignments:
        if item.levels[at] and item.levels[at + 1]:
            found = max(found, 1)
            for first in item.places[at]:
                if any(abs(second - first) <= 6 for second in item.places[at + 1]):
                    return 2
    return found


def _is_passive(reading: Reading) -> bool:
    lows = [token.low for token in reading.tokens]
    return any(
        low == "by" and any(word.endswith(("ed", "en", "wn")) for word in lows[max(0, at - 4) : at])
        for at, low in enumerate(lows)
    )


def _similarity(case: Case) -> dict[str, float]:
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


def _context(case: Case) -> dict[str, float]:
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
