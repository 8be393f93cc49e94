"""One answer on its way through the server: a slot, the events, and an end when the client goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from chatbot.bot import Chatbot
from chatbot.bot.threads import in_thread
from chatbot.server.state import state_of
from chatbot.server.watching import note
from chatbot.types import Answer, AnswerEvent, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingQuestion:
    """A question as it came in."""

    question: str
    history: Sequence[Turn] = ()
    documents: Sequence[str] | None = None
    collection: str | None = None
    """Id of the collection that the documents are those of, if they are."""
    conversation: str | None = None
    """Id of the saved conversation that the turn is appended to."""


async def events_of(
    asked: IncomingQuestion, bot: Chatbot, scope: Scope
) -> AsyncGenerator[AnswerEvent]:
    """Yield the events of an answer, the Answer last. Closing it stops the model call."""
    async with state_of(scope).slots.slot():
        note(scope, question=asked.question)
        stream = bot.astream(asked.question, history=asked.history, documents=asked.documents)
        async with aclosing(stream):
            async for event in stream:
                if isinstance(event, Answer):
                    await _keep(asked, event, bot)
                    _note(event, scope)
                yield event


async def whole_answer(asked: IncomingQuestion, bot: Chatbot, scope: Scope) -> Answer:
    """Return the Answer, whether or not the client still waits."""
    async with aclosing(events_of(asked, bot, scope)) as events:
        *_, answer = [event async for event in events]
    assert isinstance(answer, Answer)
    return answer


async def answer_to(asked: IncomingQuestion, bot: Chatbot, request: Request) -> Answer:
    """Return the Answer.

    Raises:
        ClientDisconnect: the client hung up; what it asked for was stopped.
    """
    working = asyncio.ensure_future(whole_answer(asked, bot, request.scope))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
            raise ClientDisconnect
        return working.result()
    finally:
        gone.cancel()
        working.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _keep(asked: IncomingQuestion, answer: Answer, bot: Chatbot) -> None:
    if asked.conversation is not None:
        append = partial(
            bot.conversations.append,
            asked.conversation,
            question=asked.question,
            answer=answer,
            documents=asked.documents,
            collection=asked.collection,
        )
        await in_thread(append)


def _note(answer: Answer, scope: Scope) -> None:
    usage = answer.usage
    note(
        scope,
        mode=answer.mode,
        refused=answer.refused,
        claims=len(answer.claims),
        citations=len(answer.citations),
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        seconds=usage.seconds,
    )
