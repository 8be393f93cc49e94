"""``POST /v1/chat/completions`` and ``GET /v1/models``; ``citations`` and ``chatbot`` are ours."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from chatbot.server.asking import answer_to, events_of
from chatbot.server.openai_compat.messages import CompletionRequest, footnotes
from chatbot.server.openapi import Responses, gives_events
from chatbot.server.problems import OpenAIError
from chatbot.server.sse import EventStream, encode
from chatbot.server.state import PersonsBot
from chatbot.types import Answer, AnswerEvent, Citation, Restarted, TextDelta, Usage

MODEL: Final = "chatbot"
"""The only model there is; any name is accepted for it."""
DONE: Final = b"data: [DONE]\n\n"
_WRONG: Responses = {
    status: {"model": OpenAIError} for status in (400, 401, 403, 404, 422, 429, 503)
}
router = APIRouter(tags=["OpenAI"], responses=_WRONG)


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


class ChatCompletion(BaseModel, use_attribute_docstrings=True):
    """A chat completion."""

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
class _Writer:
    """Writes one completion, whole or in chunks, under one id."""

    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        shape = answer.to_dict()
        content = answer.text + footnotes(answer)
        message = {"role": "assistant", "content": content, "citations": shape["citations"]}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        more = {"usage": _usage(answer.usage), "citations": shape["citations"], "chatbot": shape}
        return self._head("chat.completion") | {"choices": [choice]} | more

    def chunk(
        self, delta: dict[str, Any], *, finish_reason: str | None = None, **more: object
    ) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return encode(self._head("chat.completion.chunk") | {"choices": [choice]} | more)

    def usage(self, answer: Answer) -> bytes:
        more = {"choices": [], "usage": _usage(answer.usage)}
        return encode(self._head("chat.completion.chunk") | more)

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}


def _usage(usage: Usage) -> dict[str, int]:
    tokens_in, tokens_out = usage.tokens_in or 0, usage.tokens_out or 0
    total = tokens_in + tokens_out
    return {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": total}


@router.post("/v1/chat/completions", response_model=ChatCompletion, responses=gives_events())
async def complete(asked: CompletionRequest, bot: PersonsBot, request: Request) -> Response:
    """Answer as OpenAI's chat completions do: the last message is the question.

    The text has markers and, below a rule, the cited sentences as footnotes; `citations` has them
    as data, and `chatbot` the whole answer with its verdicts.
    """
    question = asked.asked()
    if asked.stream:
        events = events_of(question, bot, request.scope)
        chunks = _chunks(events, include_usage=asked.wants_usage)
        return await EventStream.begun(chunks, request.scope, last=DONE)
    return JSONResponse(_Writer().whole(await answer_to(question, bot, request)))


async def _chunks(
    events: AsyncGenerator[AnswerEvent], *, include_usage: bool
) -> AsyncGenerator[bytes]:
    writer = _Writer()
    begin = writer.chunk({"role": "assistant", "content": ""})
    async with aclosing(events):
        async for event in events:
            yield begin + b"".join(_of_event(event, writer, include_usage=include_usage))
            begin = b""


def _of_event(event: AnswerEvent, writer: _Writer, *, include_usage: bool) -> Iterator[bytes]:
    if isinstance(event, TextDelta):
        yield writer.chunk({"content": event.text})
    if isinstance(event, Restarted):
        # This protocol cannot take back what was sent, so it is said.
        said = f"\n\n[{event.reason} What stands above is void.]\n\n"
        yield writer.chunk({"content": said})
    if isinstance(event, Answer):
        shape = event.to_dict()
        if notes := footnotes(event):
            yield writer.chunk({"content": notes})
        cited = shape["citations"]
        yield writer.chunk({}, finish_reason="stop", citations=cited, chatbot=shape)
        if include_usage:
            yield writer.usage(event)


@router.get("/v1/models")
async def models() -> ModelList:
    """List the one model there is."""
    return ModelList(object="list", data=[_listed(MODEL)])


@router.get("/v1/models/{name}")
async def model(name: Annotated[str, Path(min_length=1, max_length=200)]) -> ListedModel:
    """Describe a model: by any name it is the same one."""
    return _listed(name)


def _listed(name: str) -> ListedModel:
    return ListedModel(id=name, object="model", created=0, owned_by="chatbot")
