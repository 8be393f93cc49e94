"""The search query: the question made stand-alone from the turns before it.

Without a model a short question, or one with a pronoun, is put behind the question before it; a
date, a number, an identifier or a name that it names takes the place of that one's. With a model
the model rewrites it. Knows no documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.answering.anchors import named_in
from chatbot.answering.tuning import TUNING
from chatbot.models.words import content_stems
from chatbot.types import AnchorKind, Turn

MAX_QUERY = 400
"""Characters of a query that is made of two questions."""
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|"
    r"ones?|else|both|each|neither|former|latter|same)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:and|or|but|also|so|ok(?:ay)?|no|yes|then|thanks|well|now)[\s,.:!-]+|"
    r"i (?:mean|meant)[\s,:]+|(?:what|how) about\s+)+",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:please\s+)?(?:tell me|say|give me|show me|explain|go on|continue|more|anything|what)?\s*"
    r"(?:more|else|further|go on|continue|(?:more |further )?details?)"
    r"(?:\s+(?:please|about (?:it|this|that|them)|details?|information))?\s*[?.!]*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|can|could|has|"
    r"have|will|would|should|may|list|name|tell|show|give|explain|describe)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is searched for in the place of the question."""

    text: str
    changed: bool
    """Whether ``text`` differs from the question as it was asked."""
    more: bool = False
    """It asks for what was not said yet."""


def stand_alone(question: str, history: Sequence[Turn]) -> SearchQuery:
    """Make a question stand alone; a question that says enough itself comes back as it is.

    Args:
        question: the question as asked.
        history: the turns before it, oldest first; the answers are not read.
    """
    query = ""
    more = False
    for asked in [*(turn.content for turn in history if turn.role == "user"), question]:
        more = bool(query and _MORE.match(asked.strip()))
        query = query if more else _joined(query, asked)
    return SearchQuery(text=query, changed=query != question, more=more)


def _joined(before: str, question: str) -> str:
    """Return a question with what it needs of the one before it."""
    plain = " ".join(question.split())
    body = _LEAD.sub("", plain)
    short = len(plain.split()) <= TUNING.follow_up_words
    leads_on = body != plain
    if not before or not (_PRONOUN.search(body) or leads_on or (short and not _says_enough(body))):
        return question
    if leads_on and _ASKS.match(body) and not short and not _PRONOUN.search(body):
        return body
    kept = _without_same(before, body)
    return f"{kept} {body}"[-MAX_QUERY:]


def _says_enough(question: str) -> bool:
    """Whether a short question names something: "Who is Mark Rutte?" needs no other."""
    named = any(one.kind is not AnchorKind.DATE for one in named_in(question))
    return bool(_ASKS.match(question)) and (named or len(content_stems(question)) > 2)


def _without_same(before: str, question: str) -> str:
    """Return the earlier question without what the later one names anew."""
    kinds = {one.kind for one in named_in(question)}
    for kind in kinds:
        olds = [one for one in named_in(before) if one.kind is kind]
        if olds:
            before = before[: olds[0].start] + before[olds[0].end :]
    return " ".join(before.split())
