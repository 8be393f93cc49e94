"""Plain ASGI middleware: this machine only, no other site, no oversized bodies, no overuse.

Not Starlette's ``BaseHTTPMiddleware``, which would hold back the page's event stream. Knows paths,
but no routes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.errors import Refused
from chatbot.server.access import OWNER
from chatbot.server.problems import problem, response_to
from chatbot.server.state import state_of

MAX_BODY_BYTES = 11 * 1024 * 1024
"""A 10 MB file, with the form around it."""
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
COUNTED_PATHS = ("/api/", "/v1/", "/mcp", "/shared/")
FREE_PATHS = ("/api/docs", "/api/openapi.json", "/api/assets/")
PARTS_OF_DOCUMENTS = re.compile(r"/api/documents/[0-9a-f]{64}/(?:pages|boxes|guide)\b")
"""Looking through a book asks for hundreds; they wait for each other, and cost no answer."""
PAGE_CALLS = ("/gradio_api/queue/join", "/gradio_api/call/", "/gradio_api/run/")
"""How the page asks; its files and event streams cost nothing."""
BROWSED_PATHS = re.compile(
    r"/api/(?:documents|files|addresses|collections|conversations|turns|links)\b"
)
"""What the page lists and changes: free for whoever is known by a cookie."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Refusal = Callable[[Scope], ASGIApp | None]
"""Returns what refuses a request, None where it may pass."""


class Guard:
    """Answers a request with the first refusal there is, else passes it on."""

    def __init__(self, app: ASGIApp, *refusals: Refusal) -> None:
        self._app = app
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it. Nothing here speaks websocket."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusals = self._refusals if scope["type"] == "http" else ()
        refused = next(filter(None, (refusal(scope) for refusal in refusals)), None)
        await (refused or self._app)(scope, receive, send)


def foreign_host(scope: Scope) -> ASGIApp | None:
    """Refuse a name that somebody else points at 127.0.0.1 (DNS rebinding): ``Host`` shows it."""
    try:
        if urlsplit(f"//{_host(scope)}").hostname in LOCAL_NAMES:
            return None
    except ValueError:
        pass
    reason = "This server answers only under the names of its own machine. Open it as 127.0.0.1."
    return problem(scope, 403, kind="foreign-host", detail=reason)


def foreign_origin(scope: Scope) -> ASGIApp | None:
    """Refuse what a page of another site made the browser send here: ``Origin`` shows it."""
    origin = Headers(scope=scope).get("origin")
    own = origin is None or origin.partition("//")[2] == _host(scope)
    if own or scope["method"] in SAFE_METHODS:
        return None
    reason = "This request came from another site and was refused."
    return problem(scope, 403, kind="foreign-origin", detail=reason)


def nameless(scope: Scope) -> ASGIApp | None:
    """Refuse what the page of a browser without a cookie would change.

    As everybody's it would be everybody's to lose, too. A program sends no ``Origin``.
    """
    known = scope[OWNER] != "" or "origin" not in Headers(scope=scope)
    if known or scope["method"] in SAFE_METHODS or not BROWSED_PATHS.match(scope["path"]):
        return None
    reason = "This browser keeps no cookie, so the server cannot know whose this is."
    return problem(scope, 403, kind="no-cookie", detail=reason)


def oversized(scope: Scope) -> ASGIApp | None:
    """Refuse a body that is too large, or that does not say how long it is."""
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        # The server holds a body to its declared length, so the length is all there is to see.
        detail = "The request does not say how long its body is. Send a Content-Length header."
        return problem(scope, 411, kind="length-required", detail=detail)
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) <= MAX_BODY_BYTES:
        return None
    detail = f"At most {MAX_BODY_BYTES // (1024 * 1024)} MB can be sent."
    return problem(scope, 413, kind="too-large", detail=detail)


def overused(scope: Scope) -> ASGIApp | None:
    """Count a request that costs something; refuse it past a limit, or while stopping."""
    if not _costs(scope):
        return None
    state = state_of(scope)
    try:
        state.slots.refuse_when_closed()
        state.limits.count_request(scope[OWNER])
    except Refused as error:
        return response_to(error, scope)
    return None


def _host(scope: Scope) -> str:
    return Headers(scope=scope).get("host", "")


def _costs(scope: Scope) -> bool:
    path = scope["path"]
    if path.startswith(FREE_PATHS) or PARTS_OF_DOCUMENTS.match(path):
        return False
    if scope[OWNER] and "authorization" not in Headers(scope=scope) and BROWSED_PATHS.match(path):
        return False
    if path.startswith(PAGE_CALLS):
        return bool(scope["method"] == "POST")
    return bool(path.startswith(COUNTED_PATHS))
