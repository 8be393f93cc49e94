"""The FastAPI application: health and the guards. Surfaces are mounted on it, the page last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import JSONResponse

import chatbot
from chatbot.errors import StoreError
from chatbot.server.guards import BodyLimit, LocalOnly, SecurityHeaders
from chatbot.server.hosts import is_loopback
from chatbot.server.people import People, load_key

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

MAX_BODY_BYTES = 11 * 1024 * 1024
"""A 10 MB file, with the form around it."""


def create_app(bot: Chatbot, *, host: str | None = None) -> FastAPI:
    """Return the application that answers ``GET /healthz``, behind the guards.

    The pages of an API documentation are off: FastAPI's load their assets from elsewhere.

    Args:
        bot: what is asked whether the store can be read.
        host: what the server will be bound to (default: as in the settings). On a loopback
            address only this machine's own names are accepted.
    """
    app = FastAPI(title="chatbot", version=chatbot.__version__, docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        try:
            bot.documents()
        except StoreError as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ok", "mode": bot.mode, "version": chatbot.__version__})

    # The last one added is the outermost: every refusal carries the headers too.
    app.add_middleware(People, key=load_key(bot.settings.data_dir))
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES)
    if is_loopback(host or bot.settings.host):
        app.add_middleware(LocalOnly)
    app.add_middleware(SecurityHeaders)
    return app
