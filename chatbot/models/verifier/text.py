"""A sentence as the verifier reads it: tokens with stem, number, name and negation.

Knows neither models nor claims. The word lists (irregular forms, demonyms, near words, opposites)
and the counts come from ``weights/verifier``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from chatbot.models.stem import stem
from chatbot.models.verifier.numbers import Number, find_numbers
from chatbot.models.word_stems import STOP_WORDS, fold

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$|['’](?:s|re|ve|ll|d|m)$", re.IGNORECASE)
_NEGATED = re.compile(r"n['’]t$", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]['\"”’)]*\s+|[\"“(]\s*)$")
_MAX_TOKENS = 400  # what stands behind them in one sentence is not read: time stays bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or number; ``canon`` is what two tokens must share to be the same word."""

    low: str
    canon: str
    start: int
    end: int
    number: Number | None = None
    name: bool = False
    stop: bool = False
    negative: bool = False

    @property
    def content(self) -> bool:
        """Whether it carries meaning of its own: no stop word."""
        return not self.stop


@dataclass(frozen=True, kw_only=True)
class TokenisedSentence:
    """The tokens of one sentence, and where each word, near word and abbreviation stands."""

    text: str
    tokens: tuple[Token, ...]
    near: Mapping[int, Sequence[int]]
    """Places of the words of each group of near words."""

    @cached_property
    def content(self) -> tuple[int, ...]:
        """Places of the tokens that carry meaning."""
        return tuple(place for place, token in enumerate(self.tokens) if token.content)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Places of each canon among the tokens."""
        found: dict[str, list[int]] = {}
        for place, token in enumerate(self.tokens):
            found.setdefault(token.canon, []).append(place)
        return found

    @cached_property
    def prefixes(self) -> dict[str, list[int]]:
        """Places of the longer words by their first five letters."""
        found: dict[str, list[int]] = {}
        for place in self.content:
            low = self.tokens[place].low
            if len(low) >= 5 and self.tokens[place].number is None:
                found.setdefault(low[:5], []).append(place)
        return found

    @cached_property
    def initials(self) -> dict[str, range]:
        """Runs of two to six capitalised words by their initials: "sdf" for Self-Defense Forces."""
        names = [place for place, token in enumerate(self.tokens) if token.name]
        found: dict[str, range] = {}
        for at, first in enumerate(names):
            letters = self.tokens[first].low[0]
            for before, place in zip(names[at:], names[at + 1 : at + 6], strict=False):
                if place - before > 2:
                    break
                letters += self.tokens[place].low[0]
                found.setdefault(letters, range(first, place + 1))
        return found


class Lexicon:
    """Which words are forms, neighbours and opposites of each other, and how rare each is."""

    def __init__(
        self, groups: Mapping[str, Sequence[Sequence[str]]], counts: Mapping[str, int]
    ) -> None:
        """Take the groups of words of ``words.json`` and the document counts of stems.

        Args:
            groups: lists of words by section: irregular, same, near, opposite, irrealis, ...
            counts: stem to the number of sentences it was seen in; ``""`` counts all sentences.
        """
        self._base: dict[str, str] = {}
        for section in ("irregular", "same"):
            for first, *others in groups[section]:
                for word in others:
                    self._base.setdefault(word, first)
        self._counts = counts
        self._total = max(1, counts.get("", 1))
        self._near: dict[str, set[int]] = {}
        for number, group in enumerate(groups["near"]):
            for word in group:
                self._near.setdefault(self.canon(word), set()).add(number)
        self._opposite: dict[str, set[str]] = {}
        for first, second in groups["opposite"]:
            one, other = self.canon(first), self.canon(second)
            self._opposite.setdefault(one, set()).add(other)
            self._opposite.setdefault(other, set()).add(one)
        self.irrealis = frozenset(groups["irrealis"][0])
        self.negations = frozenset(self.canon(word) for word in groups["negation"][0])
        self.quantifiers = frozenset(groups["quantifier"][0])

    def canon(self, low: str) -> str:
        """Return the stem of a folded word's base form: "sent" and "sends" give the same."""
        return stem(self._base.get(low, low))

    def rarity(self, canon: str) -> float:
        """Return the inverse document frequency of a stem, about 1 (common) to 10 (unseen)."""
        return math.log(1.0 + self._total / (1.0 + self._counts.get(canon, 0)))

    def is_known(self, canon: str) -> bool:
        """Whether the stem was seen in lower case in the training texts."""
        return canon in self._counts

    def near(self, canon: str) -> set[int]:
        """Return the numbers of the groups of near words that hold the stem."""
        return self._near.get(canon, _NO_GROUPS)

    def opposite(self, canon: str) -> set[str]:
        """Return the stems that say the opposite."""
        return self._opposite.get(canon, _NO_WORDS)

    def read(self, text: str) -> TokenisedSentence:
        """Cut a sentence into tokens."""
        numbers = find_numbers(text)
        taken = bytearray(len(text) + 1)
        for number in numbers:
            taken[number.start : number.end] = b"\1" * (number.end - number.start)
        tokens = [_number_token(number) for number in numbers]
        words = [match for match in _WORD.finditer(text) if not taken[match.start()]]
        capitals = sum(match.group()[0].isupper() for match in words)
        shouting = len(words) > 3 and capitals > 0.7 * len(words)
        tokens += [self._word_token(match, text, shouting=shouting) for match in words]
        tokens.sort(key=lambda token: token.start)
        tokens = tokens[:_MAX_TOKENS]
        near: dict[int, list[int]] = {}
        for place, token in enumerate(tokens):
            for group in self.near(token.canon):
                near.setdefault(group, []).append(place)
        return TokenisedSentence(text=text, tokens=tuple(tokens), near=near)

    def _word_token(self, match: re.Match[str], text: str, *, shouting: bool) -> Token:
        surface = match.group()
        negated = bool(_NEGATED.search(surface)) or surface.lower() == "cannot"
        surface = _POSSESSIVE.sub("", surface.replace(".", "")) or surface
        low = fold(surface)
        capital = surface[0].isupper()
        acronym = len(surface) > 1 and surface.isupper()
        stop = (low in STOP_WORDS or negated or len(low) == 1) and not acronym
        canon = self.canon(low)
        if low == "us" and not acronym:
            stop, canon = True, low
        initial = bool(_SENTENCE_START.search(text[max(0, match.start() - 4) : match.start()]))
        name = capital and (not stop or low == "may") and not shouting
        if name and initial and not acronym and self.is_known(canon):
            name = False
        if name and low == "may":
            stop = False
        negative = negated or canon in self.negations
        return Token(
            low=low, canon=canon, start=match.start(), end=match.end(), name=name, stop=stop,
            negative=negative,
        )  # fmt: skip


def _number_token(number: Number) -> Token:
    canon = f"{'#o' if number.kind == 'ordinal' else '#'}{number.value:.12g}"
    return Token(low=canon, canon=canon, start=number.start, end=number.end, number=number)


_NO_GROUPS: set[int] = set()
_NO_WORDS: set[str] = set()
