"""Who is asking: every request gets the name of a person, ``scope["chatbot.owner"]``.

On this machine a browser is one person: the page gives it a signed cookie with an id drawn at
random, and documents and conversations belong to that id. Nobody can make up a cookie of somebody
else, since the key that signs lies in the data directory. A program of this machine without a
cookie is "", which sees and changes what is everybody's, and nobody's own.

Where other machines reach the server, a person is a token: sent as a bearer token, or once to the
login page, which gives a cookie for it. Whoever shows none is sent to that page or refused. Plain
ASGI.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.server.access.credentials import Credentials
from chatbot.server.access.limits import LINK_OWNER
from chatbot.server.owner import OWNER
from chatbot.server.problems import Unauthorized, response_to

KEY_FILE: Final = "people.key"
_MAX_AGE: Final = 400 * 24 * 3600
"""Seconds that a cookie lives after the last visit: the most that browsers allow."""
SHARED_PATH: Final = "/shared/"
_OPENED_BY_LINK: Final = re.compile(SHARED_PATH + r"[\w-]{1,100}", re.ASCII)
OPEN_PATHS: Final = frozenset({"/healthz", "/readyz", "/login", "/api/assets/login.css"})
"""Answered to everybody: they tell nothing of documents."""


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

    def __init__(
        self, app: ASGIApp, *, credentials: Credentials, local: bool, links: bool = False
    ) -> None:
        """Take what reads credentials, whether only this machine reaches it, and links work."""
        self._app = app
        self._links = links
        self._credentials = credentials
        self._local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the person, and pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._links and scope["method"] == "GET" and _OPENED_BY_LINK.fullmatch(scope["path"]):
            # Whoever it is: the link is all that counts, and it opens nothing of their own.
            scope[OWNER] = LINK_OWNER
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        opens_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        try:
            owner = self._credentials.bearer(headers, required=not self._local)
            if owner == "":
                owner = self._credentials.logged_in(headers) or ""
            if owner == "" and not self._local and scope["path"] not in OPEN_PATHS:
                raise Unauthorized("This server needs a token. Send it as a bearer token.")
        except Unauthorized as error:
            refusal = RedirectResponse("/login", 303) if opens_page else response_to(error, scope)
            await refusal(scope, receive, send)
            return
        if owner == "" and self._local:
            owner = self._credentials.person(headers)
            if opens_page:
                owner = owner or uuid4().hex
                send = self._with_cookie(send, owner)
        scope[OWNER] = owner
        await self._app(scope, receive, send)

    def _with_cookie(self, send: Send, person: str) -> Send:
        cookie = self._credentials.person_cookie()
        value = self._credentials.sign_person(person)
        # Lax, not Strict: whoever follows a link to the page is still the same person.
        line = f"{cookie}={value}; Max-Age={_MAX_AGE}; Path=/; HttpOnly; SameSite=Lax"

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", line)
            await send(message)

        return send_with_cookie
