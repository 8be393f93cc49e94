"""Words for comparison: what counts when an answer is held against an accepted one. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_MARKER = re.compile(r"\[\d{1,6}\]")
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)+(?!\w)|\w+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def without_markers(text: str) -> str:
    """Return an answer's text without ``[1]`` and the like."""
    return " ".join(_MARKER.sub(" ", text).split())


def words(text: str) -> list[str]:
    """Return the words in lower case without punctuation; "1,000,000" is one word, "1000000"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = _TOKEN.findall(folded)
    return [w.replace(",", "") if _THOUSANDS.fullmatch(w) else w for w in found]


def normalise(text: str) -> str:
    """Return the words of a text with single spaces between them."""
    return " ".join(words(text))


def holds(text: Sequence[str], part: Sequence[str]) -> bool:
    """Return whether the words of ``part`` stand in ``text`` as one run."""
    size = len(part)
    if size == 0:
        return False
    return any(list(text[at : at + size]) == list(part) for at in range(len(text) - size + 1))
