"""The Porter stemmer, so that words are compared here as the full-text index compares them.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. SQLite's FTS5 tokenizer
``porter`` is the same algorithm; a test holds the two against each other. Knows nothing of queries
or documents.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby

_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("logi", "log"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"),
    ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
    ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"),
    ("biliti", "ble"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
)  # fmt: skip
_STEP_4 = tuple(
    (suffix, "")
    for suffix in (
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ou",
        "ism", "ate", "iti", "ous", "ive", "ize", "sion", "tion",
    )
)  # fmt: skip


_SUFFIXES = {rules: tuple(suffix for suffix, _ in rules) for rules in (_STEP_2, _STEP_3, _STEP_4)}


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter stem of a lower-case word; words of one or two letters stay as they are."""
    if len(word) < 3 or word.isdigit():
        return word
    word = _step_1c(_step_1b(_step_1a(word)))
    word = _replace(word, _STEP_2, lambda base: _measure(base) > 0)
    word = _replace(word, _STEP_3, lambda base: _measure(base) > 0)
    return _step_5(_step_4(word))


def _is_consonant(word: str, at: int) -> bool:
    letter = word[at]
    if letter in "aeiou":
        return False
    return letter != "y" or at == 0 or not _is_consonant(word, at - 1)


def _measure(base: str) -> int:
    """Count the vowel-consonant sequences of a word's base: "m" in Porter's paper."""
    kinds = [kind for kind, _ in groupby(_is_consonant(base, at) for at in range(len(base)))]
    return (len(kinds) - (bool(kinds) and kinds[0])) // 2


def _has_vowel(base: str) -> bool:
    return any(not _is_consonant(base, at) for at in range(len(base)))


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _ends_cvc(word: str) -> bool:
    return (
        len(word) > 2
        and _is_consonant(word, len(word) - 3)
        and not _is_consonant(word, len(word) - 2)
        and _is_consonant(word, len(word) - 1)
        and word[-1] not in "wxy"
    )


def _replace(word: str, rules: tuple[tuple[str, str], ...], holds: Callable[[str], bool]) -> str:
    """Apply the rule of the longest suffix that the word has, if its condition holds."""
    if not word.endswith(_SUFFIXES[rules]):
        return word
    found = max((rule for rule in rules if word.endswith(rule[0])), key=_length, default=None)
    if found is None:
        return word
    base = word[: -len(found[0])]
    return base + found[1] if base and holds(base) else word


def _length(rule: tuple[str, str]) -> int:
    return len(rule[0])


def _step_1a(word: str) -> str:
    if (word.endswith("sses") and len(word) > 4) or (word.endswith("ies") and len(word) > 3):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _step_1b(word: str) -> str:
    if word.endswith("eed") and len(word) > 3:
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        base = word[: -len(suffix)]
        if word.endswith(suffix) and _has_vowel(base):
            break
    else:
        return word
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if _ends_double(base) and base[-1] not in "lsz":
        return base[:-1]
    return base + "e" if _measure(base) == 1 and _ends_cvc(base) else base


def _step_1c(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _has_vowel(word[:-1]) else word


def _step_4(word: str) -> str:
    if not word.endswith(_SUFFIXES[_STEP_4]):
        return word
    found = max((rule for rule in _STEP_4 if word.endswith(rule[0])), key=_length)
    keep = 1 if found[0] in ("sion", "tion") else 0
    base = word[: len(word) - len(found[0]) + keep]
    return base if _measure(base) > 1 else word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        base = word[:-1]
        measure = _measure(base)
        if measure > 1 or (measure == 1 and not _ends_cvc(base)):
            word = base
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
