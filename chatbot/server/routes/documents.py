"""``/api/documents``: list, add, show pages, remove."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Response, UploadFile
from pydantic import Field

from chatbot import types
from chatbot.bot.threads import in_thread
from chatbot.documents import MAX_PAGES
from chatbot.errors import UnreadableFile
from chatbot.server.openapi import gives, problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.requests import MAX_NAME, AddAddress, AddText, DocumentId
from chatbot.server.state import PersonsBot, State

router = APIRouter(tags=["Documents"], responses=problems(404, 413, 415, 422, 429, 503))

MAX_BOXES = 100
"""Sentences whose places are asked for at once."""
OneDocument = Annotated[DocumentId, Path()]
SentenceIndex = Annotated[int, Field(ge=0, le=10_000_000)]


@router.get("/api/documents", response_model=shapes.DocumentRows)
def list_documents(
    bot: PersonsBot,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, object]:
    """List the documents that you see, oldest first, without their texts."""
    documents = bot.documents()
    return {"documents": documents[offset : offset + limit], "total": len(documents)}


@router.get("/api/documents/{document_id}/guide")
async def read_guide(document_id: OneDocument, bot: PersonsBot) -> types.Guide:
    """Tell what a document is about, what it names, and questions that it answers."""
    return await in_thread(lambda: bot.guides.of(document_id))


@router.post("/api/documents", status_code=201, response_model=shapes.Added)
async def add_text(text: AddText, bot: PersonsBot, state: State) -> types.IngestReport:
    """Add a text; the same again changes nothing, another one of the same name replaces it."""
    return await state.run(lambda: bot.add_text(text.text, title=text.title, source=text.source))


@router.post("/api/files", status_code=201, response_model=shapes.Added)
async def add_file(
    file: UploadFile, bot: PersonsBot, state: State, name: Annotated[str, Form()] = ""
) -> types.IngestReport:
    """Add a file of a supported kind, 10 MB at most, sent as a form with a field `file`.

    The suffix of its name says how it is read. A field `name` names it with the folders it lies in.
    """
    whole = name or (file.filename or "").replace("\\", "/").rpartition("/")[2]
    parts = whole.replace("\\", "/").split("/")
    name = "/".join(part for part in parts if part not in ("", ".", ".."))
    if not name or len(name) > MAX_NAME:
        raise UnreadableFile(f"The file needs a name of at most {MAX_NAME} characters.")
    data = await file.read()
    return await state.run(lambda: bot.add_bytes(data, name=name))


@router.post("/api/addresses", status_code=201, response_model=shapes.Added)
async def add_address(sent: AddAddress, bot: PersonsBot, state: State) -> types.IngestReport:
    """Fetch a web address and add what stands there, where `CHATBOT_ALLOW_URLS=1` permits it."""
    return await state.run(lambda: bot.add_address(sent.address))


@router.post("/api/addresses/refresh", response_model=shapes.Added)
async def refresh(bot: PersonsBot, state: State) -> types.IngestReport:
    """Fetch all the web addresses again that you have added."""
    return await state.run(bot.refresh)


@router.get("/api/documents/{document_id}", response_model=shapes.WholeDocument)
def read_document(document_id: OneDocument, bot: PersonsBot) -> dict[str, object]:
    """Return a document with its text and its sentences."""
    document, sentences = bot.document(document_id), bot.sentences(document_id)
    return asdict(document) | {"shared": document.shared, "sentences": sentences}


@router.get("/api/documents/{document_id}/pages", response_model=shapes.PageSizes)
async def list_pages(
    document_id: OneDocument, bot: PersonsBot, state: State
) -> dict[str, list[types.PageSize]]:
    """Return how large the pages of a document are: of a PDF file or a picture, else 404."""
    return {"pages": await state.run(lambda: bot.pages.sizes(document_id))}


@router.get(
    "/api/documents/{document_id}/pages/{page}",
    response_class=Response,
    responses=gives("image/webp", format="binary"),
)
async def show_page(
    document_id: OneDocument,
    page: Annotated[int, Path(ge=1, le=MAX_PAGES)],
    bot: PersonsBot,
    state: State,
    width: Annotated[int, Query(ge=1, le=4096)] = 1024,
) -> Response:
    """Return a page as it looks, about so many pixels wide."""
    picture = await state.run(lambda: bot.pages.picture(document_id, page, width=width))
    # Whoever may not see the document any more must not see it from the cache of the browser.
    headers = {"Cache-Control": "private, max-age=300"}
    return Response(picture, media_type="image/webp", headers=headers)


@router.get("/api/documents/{document_id}/boxes", response_model=shapes.Boxes)
async def find_boxes(
    document_id: OneDocument,
    sentence: Annotated[list[SentenceIndex], Query(min_length=1, max_length=MAX_BOXES)],
    bot: PersonsBot,
    state: State,
) -> dict[str, list[list[types.PageBox]]]:
    """Return where sentences stand on their pages, as parts of the page's width and height."""
    return {"sentences": await state.run(lambda: bot.pages.boxes(document_id, sentence))}


@router.delete("/api/documents/{document_id}", status_code=204, response_class=Response)
def remove_document(document_id: OneDocument, bot: PersonsBot) -> None:
    """Remove a document from your sight; it goes for good when nobody else has it."""
    bot.remove(document_id)
