"""``/api/ask``, ``/api/ask/stream``, ``/api/search`` and ``/api/check``."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.types import Scope

from chatbot import types
from chatbot.bot import Chatbot
from chatbot.errors import QuestionError
from chatbot.server.asking import IncomingQuestion, answer_to, events_of
from chatbot.server.openapi import ANSWER_RESPONSE, STREAM_RESPONSE, problems
from chatbot.server.schemas import requests, shapes
from chatbot.server.sse import EventStream, encode
from chatbot.server.state import PersonsBot, State
from chatbot.types.json_values import json_of

router = APIRouter(tags=["Answers"], responses=problems(404, 422, 429, 503))

_EVENTS: Final[dict[type[types.AnswerEvent], str]] = {
    types.ReadingPrompt: "reading",
    types.TextDelta: "delta",
    types.MarkerResolved: "marker",
    types.ClaimChecked: "verdict",
    types.Restarted: "restart",
    types.Answer: "answer",
}


def _understood(asked: requests.Ask, bot: PersonsBot) -> IncomingQuestion:
    """Return the question with the turns and the collection of its conversation."""
    if asked.conversation is not None and asked.history:
        raise QuestionError(
            "Send a history or a conversation, not both. The conversation is the history."
        )
    history = [types.Turn(role=turn.role, content=turn.content) for turn in asked.history]
    name = asked.collection
    if asked.conversation is not None:
        for turn in bot.conversations.turns(asked.conversation):
            history.append(types.Turn(role="user", content=turn.question))
            history.append(types.Turn(role="assistant", content=turn.answer.text))
        if name is None and asked.documents is None:
            name = bot.conversations.get(asked.conversation).collection
    return IncomingQuestion(
        question=asked.question,
        history=history,
        documents=_chosen(bot, asked.documents, name),
        collection=bot.collections.get(name).id if name else None,
        conversation=asked.conversation,
    )


def _chosen(
    bot: Chatbot, documents: Sequence[str] | None, collection: str | None
) -> Sequence[str] | None:
    if documents is not None and collection:
        raise QuestionError("Send documents or a collection, not both.")
    return bot.collection(collection) if collection else documents


Understood = Annotated[IncomingQuestion, Depends(_understood)]


@router.post("/api/ask", responses=ANSWER_RESPONSE)
async def ask(asked: Understood, bot: PersonsBot, request: Request) -> types.Answer:
    """Answer a question from the documents, or refuse.

    Every sentence of the answer is a claim with a verdict and with citations of exact sentences.
    """
    return await answer_to(asked, bot, request)


@router.post("/api/ask/stream", response_class=Response, responses=STREAM_RESPONSE)
async def stream(asked: Understood, bot: PersonsBot, request: Request) -> Response:
    """Answer a question as server-sent events.

    `reading` says how many tokens a model is given to read, before its first word. `delta` is a
    piece of the text, `marker` the citation that a marker points to, `verdict` a
    claim that is complete, and `answer`, last, the whole answer. After `restart` all before it is
    void: the model failed, and the answer begins again, quoting. `error` ends a stream that cannot
    go on. A client that goes away stops the model.
    """
    return await EventStream.begun(_encoded(asked, bot, request.scope), request.scope)


async def _encoded(asked: IncomingQuestion, bot: Chatbot, scope: Scope) -> AsyncGenerator[bytes]:
    async with aclosing(events_of(asked, bot, scope)) as events:
        async for event in events:
            yield encode(json_of(event), event=_EVENTS[type(event)])


@router.get("/api/search", response_model=shapes.FoundSentences)
async def search(
    bot: PersonsBot,
    state: State,
    query: Annotated[
        str, Query(min_length=1, max_length=requests.MAX_QUESTION, examples=["ferry pier"])
    ],
    limit: Annotated[int, Query(ge=1, le=requests.MAX_RESULTS)] = 10,
    document: Annotated[list[requests.DocumentId] | None, Query(max_length=100)] = None,
    collection: Annotated[str, Query(max_length=requests.MAX_NAME)] = "",
) -> dict[str, list[types.RetrievedSentence]]:
    """Find the sentences nearest to a query; `document` (repeatable) or `collection` say where."""

    def work() -> list[types.RetrievedSentence]:
        documents = _chosen(bot, document, collection)
        return bot.search(query, limit=limit, documents=documents)

    return {"sentences": await state.run(work)}


@router.post("/api/check")
async def check(asked: requests.CheckRequest, bot: PersonsBot, state: State) -> types.Check:
    """Check every claim of anybody's text against sources; the documents are not looked at."""
    return await state.run(lambda: bot.check(asked.text, asked.sources, question=asked.question))
