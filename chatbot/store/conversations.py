"""Conversations of people, kept as they were: questions, answers with citations, feedback.

Knows the tables and the one JSON shape of an answer; nothing of how an answer is made. Reached as
``Store.conversations``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import true as everything

from chatbot.errors import ConversationNotFound
from chatbot.store import tables
from chatbot.store.home import Home
from chatbot.store.writing import now
from chatbot.types import Answer, Conversation, SavedTurn

_C: Final = tables.conversations.c
_T: Final = tables.turns.c
_ABOUT: Final = tables.collections.c

_Kind = TypeVar("_Kind")

MAX_TITLE: Final = 200
MAX_REMARK: Final = 2000
"""Characters kept of a title and of a remark; what is longer is cut."""


class Conversations:
    """The conversations of one person, or of all people where ``owner`` is None.

    What this person has not raises ``ConversationNotFound``: a conversation as well as a turn.
    """

    def __init__(self, home: Home, *, owner: str | None) -> None:
        self._home = home
        self._owner = owner

    def list(self, query: str = "") -> list[Conversation]:
        """Return the conversations, the one that changed last first.

        Args:
            query: words that stand, in this order, in a title, a question or an answer; empty
                returns all.
        """
        words = " ".join(query.split())
        wanted = _conversations(self._owner).order_by(_C.updated.desc(), _C.number.desc())
        if words:
            title, question, said = (
                column.icontains(words, autoescape=True)
                for column in (_C.title, _T.question, _T.said)
            )
            in_turns = exists().where(_T.conversation == _C.number, question | said)
            wanted = wanted.where(title | in_turns)
        return [Conversation(**row._mapping) for row in self._home.rows(wanted)]

    def get(self, conversation_id: str) -> Conversation:
        """Return one conversation."""
        with self._home.reading() as connection:
            return _get(connection, self._owner, conversation_id)

    def turns(self, conversation_id: str) -> Sequence[SavedTurn]:
        """Return the turns of a conversation, oldest first."""
        self.get(conversation_id)
        rows = self._home.rows(_turns(self._owner).where(_C.id == conversation_id))
        return [_turn(row) for row in rows]

    def start(self, title: str, *, conversation_id: str | None = None) -> Conversation:
        """Begin a conversation; it belongs to this person, or to everybody where there is none.

        Args:
            title: cut where it is very long.
            conversation_id: a new one, where its id was told before; drawn where None.
        """
        conversation_id = conversation_id or uuid4().hex
        values = {"id": conversation_id, "owner": self._owner or "", "title": _cut(title)}
        times = dict.fromkeys(("created", "updated"), now())
        with self._home.writing() as connection:
            connection.execute(insert(tables.conversations).values(values | times))
            return _get(connection, self._owner, conversation_id)

    def append(
        self,
        conversation_id: str,
        *,
        question: str,
        answer: Answer,
        documents: Sequence[str] | None = None,
        collection: str | None = None,
        turn_id: str | None = None,
    ) -> SavedTurn:
        """Add a turn at the end of a conversation, and return it.

        Args:
            conversation_id: of an own conversation.
            question: as it was asked.
            answer: kept as it is.
            documents: what the question was limited to; None where it was not.
            collection: id of the collection that the conversation is about from now on.
            turn_id: a new one, where its id was told before; drawn where None.
        """
        turn_id = turn_id or uuid4().hex
        with self._home.writing() as connection:
            number = self._number(connection, conversation_id)
            asked = now()
            values = {
                "id": turn_id,
                "conversation": number,
                "question": question,
                "answer": json.dumps(answer.to_dict(), ensure_ascii=False),
                "said": answer.text,
                "documents": None if documents is None else json.dumps(list(documents)),
                "asked": asked,
            }
            connection.execute(insert(tables.turns).values(values))
            chosen = select(_ABOUT.number).where(_ABOUT.id == collection).scalar_subquery()
            _change(connection, number, updated=asked, collection=chosen)
            made = _turns(self._owner).where(_T.id == turn_id)
            return _turn(connection.execute(made).one())

    def truncate(self, conversation_id: str, turn_id: str) -> None:
        """Remove a turn and all that came after it."""
        with self._home.writing() as connection:
            number = self._number(connection, conversation_id)
            first = self._turn_number(connection, turn_id)
            later = (_T.conversation == number, _T.number >= first)
            connection.execute(delete(tables.turns).where(*later))
            _change(connection, number, updated=now())

    def rename(self, conversation_id: str, title: str) -> Conversation:
        """Give a conversation another title."""
        with self._home.writing() as connection:
            number = self._number(connection, conversation_id)
            _change(connection, number, title=_cut(title), updated=now())
            return _get(connection, self._owner, conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with its turns and their feedback."""
        with self._home.writing() as connection:
            number = self._number(connection, conversation_id)
            connection.execute(delete(tables.conversations).where(_C.number == number))

    def rate(self, turn_id: str, rating: int | None, remark: str = "") -> None:
        """Keep what a person thinks of an answer: 1 good, -1 bad, None takes it back.

        Raises:
            ValueError: the rating is none of these.
        """
        if rating not in (1, -1, None):
            raise ValueError(f"A rating is 1, -1 or None, not {rating}.")
        with self._home.writing() as connection:
            number = self._turn_number(connection, turn_id)
            words = remark.strip()[:MAX_REMARK] if rating is not None else ""
            rated = update(tables.turns).where(_T.number == number)
            connection.execute(rated.values(rating=rating, remark=words))

    def rated(self, rating: int = -1) -> Sequence[SavedTurn]:
        """Return the turns with this rating, oldest first."""
        rows = self._home.rows(_turns(self._owner).where(_T.rating == rating))
        return [_turn(row) for row in rows]

    def _number(self, connection: Connection, conversation_id: str) -> int:
        wanted = select(_C.number).where(mine(self._owner), _C.id == conversation_id)
        return int(_found(connection.execute(wanted).scalar_one_or_none(), conversation_id))

    def _turn_number(self, connection: Connection, turn_id: str) -> int:
        wanted = select(_T.number).join(tables.conversations).where(mine(self._owner))
        number = connection.execute(wanted.where(_T.id == turn_id)).scalar_one_or_none()
        return int(_found(number, turn_id, noun="turn"))


def mine(owner: str | None) -> ColumnElement[bool]:
    """Return the condition that a conversation is this person's; all are where there is none."""
    return everything() if owner is None else _C.owner == owner


def _conversations(owner: str | None) -> Select[Any]:
    count = select(func.count()).where(_T.conversation == _C.number).label("turn_count")
    about = select(_ABOUT.id).where(_ABOUT.number == _C.collection).label("collection")
    wanted = select(_C.id, _C.title, _C.created, _C.updated, count, about)
    return wanted.where(mine(owner))


def _turns(owner: str | None) -> Select[Any]:
    kept = (_T.question, _T.answer, _T.asked, _T.documents, _T.rating, _T.remark)
    wanted = select(_T.id, _C.id.label("conversation_id"), *kept)
    joined = wanted.join_from(tables.turns, tables.conversations)
    return joined.where(mine(owner)).order_by(_T.number)


def _change(connection: Connection, number: int, **values: str | ScalarSelect[int]) -> None:
    connection.execute(update(tables.conversations).where(_C.number == number).values(values))


def _get(connection: Connection, owner: str | None, conversation_id: str) -> Conversation:
    wanted = _conversations(owner).where(_C.id == conversation_id)
    row = _found(connection.execute(wanted).one_or_none(), conversation_id)
    return Conversation(**row._mapping)


def _turn(row: Row[Any]) -> SavedTurn:
    answer = Answer.from_dict(json.loads(row.answer))
    documents = None if row.documents is None else tuple(json.loads(row.documents))
    return SavedTurn(**(row._asdict() | {"answer": answer, "documents": documents}))


def _found(what: _Kind | None, name: str, *, noun: str = "conversation") -> _Kind:
    if what is None:
        raise ConversationNotFound(
            f"There is no {noun} {name[:80]!r} here; it may have been deleted."
        )
    return what


def _cut(title: str) -> str:
    words = " ".join(title.split()) or "…"
    return words if len(words) <= MAX_TITLE else words[: MAX_TITLE - 1].rstrip() + "…"
