"""A line of a record in words: "OutdoorSeating: False" says "no outdoor seating".

The measures look for a denial before the word that is denied, and for words that stand apart. Knows
no claim; used by ``trees``.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"(?P<key>\w[\w ./-]{0,58}?):\s+(?P<value>\S.*)", re.DOTALL)
_YES = frozenset(("true", "yes"))
_NO = frozenset(("false", "no", "none", "null"))
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
