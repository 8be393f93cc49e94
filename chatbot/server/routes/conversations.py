"""``/api/conversations``: saved conversations with their turns and their feedback."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from chatbot.bot.threads import in_thread
from chatbot.server.responses import problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.limits import MAX_NAME, ShortId
from chatbot.server.schemas.requests import RateTurn, StartConversation
from chatbot.server.state import PersonsBot
from chatbot.types import Conversation
from chatbot.types.json_values import json_of

router = APIRouter(tags=["Conversations"], responses=problems(404, 422, 429, 503))

OneConversation = Annotated[ShortId, Path()]
OneTurn = Annotated[ShortId, Path()]


@router.get("/api/conversations", response_model=shapes.ConversationRows)
async def list_conversations(
    bot: PersonsBot, query: Annotated[str, Query(max_length=MAX_NAME)] = ""
) -> JSONResponse:
    """List your conversations, newest first; `query` searches titles, questions and answers."""
    found = await in_thread(lambda: bot.conversations.list(query))
    return JSONResponse({"conversations": [json_of(one) for one in found]})


@router.post("/api/conversations", status_code=201, response_model=Conversation)
async def start_conversation(begun: StartConversation, bot: PersonsBot) -> JSONResponse:
    """Begin a conversation; name it in `POST /api/ask` to append to it."""
    made = await in_thread(lambda: bot.conversations.start(begun.title))
    return JSONResponse(json_of(made), status_code=201)


@router.get("/api/conversations/{conversation_id}", response_model=Conversation)
async def read_conversation(conversation_id: OneConversation, bot: PersonsBot) -> JSONResponse:
    """Return one conversation, without its turns."""
    found = await in_thread(lambda: bot.conversations.get(conversation_id))
    return JSONResponse(json_of(found))


@router.patch("/api/conversations/{conversation_id}", response_model=Conversation)
async def rename_conversation(
    conversation_id: OneConversation, renamed: StartConversation, bot: PersonsBot
) -> JSONResponse:
    """Give a conversation another title."""
    found = await in_thread(lambda: bot.conversations.rename(conversation_id, renamed.title))
    return JSONResponse(json_of(found))


@router.delete("/api/conversations/{conversation_id}", status_code=204, response_class=Response)
async def delete_conversation(conversation_id: OneConversation, bot: PersonsBot) -> Response:
    """Delete a conversation with its turns."""
    await in_thread(lambda: bot.conversations.delete(conversation_id))
    return Response(status_code=204)


@router.get("/api/conversations/{conversation_id}/turns", response_model=shapes.Turns)
async def read_turns(conversation_id: OneConversation, bot: PersonsBot) -> JSONResponse:
    """Return the turns of a conversation, oldest first, with their answers as they were given."""
    turns = await in_thread(lambda: bot.conversations.turns(conversation_id))
    return JSONResponse({"turns": [json_of(turn) for turn in turns]})


@router.put("/api/turns/{turn_id}/rating", status_code=204, response_class=Response)
async def rate_turn(turn_id: OneTurn, rated: RateTurn, bot: PersonsBot) -> Response:
    """Say whether an answer was good."""
    await in_thread(
        lambda: bot.conversations.rate(turn_id, rating=rated.rating, remark=rated.remark)
    )
    return Response(status_code=204)
