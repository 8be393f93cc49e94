"""Tokens that let people in, and what they have used. Reached through ``Store``.

A token is 256 random bits, so its SHA-256 is kept: nobody can search that space, whatever the
hash costs, and a slow salted hash would only make every request slow. What lies in the store does
not let anybody in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Sequence
from typing import Final

from chatbot.errors import SettingsError
from chatbot.store.connections import Connections
from chatbot.store.writing import now
from chatbot.types import TokenRow, UsageRow

TOKEN_PREFIX: Final = "cb_"
"""What every token begins with, so that it is recognised in a log or in a repository."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_ADD: Final = "INSERT INTO tokens (name, digest, created) VALUES (?, ?, ?)"
_LIST: Final = "SELECT name, created FROM tokens ORDER BY created, name"
_FIND: Final = "SELECT name FROM tokens WHERE digest = ?"
_DIGEST: Final = "SELECT digest FROM tokens WHERE name = ?"
_DROP: Final = "DELETE FROM tokens WHERE name = ?"
_GET_USAGE: Final = (
    "SELECT owner, day, requests, tokens, minute, minute_requests FROM usage WHERE day = ?"
)
_SET_USAGE: Final = (
    "INSERT OR REPLACE INTO usage (owner, day, requests, tokens, minute, minute_requests) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)


class Tokens:
    """The tokens of a store."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def create(self, name: str) -> str:
        """Return a new token, which is shown this once.

        The name is the person: a token that is revoked and created again opens the same documents
        and conversations.

        Raises:
            SettingsError: the name cannot be one, or has a token already.
            StoreError: the store cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise SettingsError(
                "The name of a token has 1 to 64 letters, digits, dots, dashes or underscores."
            )
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._connections.writing() as connection:
            if connection.execute(_DIGEST, (name,)).fetchone() is not None:
                raise SettingsError(
                    f"There is a token {name} already: revoke it first (`chatbot token revoke "
                    f"{name}`) or choose another name."
                )
            connection.execute(_ADD, (name, digest_of(token), now()))
        return token

    def list(self) -> list[TokenRow]:
        """Return the tokens, oldest first."""
        with self._connections.reading() as connection:
            rows = connection.execute(_LIST).fetchall()
        return [TokenRow(name=name, created=created) for name, created in rows]

    def find(self, token: str) -> str | None:
        """Return the name of a token, or None where there is no such token."""
        return self._one(_FIND, digest_of(token))

    def digest(self, name: str) -> str | None:
        """Return what is kept of the token with this name, or None."""
        return self._one(_DIGEST, name)

    def _one(self, statement: str, value: str) -> str | None:
        with self._connections.reading() as connection:
            row = connection.execute(statement, (value,)).fetchone()
        return None if row is None else str(row[0])

    def revoke(self, name: str) -> None:
        """Take a token away; it opens nothing from now on.

        Raises:
            SettingsError: there is no token with this name.
        """
        with self._connections.writing() as connection:
            if connection.execute(_DROP, (name,)).rowcount == 0:
                raise SettingsError(f"There is no token {name[:80]!r}; see `chatbot token list`.")


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class UsageBook:
    """Requests and tokens of the model by owner and day."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of_day(self, day: str) -> Sequence[UsageRow]:
        """Return what was used in one day."""
        with self._connections.reading() as connection:
            rows = connection.execute(_GET_USAGE, (day,)).fetchall()
        return [_row(row) for row in rows]

    def keep(self, rows: Sequence[UsageRow]) -> None:
        """Write these rows in the place of the old ones of the same owner and day.

        Raises:
            StoreError: the store cannot be written.
        """
        with self._connections.writing() as connection:
            connection.executemany(
                _SET_USAGE,
                [
                    (row.owner, row.day, row.requests, row.tokens, row.minute, row.minute_requests)
                    for row in rows
                ],
            )


def _row(row: sqlite3.Row | tuple[str, str, int, int, int, int]) -> UsageRow:
    owner, day, requests, tokens, minute, minute_requests = row
    return UsageRow(
        owner=owner,
        day=day,
        requests=requests,
        tokens=tokens,
        minute=minute,
        minute_requests=minute_requests,
    )
