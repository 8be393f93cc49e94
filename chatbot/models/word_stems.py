"""The words of a text as retrieval and reader compare them: without accents, stemmed.

A number with separators ("1,000") and a dotted abbreviation ("U.S.") are one word. Scripts without
spaces are cut into pairs of letters that overlap, as search engines do it (Lucene's
``CJKAnalyzer``). Knows no store and no question.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from chatbot.models.stem import stem

_DENSE = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\uac00-\ud7a3"  # Korean has spaces, but hangs its endings on the words
)
"""Letters that are cut into pairs."""
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff"
)
"""Vowels and the like of Arabic, Hebrew and the scripts of India, which end no word."""
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)+|(?:[^\W\d_]\.){{2,}}|[^\W_{_DENSE}]+(?:[{_MARKS}]+[^\W_{_DENSE}]*)*|[{_DENSE}]+"
)
_DENSE_WORD = re.compile(f"[{_DENSE}]{{3,}}")
_ENDING = re.compile(r"(?<=\w)['’](?:s|re|ve|ll|d|m|t)\b", re.IGNORECASE)

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are aren as at be because been before being between both
    but by can cannot could couldn did didn do does doesn doing don done during each either else
    for from further had hadn has hasn have haven having he her here hers herself him himself his
    how however i if in into is isn it its itself just let many may me might mine more most much
    must my myself neither no nor not of off on once only or other ought our ours ourselves out
    over own please same shall she should shouldn so some such tell than that the their theirs them
    themselves then there these they this those though through to too under until up upon us very
    was wasn we were weren what when where whether which while who whom whose why will with within
    without won would wouldn yet you your yours yourself
    """.split()
)
"""Words too common to search for; question words among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a text: ``text[start:end] == surface``."""

    surface: str
    stem: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """Whether the word is too common to search for ("US" is not, "us" is)."""
        return self.surface.lower() in STOP_WORDS and not (
            len(self.surface) > 1 and self.surface.isupper()
        )


def fold(text: str) -> str:
    """Return the text in lower case without accents, as the full-text index sees it."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4_000)
def words(text: str) -> tuple[Word, ...]:
    """Cut a text into words with their places; an ending after an apostrophe is left out."""
    endings = {match.start() + 1 for match in _ENDING.finditer(text)}
    return tuple(
        Word(
            surface=surface,
            stem=word_stem(surface),
            start=match.start() + at,
            end=match.start() + at + len(surface),
        )
        for match in _WORD.finditer(text)
        if match.start() not in endings
        for at, surface in enumerate(_pairs(match.group()))
    )


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of all words of the text, in order, stop words included."""
    return tuple(chain.from_iterable(map(_stems_between_spaces, text.split())))


def stems_once(text: str) -> tuple[str, ...]:
    """Return ``stems`` of a text that will not be asked for again, so only words are remembered."""
    return _stems_between_spaces.__wrapped__(text)


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of the text that are worth searching for."""
    return frozenset(word.stem for word in words(text) if not word.is_stop)


@lru_cache(maxsize=100_000)
def _stems_between_spaces(text: str) -> tuple[str, ...]:
    """No word has a space in it, so that what was cut once is looked up, punctuation and all."""
    plain = _ENDING.sub("", text) if "'" in text or "’" in text else text
    found = _WORD.findall(plain)
    return tuple(map(word_stem, found if plain.isascii() else chain(*map(_pairs, found))))


def _pairs(word: str) -> tuple[str, ...]:
    """Return a word, or the pairs of letters of one without spaces."""
    if not _DENSE_WORD.match(word):
        return (word,)
    return tuple(map("".join, pairwise(word)))


@lru_cache(maxsize=100_000)
def word_stem(surface: str) -> str:
    """Return what two forms of one word have in common; "U.S." and "US" give the same."""
    folded = fold(surface) or surface  # two Thai vowel marks are all accent
    return stem(folded if folded[0].isdigit() else folded.replace(".", ""))
