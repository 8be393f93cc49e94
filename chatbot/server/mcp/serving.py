"""The tools over HTTP as a route of the application, and over standard input."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings

from chatbot.bot import Chatbot
from chatbot.server.app import MAX_BODY_BYTES
from chatbot.server.mcp.callers import AddText, HttpCaller, LocalCaller
from chatbot.server.mcp.tools import build
from chatbot.server.state import ServerState

PATH = "/mcp"


def add_mcp(app: FastAPI) -> None:
    """Let the application answer at ``/mcp`` too. Call it before the page is mounted.

    No session is kept between two calls, and each is answered with plain JSON: any number of
    clients costs nothing while they are silent.
    """
    state: ServerState = app.state.chatbot
    server = build(HttpCaller(state))
    # Host and Origin are looked at by our own guards, which know what the server is bound to.
    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=unguarded,
    )
    app.router.routes.extend(inner.routes)
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        async with outer(running), server.session_manager.run():
            yield

    app.router.lifespan_context = lifespan


def serve_stdio(bot: Chatbot, *, add_text: AddText) -> None:
    """Answer on standard input and output until the client closes it."""
    build(LocalCaller(bot, add_text)).run("stdio")
