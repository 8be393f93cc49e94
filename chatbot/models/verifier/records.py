"""Lines of a record: "OutdoorSeating: False" says "no outdoor seating".

The measures look for a denial before the word that is denied, and for words that stand apart; what
a line says outright is held against a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chatbot.models.word_stems import content_stems

_LINE = re.compile(r"(?P<key>\w[\w ./-]{0,58}?):\s+(?P<value>\S.*)", re.DOTALL)
_YES = frozenset(("true", "yes"))
_NO = frozenset(("false", "no", "none", "null"))
_YES_OR_NO = re.compile(rf":\s+(?:{'|'.join(sorted(_YES | _NO))})$", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:no|not|never|none|without|neither|nor|cannot|lacks?|lacking)\b|n['’]t\b", re.IGNORECASE
)
_MORE = re.compile(r"[,;]|\b(?:and|but|or|while|though|although)\b", re.IGNORECASE)
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


def in_words(text: str) -> str:
    """Return a ``key: value`` line in words, and any other text as it is.

    The words of a key are set apart; a value that says yes or no becomes a statement or a denial.
    """
    found = _LINE.fullmatch(text)
    if found is None:
        return text
    key, value = _JOINT.sub(" ", found["key"]), found["value"]
    if value.lower() in _YES:
        return key
    if value.lower() in _NO:
        return f"no {key[0].lower()}{key[1:]}"
    return f"{key}: {value}"


def denied(claim: str, evidence: Iterable[str]) -> bool:
    """Say whether a yes or no denies the claim: "study rooms: False" and "has study rooms".

    Every word of the key stands in the claim. Where lines disagree about a key, as those of two
    records do, or a claim says several things with a "not" among them, nothing is said.
    """
    lines = [line for line in evidence if _YES_OR_NO.search(line)]
    if not lines:
        return False
    known = content_stems(claim)
    said: dict[frozenset[str], set[bool]] = {}
    for found in filter(None, map(_LINE.fullmatch, lines)):
        stems = content_stems(_JOINT.sub(" ", found["key"]))
        if stems and stems <= known:
            said.setdefault(stems, set()).add(found["value"].lower() in _YES)
    negative = bool(_DENIES.search(claim))
    if negative and _MORE.search(claim):
        return False
    return {negative} in said.values()
