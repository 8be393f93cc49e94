"""The search query: the question made stand-alone from the turns before it.

By rules (``stand_alone``), or by the chat model (``rewrite_with_model``) with the rules to fall
back on. Knows no documents and no retrieval. Used by the chain before retrieval.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.completing import complete_question
from chatbot.answering.follow_up_rules.composing import name_what_is_counted, resolve_event
from chatbot.answering.follow_up_rules.dialogue import (
    Context,
    is_small_talk,
    make_exchange,
    pair_turns,
    reads_as_latin,
    without_markers,
)
from chatbot.answering.follow_up_rules.fragments import repeat_for_more, resolve_fragment
from chatbot.answering.follow_up_rules.picks import resolve_pick
from chatbot.answering.follow_up_rules.question_shape import strip_end
from chatbot.answering.follow_up_rules.references import resolve_references
from chatbot.answering.follow_up_rules.reply import clean_rewrite
from chatbot.answering.follow_up_rules.words import split_words
from chatbot.errors import LLMBadResponse, LLMIncomplete
from chatbot.models.cancel import Cancel, Deadline
from chatbot.models.llm.chunks import TokenUsage
from chatbot.types import Turn

if TYPE_CHECKING:
    from chatbot.answering.prompts import Prompt
    from chatbot.models.llm import ChatModel

_log = logging.getLogger(__name__)

MAX_QUERY = 400
"""Longest query, in characters, that a rule or the model may make of a question."""
MAX_TURNS = 8
"""How many turns a model is shown."""
MAX_TURN = 1000
"""Characters of each turn that a model is shown."""
_LONGEST_FOLLOW_UP = 250
"""A longer question is taken to say enough itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is searched for in the place of the question."""

    text: str
    changed: bool
    """Whether ``text`` differs from the question as it was asked."""
    by_model: bool = False
    usage: TokenUsage = field(default_factory=TokenUsage)
    """Tokens of the call that rewrote it; None where no model was asked or it did not say."""


def stand_alone(question: str, history: Sequence[Turn]) -> SearchQuery:
    """Make a question stand alone by rules: pronouns, fragments and ellipses are filled in.

    A question that says enough itself comes back as it is, whatever was talked about before.
    Earlier questions are resolved in the same way, oldest first; only the last few turns are read.
    Never fails: what no rule can resolve stays as it is.

    Args:
        question: the question as asked.
        history: the turns before it, oldest first; markers, refusals and long answers may be in it.

    Returns:
        The query; unchanged questions have ``changed=False``.
    """
    context: Context = ()
    for earlier, answer in pair_turns(history):
        if reads_as_latin(earlier):
            context = (make_exchange(_resolve(earlier, context), answer), *context)
    text = _resolve(question, context)
    return SearchQuery(text=text, changed=text != question)


def rewrite_with_model(
    question: str,
    history: Sequence[Turn],
    *,
    model: ChatModel,
    prompt: Prompt,
    cancel: Cancel,
    deadline: Deadline | None = None,
) -> SearchQuery:
    """Make a question stand alone with one call to the chat model.

    A reply that is no rewritten question (empty, several lines, too long, an answer, words that
    nobody used) is dropped, and the rules decide. Without earlier turns nothing is sent.

    Args:
        question: the question as asked.
        history: the turns before it, oldest first.
        model: the chat model.
        prompt: ``rewrite``, with the variables ``boundary``, ``conversation`` and ``question``.
        cancel: stops the call from any thread.
        deadline: shared by the calls of one answer.

    Raises:
        LLMError: the server failed, so that a second call would fail too. A reply that is cut or
            malformed raises nothing.
    """
    by_rules = stand_alone(question, history)
    conversation = _conversation(history)
    if not conversation:
        return by_rules
    from chatbot.answering.prompts import make_boundary

    boundary = make_boundary()
    messages = prompt.messages(boundary=boundary, conversation=conversation, question=question)
    try:
        reply = model.complete(messages, cancel=cancel, deadline=deadline)
    except (LLMIncomplete, LLMBadResponse) as error:
        if cancel.is_set():
            raise
        _log.info("The question is rewritten by rules: %s", error)
        return by_rules
    text = clean_rewrite(reply.text, question=question, conversation=conversation)
    if text is None:
        _log.info("The question is rewritten by rules: the model did not return a question.")
        return replace(by_rules, usage=reply.usage)
    same = _same_words(text, question)
    return SearchQuery(
        text=question if same else text, changed=not same, by_model=True, usage=reply.usage
    )


def _conversation(history: Sequence[Turn]) -> str:
    """Return the last turns as plain text, markers taken out, each cut to a bounded length."""
    names = {"user": "User", "assistant": "Assistant"}
    lines = (
        f"{names[turn.role]}: {' '.join(without_markers(turn.content[:MAX_TURN]).split())}"
        for turn in history[-MAX_TURNS:]
        if turn.content.strip()
    )
    return "\n".join(lines)


def _resolve(question: str, context: Context) -> str:
    """Return the question with what it leaves out filled in from the context, newest first."""
    plain = question.strip()
    if not context or len(plain) > _LONGEST_FOLLOW_UP or not reads_as_latin(plain):
        return question
    first = split_words(plain)[:1]
    if not first or is_small_talk(plain):
        return question
    body = _without_first_words(plain)
    led_in = first[0].low in {"and", "or", "but", "also"} and body != plain
    short = strip_end(body)
    resolved = (
        resolve_pick(body, context)
        or repeat_for_more(strip_end(plain), context)
        or repeat_for_more(short, context)
        or resolve_fragment(short, context, led_in=led_in)
        or resolve_event(short, context)
        or resolve_references(body, context)
        or name_what_is_counted(short, context)
        or complete_question(short, context)
    )
    if not resolved or _same_words(resolved, plain):
        return question
    if plain[:1].isupper():
        resolved = resolved[:1].upper() + resolved[1:]
    return " ".join(resolved.split())[:MAX_QUERY]


def _without_first_words(text: str) -> str:
    """Drop "and", "but", "ok" in front of a question."""
    words = split_words(text)
    index = 0
    while index + 1 < len(words) and words[index].low in lists.FIRST_WORDS:
        index += 1
    return text[words[index].start :] if index else text


def _same_words(left: str, right: str) -> bool:
    return re.findall(r"\w+", left.lower()) == re.findall(r"\w+", right.lower())
