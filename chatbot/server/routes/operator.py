"""``/api/tokens`` and ``/api/paths``: what the command line does through the server.

For the operator only, who shows the key that lies in the data directory.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from chatbot.bot import Chatbot
from chatbot.bot.threads import in_thread
from chatbot.errors import ServerBusy
from chatbot.ingest import joined
from chatbot.server.openapi import gives_events, problems
from chatbot.server.schemas import shapes
from chatbot.server.schemas.requests import MAX_NAME, AddPaths, Name, Sent
from chatbot.server.sse import EventStream, encode
from chatbot.server.state import OperatorsBot, Slots, State
from chatbot.types import IngestProgress, IngestReport, TokenRow
from chatbot.types.json_values import json_of

router = APIRouter(tags=["Operator"], responses=problems(422, 429, 503))


class NewToken(Sent):
    """The name of a token to make."""

    name: Name


class MadeToken(BaseModel):
    """A token, shown this once."""

    name: str
    token: str


class TokenRows(BaseModel):
    """The tokens, oldest first, without themselves."""

    tokens: list[TokenRow]


@router.get("/api/tokens", response_model=TokenRows)
def list_tokens(bot: OperatorsBot) -> dict[str, list[TokenRow]]:
    """List the names of the tokens."""
    return {"tokens": bot.tokens.list()}


@router.post("/api/tokens", status_code=201)
def create_token(made: NewToken, bot: OperatorsBot) -> MadeToken:
    """Make a token; it is shown this once."""
    token = bot.tokens.create(made.name)
    return MadeToken(name=made.name, token=token)


@router.delete("/api/tokens/{name}", status_code=204, response_class=Response)
def revoke_token(
    name: Annotated[str, Path(min_length=1, max_length=MAX_NAME)], bot: OperatorsBot
) -> None:
    """Revoke a token; what was logged in with it is logged out."""
    bot.tokens.revoke(name)


@router.post(
    "/api/paths", response_class=Response, responses=gives_events("progress", "report", "error")
)
async def add_paths(files: AddPaths, bot: OperatorsBot, state: State, request: Request) -> Response:
    """Add files and folders of the server's machine, or keep in step: `progress`, and `report`."""
    return EventStream(_adding(bot, files, state.slots), request.scope)


async def _adding(bot: Chatbot, files: AddPaths, slots: Slots) -> AsyncGenerator[bytes]:
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[IngestProgress | None] = asyncio.Queue()
    hung_up = threading.Event()

    def tell(step: IngestProgress) -> None:
        # Raised here it ends the work at the next file; what was added until then stays.
        if slots.closed or hung_up.is_set():
            raise ServerBusy(
                "Adding was stopped before the end. What was added stays; add the rest again."
            )
        loop.call_soon_threadsafe(steps.put_nowait, step)

    def over(work: asyncio.Future[IngestReport]) -> None:
        if not work.cancelled():
            work.exception()  # looked at, also where nobody waits for it any more
        steps.put_nowait(None)

    def add() -> IngestReport:
        if files.sync:
            return joined([bot.sync(path, progress=tell) for path in files.paths])
        return bot.add(*files.paths, progress=tell)

    work = asyncio.ensure_future(in_thread(add))
    work.add_done_callback(over)
    try:
        while (step := await steps.get()) is not None:
            yield encode(json_of(step), event="progress")
        yield encode(shapes.row(shapes.Added, work.result()), event="report")
    finally:
        hung_up.set()
