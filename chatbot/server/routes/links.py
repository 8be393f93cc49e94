"""Read-only links to conversations: made, listed and taken back; and the page that they open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chatbot.bot.threads import in_thread
from chatbot.errors import ConversationNotFound, NotAllowed
from chatbot.server.access.people import SHARED_PATH
from chatbot.server.responses import problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.limits import ShortId
from chatbot.server.schemas.requests import NewLink
from chatbot.server.state import PersonsBot, State
from chatbot.types import SharedLink

router = APIRouter(tags=["Links"], responses=problems(404, 422, 429, 503))

OneConversation = Annotated[ShortId, Path()]
OneLink = Annotated[ShortId, Path()]
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow",
}


@router.post(
    "/api/conversations/{conversation_id}/links", status_code=201, response_model=shapes.MadeLink
)
async def create_link(conversation_id: OneConversation, new: NewLink, bot: PersonsBot) -> Response:
    """Make a link that shows a conversation, as it is now, to whoever has it; shown this once."""
    if not bot.settings.share_links:
        raise NotAllowed("Links are switched off here: CHATBOT_SHARE_LINKS=1 switches them on.")
    made = await in_thread(lambda: bot.links.create(conversation_id, days=new.days))
    path = f"{SHARED_PATH}{made.token}"
    row = shapes.row(shapes.LinkRow, made) | {"token": made.token, "path": path}
    return JSONResponse(row, status_code=201)


@router.get("/api/conversations/{conversation_id}/links", response_model=shapes.LinkRows)
async def list_links(
    conversation_id: OneConversation, bot: PersonsBot
) -> dict[str, Sequence[SharedLink]]:
    """List the links to a conversation that still work, without what opens them."""
    return {"links": await in_thread(lambda: bot.links.list(conversation_id))}


@router.delete("/api/links/{link_id}", status_code=204, response_class=Response)
async def revoke_link(link_id: OneLink, bot: PersonsBot) -> None:
    """Take a link back; it opens nothing from now on."""
    await in_thread(lambda: bot.links.revoke(link_id))


@router.get(SHARED_PATH + "{token}", include_in_schema=False)
async def shared_page(token: str, request: Request, state: State) -> Response:
    """Show a conversation to whoever has a link to it, known or not."""
    show = state.shared_page
    if show is None or not state.bot.settings.share_links:
        raise HTTPException(404)
    try:
        shared = await in_thread(lambda: state.bot.links.open(token))
    except ConversationNotFound:
        shared = None
    page = show(shared, request.headers.get("accept-language", ""))
    return Response(page, 200 if shared else 404, media_type="text/html", headers=_HEADERS)
