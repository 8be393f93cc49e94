"""``POST /v1/chat/completions`` and ``GET /v1/models``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from chatbot.errors import ChatbotError
from chatbot.server.asking import CLIENT_GONE, ClientGone, answer_to, events_of, primed
from chatbot.server.openai_compat.footnotes import footnotes
from chatbot.server.openai_compat.messages import CompletionRequest
from chatbot.server.openai_compat.shapes import (
    MODEL,
    ChatCompletion,
    CompletionWriter,
    ListedModel,
    ModelList,
)
from chatbot.server.problems import OpenAIError, openai_error, status_of
from chatbot.server.responses import Responses, gives_events
from chatbot.server.sse import EventStream, encode
from chatbot.server.state import PersonsBot
from chatbot.types import Answer, AnswerEvent, Restarted, TextDelta

_WRONG: Responses = {
    status: {"model": OpenAIError} for status in (400, 401, 403, 404, 422, 429, 503)
}
router = APIRouter(tags=["OpenAI"], responses=_WRONG)

DONE = b"data: [DONE]\n\n"


@router.post("/v1/chat/completions", response_model=ChatCompletion, responses=gives_events())
async def complete(asked: CompletionRequest, bot: PersonsBot, request: Request) -> Response:
    """Answer as OpenAI's chat completions do: the last message is the question.

    The text has markers and, below a rule, the cited sentences as footnotes; `citations` has them
    as data, and `chatbot` the whole answer with its verdicts.
    """
    question = asked.asked()
    if asked.stream:
        events = await primed(events_of(question, bot, request.scope))
        return EventStream(_chunks(events, include_usage=asked.wants_usage))
    try:
        return JSONResponse(CompletionWriter().whole(await answer_to(question, bot, request)))
    except ClientGone:
        return Response(status_code=CLIENT_GONE)


async def _chunks(
    events: AsyncGenerator[AnswerEvent], *, include_usage: bool
) -> AsyncGenerator[bytes]:
    writer = CompletionWriter()
    yield encode(writer.chunk({"role": "assistant", "content": ""}))
    try:
        async with aclosing(events):
            async for event in events:
                for chunk in _of_event(event, writer, include_usage=include_usage):
                    yield chunk
    except ChatbotError as error:
        kind = type(error).__name__.removesuffix("Error")
        yield encode(openai_error(status_of(error), kind, str(error)))
    yield DONE


def _of_event(event: AnswerEvent, writer: CompletionWriter, *, include_usage: bool) -> list[bytes]:
    if isinstance(event, TextDelta):
        return [encode(writer.chunk({"content": event.text}))]
    if isinstance(event, Restarted):
        # This protocol cannot take back what was sent, so it is said.
        said = f"\n\n[{event.reason} What stands above is void.]\n\n"
        return [encode(writer.chunk({"content": said}))]
    if not isinstance(event, Answer):
        return []
    shape = event.to_dict()
    chunks = []
    if notes := footnotes(event):
        chunks.append(encode(writer.chunk({"content": notes})))
    last = writer.chunk({}, finish_reason="stop", citations=shape["citations"], chatbot=shape)
    chunks.append(encode(last))
    if include_usage:
        chunks.append(encode(writer.usage(event)))
    return chunks


@router.get("/v1/models", response_model=ModelList)
async def models() -> JSONResponse:
    """List the one model there is."""
    return JSONResponse({"object": "list", "data": [_model(MODEL)]})


@router.get("/v1/models/{name}", response_model=ListedModel)
async def model(name: Annotated[str, Path(min_length=1, max_length=200)]) -> JSONResponse:
    """Describe a model: by any name it is the same one."""
    return JSONResponse(_model(name))


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "chatbot"}
