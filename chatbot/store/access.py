"""Tokens that let people in, and what they have used. Reached through ``Store``.

A token is 256 random bits, so its SHA-256 is kept: nobody can search that space, whatever the
hash costs, and a slow salted hash would only make every request slow. What lies in the store does
not let anybody in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import ColumnElement, case, delete, func, select

from chatbot.errors import SettingsError
from chatbot.store import reading, tables
from chatbot.store.home import Home
from chatbot.store.tables import upsert
from chatbot.store.writing import now, set_meta
from chatbot.types import TokenRow, UsageRow

TOKEN_PREFIX: Final = "cb_"
"""What every token begins with, so that it is recognised in a log or in a repository."""
_WAITING: Final = "waiting at "
_QUIET_SECONDS: Final = 30.0
"""A server that has not said for so long how many wait is taken for gone."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_T: Final = tables.tokens.c
_U: Final = tables.usage.c


class Tokens:
    """The tokens of a store."""

    def __init__(self, home: Home) -> None:
        self._home = home

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
        with self._home.writing() as connection:
            values = {"name": name, "digest": digest_of(token), "created": now()}
            made = upsert(connection, tables.tokens).on_conflict_do_nothing(index_elements=["name"])
            if not connection.execute(made, values).rowcount:
                raise SettingsError(
                    f"There is a token {name} already: revoke it first (`chatbot token revoke "
                    f"{name}`) or choose another name."
                )
        return token

    def list(self) -> list[TokenRow]:
        """Return the tokens, oldest first."""
        wanted = select(_T.name, _T.created).order_by(_T.created, _T.name)
        return [TokenRow(**row._mapping) for row in self._home.rows(wanted)]

    def find(self, token: str) -> str | None:
        """Return the name of a token, or None where there is no such token."""
        return self._one(_T.name, _T.digest == digest_of(token))

    def digest(self, name: str) -> str | None:
        """Return what is kept of the token with this name, or None."""
        return self._one(_T.digest, _T.name == name)

    def _one(self, wanted: ColumnElement[str], where: ColumnElement[bool]) -> str | None:
        return next((found for (found,) in self._home.rows(select(wanted).where(where))), None)

    def revoke(self, name: str) -> None:
        """Take a token away; it opens nothing from now on.

        Raises:
            SettingsError: there is no token with this name.
        """
        with self._home.writing() as connection:
            if connection.execute(delete(tables.tokens).where(_T.name == name)).rowcount == 0:
                raise SettingsError(f"There is no token {name[:80]!r}; see `chatbot token list`.")


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class UsageBook:
    """Requests and tokens of the model by owner and day, and how many wait at which server."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def of_day(self, day: str) -> Sequence[UsageRow]:
        """Return what was used in one day."""
        rows = self._home.rows(select(tables.usage).where(_U.day == day))
        return [UsageRow(**row._mapping) for row in rows]

    def add(self, rows: Sequence[UsageRow]) -> None:
        """Add to what was used: other processes may count the same owner at the same time.

        Args:
            rows: what is new; ``minute_requests`` counts in ``minute`` only, and what a later
                minute has takes the place of it.

        Raises:
            StoreError: the store cannot be written.
        """
        ordered = sorted(rows, key=lambda row: row.owner)  # else two could wait for each other
        with self._home.writing() as connection:
            made = upsert(connection, tables.usage)
            new = made.excluded
            changed = {
                "requests": _U.requests + new.requests,
                "tokens": _U.tokens + new.tokens,
                "minute_requests": case(
                    (_U.minute == new.minute, _U.minute_requests + new.minute_requests),
                    (_U.minute < new.minute, new.minute_requests),
                    else_=_U.minute_requests,
                ),
                "minute": case((_U.minute < new.minute, new.minute), else_=_U.minute),
            }
            statement = made.on_conflict_do_update(index_elements=["owner", "day"], set_=changed)
            connection.execute(statement, [asdict(row) for row in ordered])

    def waiting_elsewhere(self, server: str, waiting: int) -> int:
        """Say how many wait at a server, and return how many wait at the others of the store.

        Raises:
            StoreError: the store cannot be written.
        """
        if not self._home.shared:
            return 0
        with self._home.writing() as connection:
            # The clock of the database, since machines may differ.
            clock = connection.execute(select(func.extract("epoch", func.now())))
            mine, second = _WAITING + server, float(clock.scalar_one())
            set_meta(connection, **{mine: f"{waiting} {second}"})
            others = 0
            for name, value in reading.meta(connection).items():
                count, _, said = value.partition(" ")
                if not name.startswith(_WAITING) or name == mine:
                    continue
                if second - float(said) > _QUIET_SECONDS:
                    connection.execute(delete(tables.meta).where(tables.meta.c.name == name))
                else:
                    others += int(count)
        return others
