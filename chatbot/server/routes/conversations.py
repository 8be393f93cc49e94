"""``/api/conversations``: saved, with turns and feedback; read-only links, and what they open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from chatbot.errors import ConversationNotFound, NotAllowed
from chatbot.server.access.people import SHARED_PATH
from chatbot.server.openapi import problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.requests import MAX_NAME, NewLink, RateTurn, ShortId, StartConversation
from chatbot.server.state import PersonsBot, State
from chatbot.types import Conversation, SavedTurn, SharedLink

router = APIRouter(tags=["Conversations"], responses=problems(404, 422, 429, 503))
links = APIRouter(tags=["Links"], responses=problems(404, 422, 429, 503))

OneConversation = Annotated[ShortId, Path()]
OneTurn = Annotated[ShortId, Path()]
OneLink = Annotated[ShortId, Path()]
_SHARED_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow",
}


@router.get("/api/conversations", response_model=shapes.ConversationRows)
def list_conversations(
    bot: PersonsBot, query: Annotated[str, Query(max_length=MAX_NAME)] = ""
) -> dict[str, Sequence[Conversation]]:
    """List your conversations, newest first; `query` searches titles, questions and answers."""
    return {"conversations": bot.conversations.list(query)}


@router.post("/api/conversations", status_code=201)
def start_conversation(begun: StartConversation, bot: PersonsBot) -> Conversation:
    """Begin a conversation; name it in `POST /api/ask` to append to it."""
    return bot.conversations.start(begun.title)


@router.get("/api/conversations/{conversation_id}")
def read_conversation(conversation_id: OneConversation, bot: PersonsBot) -> Conversation:
    """Return one conversation, without its turns."""
    return bot.conversations.get(conversation_id)


@router.patch("/api/conversations/{conversation_id}")
def rename_conversation(
    conversation_id: OneConversation, renamed: StartConversation, bot: PersonsBot
) -> Conversation:
    """Give a conversation another title."""
    return bot.conversations.rename(conversation_id, renamed.title)


@router.delete("/api/conversations/{conversation_id}", status_code=204, response_class=Response)
def delete_conversation(conversation_id: OneConversation, bot: PersonsBot) -> None:
    """Delete a conversation with its turns."""
    bot.conversations.delete(conversation_id)


@router.get("/api/conversations/{conversation_id}/turns", response_model=shapes.Turns)
def read_turns(conversation_id: OneConversation, bot: PersonsBot) -> dict[str, Sequence[SavedTurn]]:
    """Return the turns of a conversation, oldest first, with their answers as they were given."""
    return {"turns": bot.conversations.turns(conversation_id)}


@router.put("/api/turns/{turn_id}/rating", status_code=204, response_class=Response)
def rate_turn(turn_id: OneTurn, rated: RateTurn, bot: PersonsBot) -> None:
    """Say whether an answer was good."""
    bot.conversations.rate(turn_id, rating=rated.rating, remark=rated.remark)


@links.post(
    "/api/conversations/{conversation_id}/links", status_code=201, response_model=shapes.MadeLink
)
def create_link(conversation_id: OneConversation, new: NewLink, bot: PersonsBot) -> dict[str, str]:
    """Make a link that shows a conversation, as it is now, to whoever has it; shown this once."""
    if not bot.settings.share_links:
        raise NotAllowed("Links are switched off here: CHATBOT_SHARE_LINKS=1 switches them on.")
    made = bot.links.create(conversation_id, days=new.days)
    return asdict(made) | {"path": SHARED_PATH + made.token}


@links.get("/api/conversations/{conversation_id}/links", response_model=shapes.LinkRows)
def list_links(
    conversation_id: OneConversation, bot: PersonsBot
) -> dict[str, Sequence[SharedLink]]:
    """List the links to a conversation that still work, without what opens them."""
    return {"links": bot.links.list(conversation_id)}


@links.delete("/api/links/{link_id}", status_code=204, response_class=Response)
def revoke_link(link_id: OneLink, bot: PersonsBot) -> None:
    """Take a link back; it opens nothing from now on."""
    bot.links.revoke(link_id)


@links.get(SHARED_PATH + "{token}", include_in_schema=False)
def shared_page(token: str, request: Request, state: State) -> Response:
    """Show a conversation to whoever has a link to it, known or not."""
    show = state.shared_page
    if show is None or not state.bot.settings.share_links:
        raise HTTPException(404)
    try:
        shared = state.bot.links.open(token)
    except ConversationNotFound:
        shared = None
    page = show(shared, request.headers.get("accept-language", ""))
    return Response(page, 200 if shared else 404, media_type="text/html", headers=_SHARED_HEADERS)
