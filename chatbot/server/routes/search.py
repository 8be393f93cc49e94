"""``GET /api/search``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from chatbot.bot.threads import in_thread
from chatbot.errors import QuestionError
from chatbot.server.responses import gives, problems
from chatbot.server.schemas.limits import MAX_NAME, MAX_QUESTION, MAX_RESULTS, DocumentId
from chatbot.server.schemas.shapes import FoundSentences
from chatbot.server.state import PersonsBot, State
from chatbot.types import RetrievedSentence
from chatbot.types.json_values import json_of

router = APIRouter(tags=["Answers"])


@router.get(
    "/api/search",
    response_class=JSONResponse,
    responses=gives(FoundSentences) | problems(404, 422, 429, 503),
)
async def search(
    bot: PersonsBot,
    state: State,
    query: Annotated[
        str, Query(min_length=1, max_length=MAX_QUESTION, examples=["vehicles for Ukraine"])
    ],
    limit: Annotated[int, Query(ge=1, le=MAX_RESULTS)] = 10,
    document: Annotated[list[DocumentId] | None, Query(max_length=100)] = None,
    collection: Annotated[str, Query(max_length=MAX_NAME)] = "",
) -> JSONResponse:
    """Find the sentences nearest to a query; `document` (repeatable) or `collection` say where."""
    if document is not None and collection:
        raise QuestionError("Send documents or a collection, not both.")

    def work() -> list[RetrievedSentence]:
        documents = bot.collection(collection) if collection else document
        return bot.search(query, limit=limit, documents=documents)

    async with state.slots.slot():
        found = await in_thread(work)
    return JSONResponse({"sentences": [json_of(sentence) for sentence in found]})
