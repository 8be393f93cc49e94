"""Questions as people type them."""

from __future__ import annotations

import random

_SMALL = frozenset(
    "a an the of is are was were do does did to in on for has have had that this by".split()
)
_KEPT, _LOWER = 0.4, 0.6


def roughened(text: str, drawn: random.Random) -> str:
    """Return a question as typed in a hurry, or by someone new to English: small words left out."""
    kept = [
        word
        for number, word in enumerate(text.rstrip("? ").split())
        if number == 0 or word.lower() not in _SMALL or drawn.random() < _KEPT
    ]
    rough = " ".join(kept) + drawn.choice(["", "?"])
    return rough.lower() if drawn.random() < _LOWER else rough
