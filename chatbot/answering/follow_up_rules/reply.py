"""A model's reply to "rewrite this question", checked: a question, or nothing.

Knows no model. Used by ``follow_up``.
"""

from __future__ import annotations

import re

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import reads_as_latin, without_markers
from chatbot.answering.follow_up_rules.words import split_words

MAX_REWRITE = 300
"""Longest rewrite in characters."""

_LABEL = re.compile(
    r"^(?:(?:the )?(?:rewritten|stand-?alone|last|search)? ?(?:question|query)|rewrite|q)\s*:\s*",
    re.IGNORECASE,
)
_QUOTES = "\"'“”„«»`*"
_STEM = 5
"""Letters of a word that must agree: "sent" is not "send", but "vehicles" is "vehicle"."""


def clean_rewrite(reply: str, *, question: str, conversation: str) -> str | None:
    """Return the rewritten question in a model's reply, None if there is none.

    Args:
        reply: the model's text.
        question: the question that was to be rewritten.
        conversation: the turns that the model was shown.
    """
    text = _LABEL.sub("", reply.strip().strip(_QUOTES)).strip().strip(_QUOTES).strip()
    text = without_markers(text)
    if not text or "\n" in text or len(text) > MAX_REWRITE:
        return None
    if not reads_as_latin(text) or not reads_as_latin(question):
        return text
    if _asks(question) and not _asks(text):
        return None
    known = {word.low[:_STEM] for word in split_words(f"{question} {conversation}")}
    content = [word.low for word in split_words(text) if word.low not in lists.FUNCTION_WORDS]
    new = sum(low[:_STEM] not in known for low in content)
    return None if new * 2 > len(content) else text


def _asks(text: str) -> bool:
    """Whether a text is a question or a request by its form."""
    words = split_words(text)
    openers = lists.WH | lists.AUXILIARIES | lists.IMPERATIVES
    first = [word.low for word in words[:2] if word.low not in lists.FIRST_WORDS | {"please"}]
    return text.rstrip().endswith("?") or (
        bool(first)
        and (first[0] in openers or (first[0] in lists.PREPOSITIONS and first[-1] in lists.WH))
    )
