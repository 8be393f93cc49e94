"""Who is asking: every request gets the name of a person, ``scope[OWNER]``.

On this machine a browser is one person: the page gives it a signed cookie with an id drawn at
random, and documents and conversations belong to that id. Nobody can make up a cookie of somebody
else, since the key that signs lies in the data directory. A program of this machine without a
cookie is "", which sees and changes what is everybody's, and nobody's own.

Where other machines reach the server, a person is a token: sent as a bearer token, or once to the
login page, which gives a cookie for it. Whoever shows none is sent to that page or refused. Plain
ASGI.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Final
from uuid import uuid4

from itsdangerous import BadSignature, Signer, TimestampSigner
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.server.access import LINK_OWNER, OWNER, TOKEN_OWNER
from chatbot.server.problems import Unauthorized, response_to
from chatbot.store import TOKEN_PREFIX, Tokens

KEY_FILE: Final = "people.key"
LOGIN_SECONDS: Final = 30 * 24 * 3600
_MAX_AGE: Final = 400 * 24 * 3600
"""Seconds that a cookie lives after the last visit: the most that browsers allow."""
_DIGITS: Final = 32
"""Hex digits of a token's digest that a login holds, so that it ends with its token."""
SHARED_PATH: Final = "/shared/"
_OPENED_BY_LINK: Final = re.compile(SHARED_PATH + r"[\w-]{1,100}", re.ASCII)
OPEN_PATHS: Final = frozenset({"/healthz", "/readyz", "/login", "/api/assets/login.css"})
"""Answered to everybody: they tell nothing of documents."""


def load_key(data_dir: Path) -> bytes:
    """Return the key that signs the cookies, drawn when it is first needed."""
    path = data_dir.expanduser() / KEY_FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Only one of two that start at once can make it; the mode is right from the first moment.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()


class Credentials:
    """Reads and makes what says who somebody is: bearer tokens, logins, cookies."""

    def __init__(self, key: bytes, tokens: Tokens) -> None:
        self.operator_key = secrets.token_urlsafe(32)
        """Drawn at each start; the command line finds it in the data directory."""
        # Cookies know no port: two stores served from one machine must not share a name.
        self.person_cookie = f"chatbot-{hashlib.sha256(key).hexdigest()[:8]}"
        self.login_cookie = f"{self.person_cookie}-login"
        self._tokens = tokens
        self._persons = Signer(key, salt="person", digest_method=hashlib.sha256)
        self._logins = TimestampSigner(key, salt="login", digest_method=hashlib.sha256)

    def person(self, asked: HTTPConnection) -> str:
        """Return the browser's person, or ""."""
        try:
            return self._persons.unsign(asked.cookies.get(self.person_cookie, "")).decode()
        except BadSignature:
            return ""

    def sign_person(self, person: str) -> str:
        """Return the value of a browser's cookie."""
        return self._persons.sign(person).decode()

    def logged_in(self, asked: HTTPConnection) -> str | None:
        """Return the owner that a browser has logged in as, if it has."""
        value = asked.cookies.get(self.login_cookie, "")
        try:
            name, digits = self._logins.unsign(value, LOGIN_SECONDS).decode().split(" ")
        except (BadSignature, ValueError):
            return None
        digest = self._tokens.digest(name)
        if digest is None or not hmac.compare_digest(digest[:_DIGITS], digits):
            return None
        return TOKEN_OWNER + name

    def log_in(self, token: str) -> str | None:
        """Return the value of a login's cookie, or None for a token that is none."""
        name = self._tokens.find(token)
        digest = name and self._tokens.digest(name)
        return self._logins.sign(f"{name} {digest[:_DIGITS]}").decode() if digest else None

    def bearer(self, asked: HTTPConnection, *, required: bool) -> str | None:
        """Return the owner that a bearer token names: None for the operator, "" without a token.

        ``required`` refuses a token that is none of ours. On this machine it is left out, since
        OpenAI's clients always send some key.

        Raises:
            Unauthorized: the token is unknown.
        """
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token:
            return ""
        if hmac.compare_digest(token.encode(), self.operator_key.encode()):
            return None
        name = self._tokens.find(token) if token.startswith(TOKEN_PREFIX) else None
        if name is not None:
            return TOKEN_OWNER + name
        if required or token.startswith(TOKEN_PREFIX):
            raise Unauthorized("This token is unknown or was revoked.")
        return ""


class People:
    """Names the person of each request, and gives a browser that opens the page its cookie."""

    def __init__(
        self, app: ASGIApp, *, credentials: Credentials, local: bool, links: bool = False
    ) -> None:
        self._app = app
        self._links = links
        self._credentials = credentials
        self._local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the person, and pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        opens_page = scope["method"] == "GET" and "text/html" in asked.headers.get("accept", "")
        try:
            owner = self._shown(asked)
        except Unauthorized as error:
            refusal = RedirectResponse("/login", 303) if opens_page else response_to(error, scope)
            await refusal(scope, receive, send)
            return
        if owner == "" and self._local:
            owner = self._credentials.person(asked)
            if opens_page:
                owner = owner or uuid4().hex
                send = self._with_cookie(send, owner)
        scope[OWNER] = owner
        await self._app(scope, receive, send)

    def _shown(self, asked: HTTPConnection) -> str | None:
        """Return the owner that a link, a token or a login shows, "" where there is none."""
        path, reads = asked.scope["path"], asked.scope["method"] == "GET"
        if self._links and reads and _OPENED_BY_LINK.fullmatch(path):
            # Whoever it is: the link is all that counts, and it opens nothing of their own.
            return LINK_OWNER
        owner = self._credentials.bearer(asked, required=not self._local)
        if owner == "":
            owner = self._credentials.logged_in(asked) or ""
        if owner == "" and not self._local and path not in OPEN_PATHS:
            raise Unauthorized("This server needs a token. Send it as a bearer token.")
        return owner

    def _with_cookie(self, send: Send, person: str) -> Send:
        # Lax, not Strict: whoever follows a link to the page is still the same person.
        cookie = (
            f"{self._credentials.person_cookie}={self._credentials.sign_person(person)}; "
            f"Max-Age={_MAX_AGE}; Path=/; HttpOnly; SameSite=Lax"
        )

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return send_with_cookie
