"""Which words of a claim stand in a sentence, and where.

Knows no model and no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chatbot.models.verifier.text import Lexicon, TokenisedSentence

SAME, NEAR, KIN = 1.0, 0.9, 0.75
"""Levels of a match: same word in any form, a near word, a word of the same root."""


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """A claim against one sentence: a level and places for each content word of the claim."""

    claim: TokenisedSentence
    sentence: TokenisedSentence
    levels: tuple[float, ...]
    """In the order of ``claim.content``; 0 where the word has no match."""
    places: tuple[tuple[int, ...], ...]
    """Token places in the sentence, for each content word of the claim."""

    @cached_property
    def path(self) -> tuple[int, ...]:
        """One place for each content word, the nearest to the place before it; -1 for none."""
        chosen: list[int] = []
        last = -1
        for places in self.places:
            if not places:
                chosen.append(-1)
                continue
            ahead = [place for place in places if place > last]
            last = ahead[0] if ahead else min(places, key=lambda place: abs(place - last))
            chosen.append(last)
        return tuple(chosen)


def align(claim: TokenisedSentence, sentence: TokenisedSentence, lexicon: Lexicon) -> Alignment:
    """Match each content word of the claim in the sentence."""
    abbreviated = _abbreviated(claim, sentence)
    levels, found = [], []
    for place in claim.content:
        level, places = _match(claim, place, sentence, lexicon)
        if level == 0.0 and place in abbreviated:
            level, places = NEAR, abbreviated[place]
        levels.append(level)
        found.append(tuple(places))
    return Alignment(claim=claim, sentence=sentence, levels=tuple(levels), places=tuple(found))


def _match(
    claim: TokenisedSentence, place: int, sentence: TokenisedSentence, lexicon: Lexicon
) -> tuple[float, Sequence[int]]:
    token = claim.tokens[place]
    same = sentence.places.get(token.canon)
    if same:
        return SAME, same
    if token.number is not None:
        return 0.0, ()
    if token.low in sentence.initials and token.name:
        return NEAR, tuple(sentence.initials[token.low])
    if not token.name:
        for group in lexicon.near(token.canon):
            if group in sentence.near:
                return NEAR, sentence.near[group]
    if len(token.low) >= 5:
        kin = [
            other
            for other in sentence.prefixes.get(token.low[:5], ())
            if _are_kin(token.low, sentence.tokens[other].low)
        ]
        if kin:
            return KIN, kin
    return 0.0, ()


def _abbreviated(
    claim: TokenisedSentence, sentence: TokenisedSentence
) -> dict[int, tuple[int, ...]]:
    """Return the places of the claim whose run of words the sentence writes as an abbreviation."""
    found: dict[int, tuple[int, ...]] = {}
    for letters, run in claim.initials.items():
        places = tuple(p for p in sentence.places.get(letters, ()) if sentence.tokens[p].name)
        if places:
            found.update(dict.fromkeys(run, places))
    return found


def _are_kin(one: str, other: str) -> bool:
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    return shared >= 0.65 * max(len(one), len(other)) or shared >= min(len(one), len(other))
