"""``POST /v1/chat/completions`` and ``GET /v1/models``, as OpenAI's clients know them.

``documents`` in a request, ``citations`` and ``chatbot`` in what comes back are ours.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from chatbot.errors import QuestionError
from chatbot.server.asking import IncomingQuestion, answer_to, events_of
from chatbot.server.openapi import Responses, gives_events
from chatbot.server.problems import OpenAIError
from chatbot.server.schemas.requests import MAX_TURN, MAX_TURNS, Documents
from chatbot.server.sse import EventStream, encode
from chatbot.server.state import PersonsBot
from chatbot.types import Answer, AnswerEvent, Citation, Restarted, TextDelta, Turn, Usage

MODEL: Final = "chatbot"
"""The only model there is; any name is accepted for it."""
DONE: Final = b"data: [DONE]\n\n"
_WRONG: Responses = {
    status: {"model": OpenAIError} for status in (400, 401, 403, 404, 422, 429, 503)
}
router = APIRouter(tags=["OpenAI"], responses=_WRONG)
_RULE: Final = "\n\n---\n"
_LINE: Final = re.compile(r"\[\d+\] “.*” \(.*\)|Note: .*")
Text = Annotated[str, Field(max_length=MAX_TURN)]


class Part(BaseModel, extra="allow", strict=True):
    """A part of a message's content; only text can be read."""

    type: Annotated[str, Field(max_length=50)] = "text"
    text: Text | None = None


class Message(BaseModel, extra="ignore", strict=True):
    """One message. Those of the system are left out: the bot has a prompt of its own."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[Part], Field(max_length=100)] | None = None

    def text(self) -> str:
        """Return the text of the content."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        if any(part.type != "text" for part in self.content):
            raise QuestionError("A message may contain only text: no images, sound or files.")
        return "\n".join(part.text or "" for part in self.content)


class StreamOptions(BaseModel, extra="ignore", strict=True):
    """How a stream is to be."""

    include_usage: bool = False


class CompletionRequest(BaseModel, extra="ignore", strict=True):
    """A chat completion. What steers a model's sampling is accepted and has no effect."""

    model: str = Field(
        MODEL, max_length=200, description="Any name: there is one bot.", examples=[MODEL]
    )
    messages: list[Message] = Field(
        min_length=1,
        max_length=MAX_TURNS,
        examples=[[{"role": "user", "content": "When does the ferry leave?"}]],
    )
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(None, description="One answer is all there is.")
    documents: Documents = None

    def asked(self) -> IncomingQuestion:
        """Return the last message as the question, and those before it as its history."""
        *before, last = self.messages
        if last.role != "user":
            raise QuestionError("The last message must be the user's, since it is the question.")
        history = [turn for message in before if (turn := _turn(message))]
        return IncomingQuestion(question=last.text(), history=history, documents=self.documents)


def _turn(message: Message) -> Turn | None:
    if message.role == "user":
        return Turn(role="user", content=message.text())
    if message.role == "assistant":
        return Turn(role="assistant", content=without_footnotes(message.text()))
    return None


def footnotes(answer: Answer) -> str:
    """Return what stands below the answer's text: its citations and its notice, or ""."""
    lines = [_line(citation) for citation in answer.citations]
    if answer.notice:
        lines.append(f"Note: {_flat(answer.notice)}")
    return _RULE + "\n".join(lines) if lines else ""


def without_footnotes(text: str) -> str:
    """Return a text that a client sends back without the footnotes that it got."""
    body, rule, notes = text.rpartition(_RULE)
    if rule and all(_LINE.fullmatch(line) for line in notes.rstrip().splitlines()):
        return body
    return text


def _line(citation: Citation) -> str:
    place = [citation.title]
    if citation.page is not None:
        place.append(f"page {citation.page}")
    place.append(f"sentence {citation.sentence_index + 1}")
    return f"[{citation.marker}] “{_flat(citation.text)}” ({_flat(', '.join(place))})"


def _flat(text: str) -> str:
    return " ".join(text.split())


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
        options = asked.stream_options or StreamOptions()
        chunks = _chunks(events, include_usage=options.include_usage)
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
