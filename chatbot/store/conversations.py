"""Conversations of people, kept as they were: questions, answers with citations, feedback.

Knows SQLite and the one JSON shape of an answer; nothing of how an answer is made. Reached as
``Store.conversations``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from chatbot.errors import ConversationNotFound
from chatbot.store import conversation_sql as sql
from chatbot.store.connections import Connections
from chatbot.store.writing import now
from chatbot.types import Answer, Conversation, SavedTurn

MAX_TITLE: Final = 200
MAX_REMARK: Final = 2000
"""Characters kept of a title and of a remark; what is longer is cut."""


class Conversations:
    """The conversations of one person, or of all people where ``owner`` is None."""

    def __init__(self, connections: Connections, *, owner: str | None) -> None:
        self._connections = connections
        self._owner = owner

    def list(self, query: str = "") -> list[Conversation]:
        """Return the conversations, the one that changed last first.

        Args:
            query: words that stand, in this order, in a title, a question or an answer; empty
                returns all.
        """
        words = " ".join(query.split())
        values = {"owner": self._owner, "like": _like(words)}
        with self._connections.reading() as connection:
            rows = connection.execute(sql.SEARCH if words else sql.LIST, values).fetchall()
        return [_conversation(row) for row in rows]

    def get(self, conversation_id: str) -> Conversation:
        """Return one conversation.

        Raises:
            ConversationNotFound: this person has none with this id.
        """
        with self._connections.reading() as connection:
            return _get(connection, self._owner, conversation_id)

    def turns(self, conversation_id: str) -> Sequence[SavedTurn]:
        """Return the turns of a conversation, oldest first.

        Raises:
            ConversationNotFound: this person has none with this id.
        """
        with self._connections.reading() as connection:
            _get(connection, self._owner, conversation_id)
            rows = connection.execute(
                sql.TURNS, {"owner": self._owner, "id": conversation_id}
            ).fetchall()
        return [_turn(row) for row in rows]

    def start(self, title: str, *, conversation_id: str | None = None) -> Conversation:
        """Begin a conversation; it belongs to this person, or to everybody where there is none.

        Args:
            title: cut where it is very long.
            conversation_id: a new one, where its id was told before; drawn where None.

        Raises:
            StoreError: if the store cannot be written.
        """
        values = {
            "id": conversation_id or uuid4().hex,
            "owner": self._owner or "",
            "title": _cut(title, MAX_TITLE),
            "now": now(),
        }
        with self._connections.writing() as connection:
            connection.execute(sql.ADD, values)
            return _get(connection, self._owner, str(values["id"]))

    def append(
        self,
        conversation_id: str,
        *,
        question: str,
        answer: Answer,
        documents: Sequence[str] | None = None,
        turn_id: str | None = None,
    ) -> SavedTurn:
        """Add a turn at the end of a conversation, and return it.

        Args:
            conversation_id: of an own conversation.
            question: as it was asked.
            answer: kept as it is.
            documents: what the question was limited to; None where it was not.
            turn_id: a new one, where its id was told before; drawn where None.

        Raises:
            ConversationNotFound: this person has none with this id.
        """
        turn_id = turn_id or uuid4().hex
        with self._connections.writing() as connection:
            number = self._number(connection, conversation_id)
            values = {
                "id": turn_id,
                "number": number,
                "question": question,
                "answer": json.dumps(answer.to_dict(), ensure_ascii=False),
                "documents": None if documents is None else json.dumps(list(documents)),
                "now": now(),
            }
            connection.execute(sql.ADD_TURN, values)
            connection.execute(sql.TOUCH, values)
        return SavedTurn(
            id=turn_id,
            conversation_id=conversation_id,
            question=question,
            answer=answer,
            asked=str(values["now"]),
            documents=None if documents is None else tuple(documents),
        )

    def truncate(self, conversation_id: str, turn_id: str) -> None:
        """Remove a turn and all that came after it.

        Raises:
            ConversationNotFound: this person has no such conversation, or no such turn.
        """
        with self._connections.writing() as connection:
            number = self._number(connection, conversation_id)
            first = self._turn_number(connection, turn_id)
            values = {"number": number, "from": first, "now": now()}
            connection.execute(sql.TRUNCATE, values)
            connection.execute(sql.TOUCH, values)

    def rename(self, conversation_id: str, title: str) -> Conversation:
        """Give a conversation another title.

        Raises:
            ConversationNotFound: this person has none with this id.
        """
        with self._connections.writing() as connection:
            number = self._number(connection, conversation_id)
            values = {"number": number, "title": _cut(title, MAX_TITLE), "now": now()}
            connection.execute(sql.RENAME, values)
            return _get(connection, self._owner, conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with its turns and their feedback.

        Raises:
            ConversationNotFound: this person has none with this id.
        """
        with self._connections.writing() as connection:
            number = self._number(connection, conversation_id)
            connection.execute(sql.DELETE, {"number": number})

    def rate(self, turn_id: str, rating: int | None, remark: str = "") -> None:
        """Keep what a person thinks of an answer: 1 good, -1 bad, None takes it back.

        Raises:
            ConversationNotFound: this person has no such turn.
            ValueError: the rating is none of these.
        """
        if rating not in (1, -1, None):
            raise ValueError(f"A rating is 1, -1 or None, not {rating}.")
        with self._connections.writing() as connection:
            number = self._turn_number(connection, turn_id)
            words = remark.strip()[:MAX_REMARK] if rating is not None else ""
            connection.execute(sql.RATE, {"number": number, "rating": rating, "remark": words})

    def rated(self, rating: int = -1) -> Sequence[SavedTurn]:
        """Return the turns with this rating, oldest first."""
        values = {"owner": self._owner, "rating": rating}
        with self._connections.reading() as connection:
            rows = connection.execute(sql.RATED, values).fetchall()
        return [_turn(row) for row in rows]

    def _number(self, connection: sqlite3.Connection, conversation_id: str) -> int:
        values = {"owner": self._owner, "id": conversation_id}
        row = connection.execute(sql.NUMBER, values).fetchone()
        if row is None:
            raise _not_found("conversation", conversation_id)
        return int(row[0])

    def _turn_number(self, connection: sqlite3.Connection, turn_id: str) -> int:
        values = {"owner": self._owner, "turn": turn_id}
        row = connection.execute(sql.TURN_NUMBER, values).fetchone()
        if row is None:
            raise _not_found("turn", turn_id)
        return int(row[0])


def _get(connection: sqlite3.Connection, owner: str | None, conversation_id: str) -> Conversation:
    row = connection.execute(sql.GET, {"owner": owner, "id": conversation_id}).fetchone()
    if row is None:
        raise _not_found("conversation", conversation_id)
    return _conversation(row)


def _conversation(row: tuple[Any, ...]) -> Conversation:
    conversation_id, title, created, updated, turn_count = row
    return Conversation(
        id=conversation_id, title=title, created=created, updated=updated, turn_count=turn_count
    )


def _turn(row: tuple[Any, ...]) -> SavedTurn:
    turn_id, conversation_id, question, answer, asked, documents, rating, remark = row
    return SavedTurn(
        id=turn_id,
        conversation_id=conversation_id,
        question=question,
        answer=Answer.from_dict(json.loads(answer)),
        asked=asked,
        documents=None if documents is None else tuple(json.loads(documents)),
        rating=rating,
        remark=remark,
    )


def _not_found(noun: str, name: str) -> ConversationNotFound:
    return ConversationNotFound(f"There is no {noun} {name[:80]!r} here; it may have been deleted.")


def _cut(title: str, most: int) -> str:
    words = " ".join(title.split()) or "…"
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _like(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
