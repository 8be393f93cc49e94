"""``/api/documents``: list, add, read, remove."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, UploadFile
from fastapi.responses import JSONResponse

from chatbot.bot.threads import in_thread
from chatbot.errors import UnreadableFile
from chatbot.server.routes.responses import gives, problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.limits import MAX_NAME, DocumentId
from chatbot.server.schemas.requests import AddText
from chatbot.server.state import PersonsBot, State
from chatbot.types.plain import plain

router = APIRouter(tags=["Documents"])

OneDocument = Annotated[DocumentId, Path()]


@router.get(
    "/api/documents",
    response_class=JSONResponse,
    responses=gives(shapes.DocumentRows) | problems(422, 429, 503),
)
async def list_documents(
    bot: PersonsBot,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JSONResponse:
    """List the documents that you see, oldest first, without their texts."""
    documents = await in_thread(bot.documents)
    rows = [shapes.document_row(one) for one in documents[offset : offset + limit]]
    return JSONResponse({"documents": rows, "total": len(documents)})


@router.post(
    "/api/documents",
    status_code=201,
    response_class=JSONResponse,
    responses=gives(shapes.Added, status=201) | problems(413, 422, 429, 503),
)
async def add_text(text: AddText, bot: PersonsBot, state: State) -> JSONResponse:
    """Add a text; the same again changes nothing, another one of the same name replaces it."""
    async with state.slots.slot():
        report = await in_thread(
            lambda: bot.add_text(text.text, title=text.title, source=text.source)
        )
    return JSONResponse(shapes.added(report), status_code=201)


@router.post(
    "/api/files",
    status_code=201,
    response_class=JSONResponse,
    responses=gives(shapes.Added, status=201) | problems(413, 415, 422, 429, 503),
)
async def add_file(file: UploadFile, bot: PersonsBot, state: State) -> JSONResponse:
    """Add a file of a supported kind, 10 MB at most, sent as a form with a field `file`.

    The suffix of its name says how it is read.
    """
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    if not name or len(name) > MAX_NAME:
        raise UnreadableFile(f"The file needs a name of at most {MAX_NAME} characters.")
    data = await file.read()
    async with state.slots.slot():
        report = await in_thread(lambda: bot.add_bytes(data, name=name))
    return JSONResponse(shapes.added(report), status_code=201)


@router.get(
    "/api/documents/{document_id}",
    response_class=JSONResponse,
    responses=gives(shapes.WholeDocument) | problems(404, 422, 429, 503),
)
async def read_document(document_id: OneDocument, bot: PersonsBot) -> JSONResponse:
    """Return a document with its text and its sentences."""
    document = await in_thread(lambda: bot.document(document_id))
    sentences = await in_thread(lambda: bot.sentences(document_id))
    more = {"text": document.text, "sentences": [plain(asdict(one)) for one in sentences]}
    return JSONResponse(shapes.document_row(document) | more)


@router.delete(
    "/api/documents/{document_id}",
    status_code=204,
    response_class=Response,
    responses=problems(404, 422, 429, 503),
)
async def remove_document(document_id: OneDocument, bot: PersonsBot) -> Response:
    """Remove a document from your sight; it goes for good when nobody else has it."""
    await in_thread(lambda: bot.remove(document_id))
    return Response(status_code=204)
