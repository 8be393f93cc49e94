"""The Porter stemmer, so that words are compared here as the full-text index compares them.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. SQLite's FTS5 tokenizer
``porter`` is the same algorithm; a test holds the two against each other. Knows nothing of queries
or documents.
"""

from __future__ import annotations

import re

_STEP_2 = """
    ational/ate tional/tion enci/ence anci/ance izer/ize logi/log bli/ble alli/al entli/ent eli/e
    ousli/ous ization/ize ation/ate ator/ate alism/al iveness/ive fulness/ful ousness/ous aliti/al
    iviti/ive biliti/ble
"""
_STEP_3 = "icate/ic ative/ alize/al iciti/ic ical/ic ful/ ness/"
_STEP_4 = re.compile(
    "(.*?)(?:al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|"
    "(?<=[st])ion)"
)
"""The shortest base is that of the longest suffix: its rule alone is tried."""
_REPLACED = [dict(rule.split("/") for rule in step.split()) for step in (_STEP_2, _STEP_3)]
_REPLACING = [(rules, re.compile(f"(.*?)({'|'.join(rules)})")) for rules in _REPLACED]


def stem(word: str) -> str:
    """Return the Porter stem of a lower-case word; words of one or two letters stay as they are."""
    if len(word) < 3 or word.isdigit():
        return word
    word = _without_past(_without_plural(word))
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = f"{word[:-1]}i"
    for rules, pattern in _REPLACING:
        found = pattern.fullmatch(word)
        if found and _measure(found[1]) > 0:
            word = found[1] + rules[found[2]]
    found = _STEP_4.fullmatch(word)
    if found and _measure(found[1]) > 1:
        word = found[1]
    return _without_final_e(word)


def _shape(word: str) -> str:
    """Return a letter for each of the word: "c" for a consonant, "v" for a vowel."""
    shape = ""
    for letter in word:
        is_vowel = letter in "aeiou" or (letter == "y" and shape.endswith("c"))
        shape += "v" if is_vowel else "c"
    return shape


def _measure(base: str) -> int:
    """Count the vowel-consonant sequences of a word's base: "m" in Porter's paper."""
    return _shape(base).count("vc")


def _ends_short(word: str) -> bool:
    """Say whether a word ends as "hop" does: "*o" in Porter's paper."""
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"


def _without_plural(word: str) -> str:
    if (word.endswith("sses") and len(word) > 4) or (word.endswith("ies") and len(word) > 3):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("eed") and len(word) > 3:
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        base = word.removesuffix(suffix)
        if base != word and "v" in _shape(base):
            break
    else:
        return word
    if base.endswith(("at", "bl", "iz")):
        return f"{base}e"
    if base[-1] == base[-2:-1] and _shape(base).endswith("c") and base[-1] not in "lsz":
        return base[:-1]
    return f"{base}e" if _measure(base) == 1 and _ends_short(base) else base


def _without_final_e(word: str) -> str:
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _ends_short(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
