"""Question and evidence to the model, and its answer back as pieces with resolved markers.

Knows no store, no retrieval and no verdicts: ``chain`` puts those around it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from chatbot.answering.evidence import CountTokens, as_data, number_evidence
from chatbot.answering.prompts import Prompt, make_boundary
from chatbot.answering.question import MAX_QUERY
from chatbot.answering.streaming.citations import MarkerParser, Piece, strip_markers
from chatbot.answering.streaming.no_answer import NO_ANSWER, NoAnswerFilter
from chatbot.models.cancel import Cancel, Deadline
from chatbot.models.llm import ChatModel, Generation, Message
from chatbot.models.llm.chunks import TokenUsage
from chatbot.models.words import content_stems
from chatbot.types import Citation, RetrievedSentence, Turn

_LABEL = re.compile(r"^(?:[\w -]{0,30}(?:question|query|rewrite))\s*:\s*", re.IGNORECASE)
_TURNS = 4
_LONGEST_TURN = 600
"""Characters of an earlier turn: enough to know what was talked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationInput:
    """What is sent to the model, and what the numbers in it point to."""

    messages: tuple[Message, ...]
    offered: dict[int, Citation]
    prompt: str
    """``name@version/fingerprint``."""


def build_messages(
    prompt: Prompt,
    *,
    question: str,
    evidence: Sequence[RetrievedSentence],
    max_tokens: int,
    count_tokens: CountTokens,
    history: Sequence[Turn] = (),
) -> GenerationInput:
    """Return the messages for one question.

    Args:
        prompt: ``answer``.
        question: as the user asked it.
        evidence: retrieved sentences, best first.
        max_tokens: of the evidence.
        count_tokens: as the model counts.
        history: earlier turns, oldest first. The last few are sent, without their markers: those
            belong to their own turn.
    """
    numbered = number_evidence(evidence, max_tokens=max_tokens, count_tokens=count_tokens)
    system, user = prompt.messages(
        boundary=make_boundary(),
        evidence=numbered.text,
        no_answer=NO_ANSWER,
        question=question.strip(),
    )
    earlier = [(turn.role, _shorten(turn.content)) for turn in history[-_TURNS:]]
    messages = (system, *(message for message in earlier if message[1]), user)
    return GenerationInput(messages=messages, offered=numbered.offered, prompt=prompt.id)


def build_rewrite(prompt: Prompt, *, question: str, history: Sequence[Turn]) -> list[Message]:
    """Return the messages that ask for the question made stand-alone.

    Args:
        prompt: ``rewrite``.
        question: the follow-up.
        history: earlier turns, oldest first.
    """
    lines = [f"{turn.role.title()}: {_shorten(turn.content)}" for turn in history[-2 * _TURNS :]]
    return prompt.messages(
        boundary=make_boundary(), conversation="\n".join(lines), question=as_data(question)
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


class AnswerStream(Iterator[Piece]):
    """The pieces of one answer. Closing or dropping it stops the model."""

    def __init__(self, generation: Generation, offered: dict[int, Citation]) -> None:
        self._generation = generation
        self._filter = NoAnswerFilter()
        self._pieces = _pieces(generation, self._filter, MarkerParser(offered))

    @property
    def no_answer(self) -> bool:
        """Whether the model said that the evidence does not answer; then there are no pieces."""
        return self._filter.found

    @property
    def usage(self) -> TokenUsage:
        """Tokens so far; None where the server did not say."""
        return self._generation.usage

    def __next__(self) -> Piece:
        """Return the next piece.

        Raises:
            LLMError: the answer failed or stays incomplete; pieces may have come before.
        """
        return next(self._pieces)

    def close(self) -> None:
        """Stop it."""
        self._pieces.close()
        self._generation.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def generate(
    model: ChatModel,
    given: GenerationInput,
    *,
    cancel: Cancel | None = None,
    deadline: Deadline | None = None,
) -> AnswerStream:
    """Return the model's answer as pieces; nothing is sent before the first is asked for.

    Args:
        model: the chat model.
        given: from ``build_messages``.
        cancel: stops it from any thread.
        deadline: shared with the other calls for the same answer.
    """
    generation = model.stream(given.messages, cancel=cancel, deadline=deadline)
    return AnswerStream(generation, given.offered)


def _pieces(
    generation: Generation, shown: NoAnswerFilter, parser: MarkerParser
) -> Generator[Piece, None, None]:
    for delta in generation:
        yield from parser.feed(shown.feed(delta))
    yield from parser.feed(shown.finish())
    yield from parser.finish()


def _shorten(text: str) -> str:
    words = as_data(strip_markers(text))
    return words if len(words) <= _LONGEST_TURN else words[:_LONGEST_TURN].rstrip() + " …"
