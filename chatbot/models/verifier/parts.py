"""Cuts a claim into statements that can hold or fail alone: "A did B, and C did D".

Knows no evidence.
"""

from __future__ import annotations

import re

_LINK = re.compile(
    r";\s+(?:and\s+|but\s+)?"
    r"|,\s+(?:and|but|while|whereas|although|though|which|who|where|yet|so|because)\s+"
    r"|\s+(?:while|whereas|although|because)\s+"
    r"|,?\s+(?:and|but)\s+(?=(?:then|also|later|not|is|are|was|were|has|have|had|will|would|can|"
    r"could|may|he|she|it|they|there|this|that|these|those|[a-z]{2,}ed|[a-z]*(?:aid|old|ent|ook|ave|"
    r"ame|ade|ook|eld|et|an|on|ew|ot|ut))\b(?!\s+of\b))"
)
_WORD = re.compile(r"[^\W_]+")
_LEAST = 3  # words in a statement


def parts(claim: str) -> tuple[str, ...]:
    """Return the statements of a claim, in order; the claim itself where it is one statement."""
    found: list[str] = []
    start = 0
    for link in _LINK.finditer(claim):
        piece, rest = claim[start : link.start()], claim[link.end() :]
        if _is_long_enough(piece) and _is_long_enough(rest):
            found.append(piece.strip())
            start = link.end()
    return (*found, claim[start:].strip())


def _is_long_enough(text: str) -> bool:
    return len(_WORD.findall(text)) >= _LEAST
