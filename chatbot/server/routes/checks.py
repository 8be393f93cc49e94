"""``POST /api/check``."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from chatbot.bot.threads import in_thread
from chatbot.server.responses import gives, problems
from chatbot.server.schemas.asking import CheckRequest
from chatbot.server.state import PersonsBot, State
from chatbot.types import Check

router = APIRouter(tags=["Answers"])


@router.post(
    "/api/check",
    response_class=JSONResponse,
    responses=gives(Check) | problems(422, 429, 503),
)
async def check(asked: CheckRequest, bot: PersonsBot, state: State) -> JSONResponse:
    """Check every claim of anybody's text against sources; the documents are not looked at."""
    async with state.slots.slot():
        result = await in_thread(
            lambda: bot.check(asked.text, asked.sources, question=asked.question)
        )
    return JSONResponse(result.to_dict())
