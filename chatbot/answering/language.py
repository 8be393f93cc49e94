"""The language of a question.

English unless a statistical model is sure of another language; an English word is proof enough.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chatbot.models.word_stems import STOP_WORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ = 400  # characters of the question that are looked at
_SURE = 0.98
_FEWEST = 3  # words in Latin letters that are too few to tell their language
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{1,200}[\"”“»]")
_SHARED = frozenset("a am an as at be do for he her his in is me no not of on so to was us".split())
"""Words of English that other languages have too."""


def detect_language(text: str) -> str:
    """Return the language of a question as an ISO 639-1 code; ``en`` where it is not sure."""
    plain = _QUOTED.sub(" ", unicodedata.normalize("NFKC", text[:_READ]))
    words = re.findall(r"[^\W\d_]+", plain.lower())
    if not words or (set(words) & (STOP_WORDS - _SHARED)):
        return "en"
    if plain.isascii() and len(words) <= _FEWEST:
        return "en"
    ranked = [(str(code), float(p)) for code, p in _identifier().rank(plain)]
    latin = sum(letter < "\u0250" for word in words for letter in word)
    # Languages that are alike share what is sure: it is none of them that would be English.
    if dict(ranked)["en"] <= 1 - _SURE or 2 * latin < len("".join(words)):
        return next(code for code, _ in ranked if code != "en")
    return "en"


@lru_cache(maxsize=4_000)
def is_read(text: str) -> bool:
    """Say whether the built-in networks read a text: whether it is English, or has no words."""
    return detect_language(text) == "en"


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
