"""``GET /healthz``, ``/readyz`` and ``/metrics``: for whoever watches the server."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chatbot.errors import StoreError
from chatbot.server.openapi import gives, problems
from chatbot.server.schemas.shapes import Alive, ModelState
from chatbot.server.state import State
from chatbot.version import __version__

router = APIRouter(tags=["Server"])


@router.get("/healthz", response_model=Alive)
async def healthz() -> JSONResponse:
    """Say that the process lives.

    It stays `ok` while the store cannot be read: a restart helps a process that does not answer.
    """
    return JSONResponse({"status": "ok", "version": __version__})


@router.get("/readyz", response_model=Alive, responses={503: {"model": Alive}})
def readyz(state: State) -> JSONResponse:
    """Say whether questions can be answered now: the store is read, the server is not stopping."""
    told = {"status": "ok", "mode": state.bot.mode, "version": __version__}
    try:
        state.bot.sentence_count()
    except StoreError:
        told |= {"status": "unavailable", "reason": "The store cannot be read."}
    if state.slots.closed:
        told |= {"status": "unavailable", "reason": "The server is stopping."}
    return JSONResponse(told, status_code=200 if told["status"] == "ok" else 503)


@router.get("/api/model", responses=problems())
async def model(state: State) -> ModelState:
    """Say in one line whether the model that answers is fit, as found when the server started.

    The line is null until it is known, and where the model is not `examined`.
    """
    known = state.examination
    line = known.line if known else None
    return ModelState(mode=state.bot.mode, examined=known is not None, line=line)


@router.get("/metrics", response_class=Response, responses=gives("text/plain") | problems())
def metrics(state: State) -> Response:
    """Return the server's numbers for Prometheus. Off this machine it needs a token."""
    return Response(generate_latest(state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
