"""``/api/conversations``: saved conversations with their turns and their feedback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from chatbot.bot.threads import in_thread
from chatbot.server.responses import problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.limits import MAX_NAME, ShortId
from chatbot.server.schemas.requests import RateTurn, StartConversation
from chatbot.server.state import PersonsBot
from chatbot.types import Conversation, SavedTurn

router = APIRouter(tags=["Conversations"], responses=problems(404, 422, 429, 503))

OneConversation = Annotated[ShortId, Path()]
OneTurn = Annotated[ShortId, Path()]


@router.get("/api/conversations", response_model=shapes.ConversationRows)
async def list_conversations(
    bot: PersonsBot, query: Annotated[str, Query(max_length=MAX_NAME)] = ""
) -> dict[str, Sequence[Conversation]]:
    """List your conversations, newest first; `query` searches titles, questions and answers."""
    return {"conversations": await in_thread(lambda: bot.conversations.list(query))}


@router.post("/api/conversations", status_code=201)
async def start_conversation(begun: StartConversation, bot: PersonsBot) -> Conversation:
    """Begin a conversation; name it in `POST /api/ask` to append to it."""
    return await in_thread(lambda: bot.conversations.start(begun.title))


@router.get("/api/conversations/{conversation_id}")
async def read_conversation(conversation_id: OneConversation, bot: PersonsBot) -> Conversation:
    """Return one conversation, without its turns."""
    return await in_thread(lambda: bot.conversations.get(conversation_id))


@router.patch("/api/conversations/{conversation_id}")
async def rename_conversation(
    conversation_id: OneConversation, renamed: StartConversation, bot: PersonsBot
) -> Conversation:
    """Give a conversation another title."""
    return await in_thread(lambda: bot.conversations.rename(conversation_id, renamed.title))


@router.delete("/api/conversations/{conversation_id}", status_code=204, response_class=Response)
async def delete_conversation(conversation_id: OneConversation, bot: PersonsBot) -> None:
    """Delete a conversation with its turns."""
    await in_thread(lambda: bot.conversations.delete(conversation_id))


@router.get("/api/conversations/{conversation_id}/turns", response_model=shapes.Turns)
async def read_turns(
    conversation_id: OneConversation, bot: PersonsBot
) -> dict[str, Sequence[SavedTurn]]:
    """Return the turns of a conversation, oldest first, with their answers as they were given."""
    return {"turns": await in_thread(lambda: bot.conversations.turns(conversation_id))}


@router.put("/api/turns/{turn_id}/rating", status_code=204, response_class=Response)
async def rate_turn(turn_id: OneTurn, rated: RateTurn, bot: PersonsBot) -> None:
    """Say whether an answer was good."""
    await in_thread(
        lambda: bot.conversations.rate(turn_id, rating=rated.rating, remark=rated.remark)
    )
