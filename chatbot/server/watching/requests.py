"""The outermost middleware: an id, a log line, numbers and a span for each request.

It is also the edge of the server: an error that no route has turned into a problem becomes one
here, with an id and without a traceback. Plain ASGI, so that streams are not held back.
"""

from __future__ import annotations

import time
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.errors import ChatbotError, known_errors
from chatbot.server.access.limits import LINK_OWNER, TOKEN_OWNER
from chatbot.server.owner import OWNER
from chatbot.server.problems import request_id, response_to
from chatbot.server.watching import logs
from chatbot.server.watching.metrics import Metrics
from chatbot.server.watching.tracing import Tracing

GONE: Final = 499
"""The status of a request whose client went away before anything was sent."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watched:
    """Tells of every request, and lets no unknown error out."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, tracing: Tracing) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell of it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        ours = scope["app"]
        watch = _Watch(scope, send)
        with self._tracing.request() as name_request:
            try:
                await self._answer(scope, receive, watch)
            finally:
                route = _route(scope, ours)
                status = {"http.response.status_code": watch.status}
                name_request(f"{_method(scope)} {route}", status)
                self._tell(scope, route, watch.status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, watch: _Watch) -> None:
        try:
            with known_errors():
                try:
                    await self._app(scope, receive, watch.send)
                except ClientDisconnect:
                    return
        except ChatbotError as error:
            if watch.status != GONE:
                raise  # half a response is out: all that is left is to break it off
            await response_to(error, scope)(scope, receive, watch.send)

    def _tell(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        method = _method(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        logs.tell(
            scope,
            id=request_id(scope),
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            who=_who(scope),
        )


class _Watch:
    """Sees what is sent, and gives it the request's id."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.status = GONE
        self._scope = scope
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = request_id(self._scope)
        await self._send(message)


def _method(scope: Scope) -> str:
    # A label must not be anybody's to make up.
    return scope["method"] if scope["method"] in METHODS else "other"


def _route(scope: Scope, ours: object) -> str:
    if scope["app"] is not ours:
        return "page"
    return str(getattr(scope.get("route"), "path", "none"))


def _who(scope: Scope) -> str:
    owner = scope.get(OWNER, "")
    if owner is None:
        return "operator"
    if owner.startswith(TOKEN_OWNER):
        return str(owner)
    if owner == LINK_OWNER:
        return "link"
    return "browser" if owner else "local"
