"""What a request shows to say who it is: a bearer token, the operator's key, a login, a cookie.

Pure but for the look-up of a token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Final

from itsdangerous import BadSignature, Signer, TimestampSigner
from starlette.datastructures import Headers

from chatbot.server.access.limits import TOKEN_OWNER
from chatbot.server.problems import Unauthorized
from chatbot.store import TOKEN_PREFIX, Tokens

LOGIN_SECONDS: Final = 30 * 24 * 3600
_DIGITS: Final = 32
"""Hex digits of a token's digest that a login holds, so that it ends with its token."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Reads and makes what says who somebody is."""

    key: bytes
    """Signs the cookies."""
    tokens: Tokens
    operator_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Drawn at each start; the command line finds it in the data directory."""

    def person_cookie(self) -> str:
        """Return the name of the cookie that says which browser it is."""
        # Cookies know no port: two stores served from one machine must not share a name.
        return f"chatbot-{hashlib.sha256(self.key).hexdigest()[:8]}"

    def login_cookie(self) -> str:
        """Return the name of the cookie of a login."""
        return f"{self.person_cookie()}-login"

    def person(self, headers: Headers) -> str:
        """Return the browser's person, or ""."""
        try:
            return self._person_signer().unsign(_cookie(headers, self.person_cookie())).decode()
        except BadSignature:
            return ""

    def sign_person(self, person: str) -> str:
        """Return the value of a browser's cookie."""
        return self._person_signer().sign(person).decode()

    def logged_in(self, headers: Headers) -> str | None:
        """Return the owner that a browser has logged in as, if it has."""
        value = _cookie(headers, self.login_cookie())
        try:
            name, digits = self._login_signer().unsign(value, LOGIN_SECONDS).decode().split(" ")
        except (BadSignature, ValueError):
            return None
        digest = self.tokens.digest(name)
        if digest is None or not hmac.compare_digest(digest[:_DIGITS], digits):
            return None
        return TOKEN_OWNER + name

    def log_in(self, token: str) -> str | None:
        """Return the value of a login's cookie, or None for a token that is none."""
        name = self.tokens.find(token)
        digest = name and self.tokens.digest(name)
        if not digest:
            return None
        return self._login_signer().sign(f"{name} {digest[:_DIGITS]}").decode()

    def bearer(self, headers: Headers, *, required: bool) -> str | None:
        """Return the owner that a bearer token names: None for the operator, "" without a token.

        ``required`` refuses a token that is none of ours. On this machine it is left out, since
        OpenAI's clients always send some key.

        Raises:
            Unauthorized: the token is unknown.
        """
        kind, _, token = headers.get("authorization", "").partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token:
            return ""
        if hmac.compare_digest(token.encode(), self.operator_key.encode()):
            return None
        name = self.tokens.find(token) if token.startswith(TOKEN_PREFIX) else None
        if name is not None:
            return TOKEN_OWNER + name
        if required or token.startswith(TOKEN_PREFIX):
            raise Unauthorized("This token is unknown or was revoked.")
        return ""

    def _person_signer(self) -> Signer:
        return Signer(self.key, salt="person", digest_method=hashlib.sha256)

    def _login_signer(self) -> TimestampSigner:
        return TimestampSigner(self.key, salt="login", digest_method=hashlib.sha256)


def _cookie(headers: Headers, name: str) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
