"""Who is asking: every request gets the name of a person, ``scope["chatbot.owner"]``.

On this machine a browser is one person: the page gives it a signed cookie with an id drawn at
random, and documents and conversations belong to that id. Nobody can make up a cookie of somebody
else, since the key that signs lies in the data directory. Plain ASGI; used by ``app``.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Final
from uuid import uuid4

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWNER: Final = "chatbot.owner"
"""The key in an ASGI scope under which the person stands; "" where the request has no cookie."""
KEY_FILE: Final = "people.key"
_MAX_AGE: Final = 400 * 24 * 3600
"""Seconds that a cookie lives after the last visit: the most that browsers allow."""


def load_key(data_dir: Path) -> bytes:
    """Return the key that signs the cookies, drawn when it is first needed."""
    path = data_dir.expanduser() / KEY_FILE
    data_dir.expanduser().mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Only one of two that start at once can make it; the mode is right from the first moment.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()


class People:
    """Names the person of each request, and gives a browser that opens the page its cookie."""

    def __init__(self, app: ASGIApp, *, key: bytes) -> None:
        self._app = app
        self._signer = Signer(key, salt="person", digest_method=hashlib.sha256)
        # Cookies know no port: two stores served from one machine must not share a name.
        self._cookie = f"chatbot-{hashlib.sha256(key).hexdigest()[:8]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the person, and pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        person = self._person(headers)
        opens_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        if opens_page and not person:
            person = uuid4().hex
        scope[OWNER] = person

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", self._set_cookie(person))
            await send(message)

        await self._app(scope, receive, send_with_cookie if opens_page else send)

    def _person(self, headers: Headers) -> str:
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
            return self._signer.unsign(morsel.value).decode() if morsel else ""
        except (CookieError, BadSignature):
            return ""

    def _set_cookie(self, person: str) -> str:
        value = self._signer.sign(person).decode()
        # Lax, not Strict: whoever follows a link to the page is still the same person.
        return f"{self._cookie}={value}; Max-Age={_MAX_AGE}; Path=/; HttpOnly; SameSite=Lax"
