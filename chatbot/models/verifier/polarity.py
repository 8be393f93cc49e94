"""Measures of what is said: negation and opposites, modality, who did what to whom."""

from __future__ import annotations

import itertools

from chatbot.models.verifier.align import SAME
from chatbot.models.verifier.case import Case, share
from chatbot.models.verifier.text import TokenisedSentence


def polarity(case: Case) -> dict[str, float]:
    """Return the measures of polarity, by name."""
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


def _negative(reading: TokenisedSentence, place: int) -> bool:
    return reading.tokens[place].negative


def _after_any(reading: TokenisedSentence, place: int, holds: object, *, window: int = 4) -> bool:
    """Say whether one of the tokens just before a place (or itself) has a property."""
    assert callable(holds)
    return any(holds(reading, at) for at in range(max(0, place - window), place + 1))


def modality(case: Case) -> dict[str, float]:
    """Compare what is said to be done with what is planned, possible or wished."""
    claim = case.claim.reading
    irrealis = case.lexicon.irrealis

    def unreal(reading: TokenisedSentence, place: int) -> bool:
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
        "made_real_share": share(made_real, checked) if checked else 0.0,
        "made_unreal": float(made_unreal),
        "modals": float(modals),
        "modals_open": float(modals - seen),
    }


def order(case: Case) -> dict[str, float]:
    """Compare the order of the matched words, and which of them stand together."""
    best = case.alignments[case.best]
    path = [place for place in best.path if place >= 0]
    steps = list(itertools.pairwise(path))
    claim = case.claim.reading
    names = [
        best.path[at]
        for at, place in enumerate(claim.content)
        if claim.tokens[place].name and best.path[at] >= 0
    ]
    swapped = sum(second < first for first, second in itertools.pairwise(names))
    pairs = [_together(case, at) for at in range(len(claim.content) - 1)]
    matched = [pair for pair in pairs if pair >= 0]
    passive = _is_passive(claim) != _is_passive(best.sentence)
    return {
        "inversions": share(sum(second < first for first, second in steps), len(steps))
        if steps
        else 0.0,
        "spread": float(max(path) - min(path) + 1) / len(path) if path else 0.0,
        "names_swapped": float(swapped),
        "passive_differs": float(passive),
        "pairs_apart": float(sum(pair == 0 for pair in matched)),
        "pairs_close": share(sum(pair == 2 for pair in matched), len(pairs)),
        "pairs_same": share(sum(pair >= 1 for pair in matched), len(pairs)),
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


def _is_passive(reading: TokenisedSentence) -> bool:
    lows = [token.low for token in reading.tokens]
    return any(
        low == "by" and any(word.endswith(("ed", "en", "wn")) for word in lows[max(0, at - 4) : at])
        for at, low in enumerate(lows)
    )
