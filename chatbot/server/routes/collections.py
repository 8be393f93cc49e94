"""``/api/collections``: named sets of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response

from chatbot.server.openapi import problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.requests import ChangeCollection, NewCollection, ShortId
from chatbot.server.state import PersonsBot
from chatbot.types import Collection

router = APIRouter(tags=["Collections"], responses=problems(404, 422, 429, 503))

OneCollection = Annotated[ShortId, Path()]


@router.get("/api/collections", response_model=shapes.CollectionRows)
def list_collections(bot: PersonsBot) -> dict[str, Sequence[Collection]]:
    """List your collections and everybody's, with those of their documents that you see."""
    return {"collections": bot.collections.list()}


@router.post("/api/collections", status_code=201, response_model=shapes.CollectionRow)
def create_collection(new: NewCollection, bot: PersonsBot) -> Collection:
    """Make a collection; name it in `POST /api/ask` to ask about its documents alone."""
    return bot.collections.create(new.name, new.documents)


@router.patch("/api/collections/{collection_id}", response_model=shapes.CollectionRow)
def change_collection(
    collection_id: OneCollection, change: ChangeCollection, bot: PersonsBot
) -> Collection:
    """Rename a collection, put documents into it, take documents out of it."""
    return bot.collections.change(
        collection_id, rename=change.name, put=change.put, take=change.take
    )


@router.delete("/api/collections/{collection_id}", status_code=204, response_class=Response)
def delete_collection(collection_id: OneCollection, bot: PersonsBot) -> None:
    """Delete a collection; its documents stay."""
    bot.collections.delete(collection_id)
