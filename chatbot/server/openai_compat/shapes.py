"""What an OpenAI client is sent; ``citations`` and ``chatbot`` are ours, and left alone by it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from chatbot.server.openai_compat.footnotes import footnotes
from chatbot.types import Answer, Citation, Usage

MODEL: Final = "chatbot"
"""The only model there is; any name is accepted for it."""


class AnsweredMessage(BaseModel):
    """The bot's message, with its footnotes."""

    role: str
    content: str
    citations: list[Citation]


class CompletionChoice(BaseModel):
    """The one choice."""

    index: int
    message: AnsweredMessage
    finish_reason: str
    logprobs: None


class CompletionUsage(BaseModel):
    """Tokens of the model; 0 where none was asked."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """A chat completion."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    object: str
    created: int
    model: str
    choices: list[CompletionChoice]
    usage: CompletionUsage
    citations: list[Citation]
    """The sentences that the markers in the text point to."""
    chatbot: Answer
    """The whole answer, with its claims and their verdicts."""


class ListedModel(BaseModel):
    """A model that can be asked."""

    id: str
    object: str
    created: int
    owned_by: str


class ModelList(BaseModel):
    """The models."""

    object: str
    data: list[ListedModel]


@dataclass(frozen=True, slots=True)
class CompletionWriter:
    """Writes one completion, whole or in chunks, under one id."""

    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return the completion."""
        shape = answer.to_dict()
        message = {
            "role": "assistant",
            "content": answer.text + footnotes(answer),
            "citations": shape["citations"],
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return self._base("chat.completion") | {
            "choices": [choice],
            "usage": usage_of(answer.usage),
            "citations": shape["citations"],
            "chatbot": shape,
        }

    def chunk(
        self, delta: dict[str, Any], *, finish_reason: str | None = None, **more: object
    ) -> dict[str, Any]:
        """Return one chunk of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return self._base("chat.completion.chunk") | {"choices": [choice]} | more

    def usage(self, answer: Answer) -> dict[str, Any]:
        """Return the chunk that tells the tokens used."""
        return self._base("chat.completion.chunk") | {
            "choices": [],
            "usage": usage_of(answer.usage),
        }

    def _base(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}


def usage_of(usage: Usage) -> dict[str, int]:
    """Return the tokens used, 0 where no model was asked or it did not say."""
    tokens_in, tokens_out = usage.tokens_in or 0, usage.tokens_out or 0
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
