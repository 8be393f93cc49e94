"""A question that asks several things, taken apart: "When and where …?", "What …, and who …?".

Rules for English on the words alone; where they are not sure the question stays whole. Used by
the extractive answer, which answers or refuses each part for itself.
"""

from __future__ import annotations

import re

from chatbot.models.reader_spans import names

_WH = r"(?:who|whom|whose|what|when|where|why|how|which)"
_PREPOSITION = r"(?:in|at|on|from|to|with|by|for|of)"
_PAIR = re.compile(rf"^({_WH})\s+(?:and|or)\s+({_WH})\b\s*(.+)$", re.IGNORECASE)
_SECOND = re.compile(rf",?\s+and\s+(?=(?:{_PREPOSITION}\s+)?{_WH}\b)", re.IGNORECASE)
_BARE = re.compile(rf"^({_WH})\W*$", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|do|does|did|will|would|can|could|has|have|had)\b", re.IGNORECASE
)
_END = re.compile(r"(?<=\?)\s+")
_PRONOUN = re.compile(r"\b(?:he|she|it|they)\b", re.IGNORECASE)
_MAX_PARTS = 3


def question_parts(question: str) -> tuple[str, ...]:
    """Return the questions that a question is made of, each standing alone; itself if it is one.

    "When and where did they meet?" gives "When did they meet?" and "Where did they meet?"; a
    pronoun in a later part is replaced by the one name of the first.
    """
    whole = " ".join(question.split())
    parts: list[str] = []
    for piece in _END.split(whole):
        parts.extend(_split(piece))
    parts = [part for part in parts if len(part.split()) > 1]
    if not 1 < len(parts) <= _MAX_PARTS:
        return (whole,)
    return (parts[0], *(_resolve(part, parts[0]) for part in parts[1:]))


def _split(question: str) -> list[str]:
    pair = _PAIR.match(question)
    if pair:
        first, second, rest = pair.groups()
        return [f"{first} {rest}", f"{second.capitalize()} {rest}"]
    pieces = _SECOND.split(question)
    if not re.match(rf"(?:{_PREPOSITION}\s+)?{_WH}\b", pieces[0], re.IGNORECASE):
        return [question]  # "I asked him and what he said …" is no list of questions
    found = [pieces[0]]
    for piece in pieces[1:]:
        bare = _BARE.match(piece)
        head = re.match(rf"^{_WH}\s+(.+)$", pieces[0], re.IGNORECASE)
        if bare is None:
            found.append(piece[0].upper() + piece[1:])
        elif head and _AUXILIARY.match(head.group(1)):  # "When did it start, and why?"
            found.append(f"{bare.group(1).capitalize()} {head.group(1)}")
        else:
            return [question]
    return [piece if piece.endswith("?") else f"{piece.rstrip(' ,.')}?" for piece in found]


def _resolve(part: str, first: str) -> str:
    """Put the name of the first part in the place of a pronoun, if there is just one name."""
    found = {first[span.start : span.end] for span in names(first)}
    if len(found) != 1 or names(part):
        return part
    return _PRONOUN.sub(found.pop(), part, count=1)
