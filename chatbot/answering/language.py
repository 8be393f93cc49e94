"""Which language a question is in, and what to say where the models do not know it.

By the script, else by function words; no model is loaded, so it costs microseconds. English unless
it is sure: a name, a title or a quotation in another language does not flip an English question.
Used by both ways of answering. Knows no documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from chatbot.answering.language_messages import NOTICES, REFUSALS
from chatbot.answering.language_words import ASKING, ENGLISH, LETTERS, PLAIN

_READ = 1000
"""Characters of the text that are looked at."""
_QUOTED = re.compile(r"[\"“„«»”][^\"“”„«»]{1,200}[\"“”«»]|(?<!\w)'[^']{3,200}'(?!\w)|`[^`]{1,200}`")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SYLLABLES = 3
"""How many Latin letters one Chinese, Japanese or Korean character counts for."""
_ARABIC_ONLY = {"ٹڈڑںےہ": "ur", "پچژگیک": "fa"}
_CYRILLIC = (("іїєґ", "uk"), ("ыэё", "ru"), ("ў", ""), ("јљњћђџ", ""), ("қғәөң", ""))
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "ARABIC": "ar",
    "HEBREW": "he", "DEVANAGARI": "hi", "BENGALI": "bn", "THAI": "th", "GREEK": "el",
    "CYRILLIC": "ru",
}  # fmt: skip
_DENSE = {"HIRAGANA", "KATAKANA", "HANGUL", "CJK"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language and whether it is sure."""

    code: str
    """ISO 639-1; ``en`` when unsure, ``und`` for a script of no known language."""
    confident: bool


ENGLISH_LANGUAGE = Language(code="en", confident=True)
_UNSURE = Language(code="en", confident=False)


def detect_language(text: str) -> Language:
    """Return the language of a question.

    Args:
        text: the question; only its first characters count, quotations do not.
    """
    plain = _QUOTED.sub(" ", text[:_READ])
    words = [word.lower().replace("’", "'") for word in _WORD.findall(plain)]
    english = sum(word in ENGLISH for word in words)
    other = _by_script(plain)
    if other is not None:
        return _UNSURE if english > 1 else other
    return _by_words(words, english, plain.lower())


def notice_for(language: Language) -> str | None:
    """Return "the built-in models read English only" in that language, None for English.

    A language without a text of its own gets the English one.
    """
    if language.code == "en":
        return None
    english = "The built-in models read English only; please ask the question in English."
    return NOTICES.get(language.code, english)


def refusal_in(language: Language) -> str | None:
    """Return "no answer was found in the documents" in that language, None where there is none."""
    return REFUSALS.get(language.code)


def _by_script(text: str) -> Language | None:
    """Return the language that the letters tell, None if most letters are Latin."""
    weights: Counter[str] = Counter()
    for char in text:
        if char.isalpha():
            script = unicodedata.name(char, "LATIN").split()[0]
            weights[script] += _SYLLABLES if script in _DENSE else 1
    if not weights or weights["LATIN"] * 2 >= weights.total():
        return None
    if weights["HIRAGANA"] or weights["KATAKANA"]:
        return Language(code="ja", confident=True)
    weights.pop("LATIN", None)
    script = weights.most_common(1)[0][0]
    code = _within_script(script, text.lower())
    return Language(code=code or "und", confident=bool(code))


def _within_script(script: str, low: str) -> str:
    if script == "ARABIC":
        return next((code for letters, code in _ARABIC_ONLY.items() if set(letters) & set(low)), "ar")
    if script == "CYRILLIC":
        for letters, code in _CYRILLIC:
            if set(letters) & set(low):
                return code
        return "bg" if low.count("ъ") else "ru"
    return _SCRIPTS.get(script, "")


def _by_words(words: list[str], english: int, low: str) -> Language:
    """Return the language whose function words the text has, English where they do not suffice."""
    if not words:
        return _UNSURE
    found = set(words)
    scores: dict[str, tuple[int, int]] = {}
    for code, asking in ASKING.items():
        asked = len(found & asking)
        letters = len({char for char, owner in LETTERS.items() if owner == code and char in low})
        scores[code] = (2 * asked + len(found & PLAIN[code]) + 2 * letters, asked)
    best = max(scores, key=lambda code: scores[code])
    points, asked = scores[best]
    needed = 3 + 4 * english
    sure = points >= needed and (asked > 0 or points >= needed + 2)
    if not sure:
        return ENGLISH_LANGUAGE if english else _UNSURE
    return Language(code=best, confident=True)
