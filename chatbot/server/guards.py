"""Plain ASGI middleware: security headers, this machine only, no oversized bodies.

Not Starlette's ``BaseHTTPMiddleware``, which would hold back the page's event stream. Knows no
routes. Used by ``app``.
"""

from __future__ import annotations

from fastapi.responses import PlainTextResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.server.hosts import LOCAL_NAMES, host_name

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

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Sets ``HEADERS`` on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the headers into its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class LocalOnly:
    """Refuses what another site made the browser send to this machine.

    A name that somebody else points at 127.0.0.1 (DNS rebinding) is seen in ``Host``; a form on
    another page that posts here is seen in ``Origin``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and (reason := _foreign(scope["method"], Headers(scope=scope))):
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)


def _foreign(method: str, headers: Headers) -> str | None:
    host = headers.get("host", "")
    if host_name(host) not in LOCAL_NAMES:
        return "This server only answers to the names of its own machine: open it as 127.0.0.1."
    origin = headers.get("origin")
    if method not in SAFE_METHODS and origin is not None and origin.partition("//")[2] != host:
        return "This request came from another site and was refused."
    return None


class BodyLimit:
    """Refuses a request whose body is over ``limit`` bytes, or does not say how long it is."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        if "transfer-encoding" in headers:
            # The server holds a body to its declared length, so the length is all there is to see.
            return PlainTextResponse("Send the length of the body.", status_code=411)
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) <= self._limit:
            return None
        megabytes = self._limit // (1024 * 1024)
        return PlainTextResponse(f"At most {megabytes} MB can be sent.", status_code=413)
