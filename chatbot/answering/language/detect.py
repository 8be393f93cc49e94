"""Which language a question is in, and what to say where the models do not know it.

By the script, else by function words; where these leave a doubt and no English word stands in it,
by a small statistical model that is loaded then. English unless it is sure: a name, a title or a
quotation in another language does not flip an English question.
Used by both ways of answering. Knows no documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from chatbot.answering.language.messages import NOTICES, REFUSALS
from chatbot.answering.language.words import ASKING, ENGLISH, LETTERS, PLAIN, SHARED

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ = 1000
"""Characters of the text that are looked at."""
_QUOTED = re.compile(r"[\"“„«»”][^\"“”„«»]{1,200}[\"“”«»]|(?<!\w)'[^']{3,200}'(?!\w)|`[^`]{1,200}`")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SYLLABLES = 3
"""How many Latin letters one Chinese, Japanese or Korean character counts for."""
_FEWEST = 4
"""Fewer letters than this prove no language: "α β"."""
_ARABIC_ONLY = {"ٹڈڑںےہ": "ur", "پچژگیک": "fa"}
_CYRILLIC = (("іїєґ", "uk"), ("ыэё", "ru"), ("ў", ""), ("јљњћђџ", ""), ("қғәөң", ""))
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "ARABIC": "ar",
    "HEBREW": "he", "DEVANAGARI": "hi", "BENGALI": "bn", "THAI": "th", "GREEK": "el",
    "CYRILLIC": "ru",
}  # fmt: skip
_HINT = re.compile(r"[^\x00-\x7f]")
_SPANISH_MARK = re.compile(r"[¿¡]")
_SURE = 0.97
"""Probability from which the statistical model is believed if one short word hints at it …"""
_FAIRLY_SURE = 0.7
"""… and if that is a word that questions are made of."""
_OTHER_NAMES = {"no": "nb"}
"""Its code for a language -> ours."""
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
    plain = _QUOTED.sub(" ", unicodedata.normalize("NFKC", text[:_READ]))
    words = [word.replace("’", "'") for word in _WORD.findall(plain)]
    english = len({word.lower() for word in words} & ENGLISH)
    other = _by_script(plain)
    if other is not None:
        return _UNSURE if english > 1 else other
    return _by_words(words, english, plain) if words else _UNSURE


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
    if weights.total() < _FEWEST or weights["LATIN"] * 2 >= weights.total():
        return None
    if weights["HIRAGANA"] or weights["KATAKANA"]:
        return Language(code="ja", confident=True)
    weights.pop("LATIN", None)
    script = weights.most_common(1)[0][0]
    code = _within_script(script, text.lower())
    return Language(code=code or "und", confident=bool(code))


def _within_script(script: str, low: str) -> str:
    if script == "ARABIC":
        return next(
            (code for letters, code in _ARABIC_ONLY.items() if set(letters) & set(low)), "ar"
        )
    if script == "CYRILLIC":
        for letters, code in _CYRILLIC:
            if set(letters) & set(low):
                return code
        return "bg" if re.search("ъ(?![еюя])", low) else "ru"
    return _SCRIPTS.get(script, "")


def _by_words(words: list[str], english: int, text: str) -> Language:
    """Return the language whose function words the text has, English where they do not suffice."""
    found = frozenset(word.lower() for word in words)
    best, points, proof = "en", 0, 0
    for code, asking in ASKING.items():
        known = asking | PLAIN[code]
        here = found & known
        if not here and not _HINT.search(text):
            continue
        letters = _has_own_letters(words, known, text, code)
        score = len(here) + len(found & asking) + 2 * letters
        proofs = len(here - SHARED) + bool((found & asking) - SHARED) + letters
        if (score, proofs) > (points, proof):
            best, points, proof = code, score, proofs
    if points >= 3 + 2 * english and proof >= 2:
        return Language(code=best, confident=True)
    if not english and proof and len(words) > 2:
        return _second_opinion(text, needed=_FAIRLY_SURE if proof > 1 else _SURE)
    return ENGLISH_LANGUAGE if english else _UNSURE


def _has_own_letters(words: list[str], known: frozenset[str], text: str, code: str) -> bool:
    """Whether a word has a letter of this language; names may have any: "São Paulo"."""
    if code == "es" and _SPANISH_MARK.search(text):
        return True
    plain = words[:1] + [word for word in words[1:] if word[0].islower()]
    unknown = (word.lower() for word in plain if word.lower() not in known)
    return any(LETTERS.get(char) == code for word in unknown for char in word)


def _second_opinion(text: str, *, needed: float) -> Language:
    """Ask the statistical model about a text with a hint of another language.

    It takes half a second to load and takes short English queries with a foreign title in them for
    foreign, so it is asked last and must be sure.
    """
    code, probability = _identifier().classify(text)
    if code == "en" or probability < needed:
        return _UNSURE
    return Language(code=_OTHER_NAMES.get(code, code), confident=True)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    names = {ours: theirs for theirs, ours in _OTHER_NAMES.items()}
    identifier.set_languages(["en", *(names.get(code, code) for code in ASKING)])
    return identifier
