"""A follow-up question made stand-alone by the model, and whether its reply is a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answering.evidence import as_data
from chatbot.answering.prompts import Prompt, make_boundary
from chatbot.answering.question import MAX_QUERY
from chatbot.answering.streaming.citations import strip_markers
from chatbot.models.llm import Message
from chatbot.models.word_stems import content_stems
from chatbot.types import Turn

TURNS = 4
"""Messages of the conversation that a model is shown with a question."""
_LABEL = re.compile(r"^(?:[\w -]{0,30}(?:question|query|rewrite))\s*:\s*", re.IGNORECASE)
_LONGEST_TURN = 600
"""Characters of an earlier turn: enough to know what was talked about."""


def build_rewrite(prompt: Prompt, *, question: str, history: Sequence[Turn]) -> list[Message]:
    """Return the messages that ask for the question made stand-alone.

    Args:
        prompt: ``rewrite``.
        question: the follow-up.
        history: earlier turns, oldest first.
    """
    lines = [f"{turn.role.title()}: {shorten(turn.content)}" for turn in history[-2 * TURNS :]]
    conversation = "\n".join(lines)
    return prompt.messages(
        boundary=make_boundary(conversation), conversation=conversation, question=as_data(question)
    )


def read_rewrite(reply: str, *, question: str, history: Sequence[Turn]) -> str | None:
    """Return the rewritten question in a model's reply, None if it is none.

    A reply of several lines, a very long one, or one mostly of words that nobody used is none.
    """
    text = " ".join(strip_markers(_LABEL.sub("", reply.strip())).split()).strip("\"'“”`*")
    if not text or "\n" in reply.strip() or len(text) > MAX_QUERY:
        return None
    if question.rstrip().endswith("?") and not text.endswith("?"):
        return None
    said = " ".join([question, *(turn.content for turn in history)])
    new = content_stems(text) - content_stems(said)
    return None if 2 * len(new) > len(content_stems(text)) else text


def shorten(text: str) -> str:
    """Return an earlier turn as a model is shown it: on one line, without markers, not too long."""
    words = as_data(strip_markers(text))
    return words if len(words) <= _LONGEST_TURN else words[:_LONGEST_TURN].rstrip() + " …"
