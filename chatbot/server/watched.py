"""The outermost middleware: headers, an id, a log line, numbers and a span for each request.

It is also the edge of the server: an error that no route has turned into a problem becomes one
here, with an id and without a traceback. Plain ASGI, so that streams are not held back.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final

from fastapi import FastAPI
from opentelemetry.trace import Span
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.errors import ChatbotError, known_errors
from chatbot.server.access import LINK_OWNER, OWNER, TOKEN_OWNER
from chatbot.server.problems import request_id, response_to
from chatbot.server.state import state_of
from chatbot.server.watching import Metrics, tell

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio starts its page with inline scripts and compiles its templates.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
"""Whatever a document or a model writes, nothing is loaded from, or sent to, anywhere else."""
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Sent with every response."""
GONE: Final = 499
"""The status of a request whose client went away before anything was sent."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watched:
    """Tells of every request, gives its response the headers, and lets no unknown error out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell of it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours, tracing, began = scope["app"], state_of(scope).tracing, time.perf_counter()
        status = GONE

        async def send_watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                more = HEADERS | {"X-Request-ID": request_id(scope)}
                MutableHeaders(scope=message).update(more)
            await send(message)

        with tracing.request() as span:
            try:
                with known_errors(), suppress(ClientDisconnect):
                    await self._app(scope, receive, send_watched)
            except ChatbotError as error:
                if status != GONE:
                    raise  # half a response is out: all that is left is to break it off
                await response_to(error, scope)(scope, receive, send_watched)
            finally:
                _tell(scope, ours, span, status=status, seconds=time.perf_counter() - began)


def _tell(scope: Scope, ours: FastAPI, span: Span, *, status: int, seconds: float) -> None:
    # A label must not be anybody's to make up.
    method = scope["method"] if scope["method"] in METHODS else "other"
    route = str(getattr(scope.get("route"), "path", "none")) if scope["app"] is ours else "page"
    span.update_name(f"{method} {route}")
    span.set_attribute("http.response.status_code", status)
    metrics: Metrics = ours.state.chatbot.metrics
    metrics.requests.labels(method, route, str(status)).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    tell(
        scope,
        failed=status >= 500,
        id=request_id(scope),
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        who=_who(scope.get(OWNER, "")),
    )


def _who(owner: str | None) -> str:
    if owner is None:
        return "operator"
    if owner.startswith(TOKEN_OWNER):
        return owner
    if owner == LINK_OWNER:
        return "link"
    return "browser" if owner else "local"
