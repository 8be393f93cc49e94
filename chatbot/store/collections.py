"""Collections: named sets of documents. Reached as ``Store.collections``.

A person sees their own and everybody's, and in each the documents that they see; they change only
their own. A name means the same however it is capitalised and spaced. A document that is removed
leaves its collections, and the new text of a changed source takes the place of the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final
from uuid import uuid4

from sqlalchemy import BigInteger, Connection, ScalarSelect, cast, delete, literal, select, update

from chatbot.errors import CollectionError, CollectionNotFound
from chatbot.store import reading, tables
from chatbot.store.home import Home
from chatbot.store.tables import among, upsert
from chatbot.store.writing import now
from chatbot.types import Collection

MAX_NAME: Final = 100
_NEAREST: Final = 3

_C: Final = tables.collections.c
_M: Final = tables.members.c


class Collections:
    """The collections that one person sees; without an owner everybody's, with all documents.

    What cannot be changed raises ``CollectionError``: a collection that is not there, or not the
    person's own, and a name that is taken or cannot be one. A document that is not there raises
    ``DocumentNotFound``.
    """

    def __init__(self, home: Home, *, owner: str | None) -> None:
        self._home = home
        self._sight = owner
        self._owner = owner or ""

    def list(self) -> list[Collection]:
        """Return the collections by their names, a person's own before everybody's."""
        with self._home.reading() as connection:
            return list(self._seen(connection))

    def get(self, name: str) -> Collection:
        """Return the collection with this name or id.

        Raises:
            CollectionNotFound: there is none; the nearest names are told.
        """
        return find_collection(self.list(), name)

    def create(self, name: str, documents: Sequence[str] = ()) -> Collection:
        """Make a collection of these documents."""
        name = _checked(name)
        key = {"id": uuid4().hex, "owner": self._owner, "key": _key(name)}
        with self._home.writing(alone=True) as connection:
            made = upsert(connection, tables.collections).on_conflict_do_nothing()
            made = made.values(key | {"name": name, "created": now()})
            if connection.execute(made.returning(_C.number)).scalar_one_or_none() is None:
                raise _taken(name)
            return self._put(connection, key["id"], documents)

    def change(
        self,
        name: str,
        *,
        rename: str | None = None,
        put: Sequence[str] = (),
        take: Sequence[str] = (),
    ) -> Collection:
        """Change a collection, all of it or nothing.

        Args:
            name: of an own collection, or its id.
            rename: its new name; None leaves it.
            put: ids of documents to put into it; those in it already stay.
            take: ids of documents to take out of it; they stay in the store.
        """
        new_name = None if rename is None else _checked(rename)
        with self._home.writing(alone=True) as connection:
            found = self._own(connection, name)
            if new_name is not None:
                key = _key(new_name)
                taken = select(_C.id).where(_C.owner == self._owner, _C.key == key)
                if connection.execute(taken).scalar_one_or_none() not in (None, found.id):
                    raise _taken(new_name)
                renamed = update(tables.collections).where(_C.id == found.id)
                connection.execute(renamed.values(name=new_name, key=key))
            numbers = list(reading.numbers_of(connection, take).values())
            inside = (_M.collection == _number(found.id), among(connection, _M.document, numbers))
            connection.execute(delete(tables.members).where(*inside))
            return self._put(connection, found.id, put)

    def delete(self, name: str) -> None:
        """Delete a collection; its documents stay."""
        with self._home.writing(alone=True) as connection:
            found = self._own(connection, name)
            connection.execute(delete(tables.collections).where(_C.id == found.id))

    def _seen(self, connection: Connection) -> Sequence[Collection]:
        wanted = select(_C.id, _C.name, _C.created, _C.owner)
        rows = connection.execute(wanted.where(_C.owner.in_({"", self._owner}))).all()
        inside: dict[str, list[str]] = {row.id: [] for row in rows}
        document = tables.documents.c
        held = (
            select(_C.id, document.id)
            .join_from(tables.members, tables.collections)
            .join(tables.documents)
            .where(among(connection, _C.id, inside), reading.is_seen(self._sight))
            .order_by(document.number)
        )
        for collection, one in connection.execute(held):
            inside[collection].append(one)
        found = [Collection(**row._asdict(), documents=tuple(inside[row.id])) for row in rows]
        return sorted(found, key=lambda one: (one.owner != self._owner, _key(one.name)))

    def _own(self, connection: Connection, name: str) -> Collection:
        found = find_collection(self._seen(connection), name)
        if found.owner != self._owner:
            raise CollectionError(
                f"The collection {found.name!r} belongs to everybody, so you cannot change it. "
                "Make one of your own."
            )
        return found

    def _put(
        self, connection: Connection, collection_id: str, documents: Sequence[str]
    ) -> Collection:
        numbers = reading.require(connection, documents, self._sight).values()
        number = connection.execute(select(_number(collection_id))).scalar_one()
        rows = [{"collection": number, "document": one} for one in numbers]
        if rows:
            made = upsert(connection, tables.members).on_conflict_do_nothing()
            connection.execute(made, rows)
        return find_collection(self._seen(connection), collection_id)


def find_collection(collections: Sequence[Collection], name: str) -> Collection:
    """Return the first of the collections with this name or id.

    Raises:
        CollectionNotFound: there is none; the nearest names are told.
    """
    key = _key(name)
    for one in collections:
        if name == one.id or key == _key(one.name):
            return one
    names = {_key(one.name): one.name for one in collections}
    near = [names[one] for one in get_close_matches(key, names, _NEAREST, cutoff=0)]
    there = f"the nearest are {', '.join(map(repr, near))}" if near else "there are none yet"
    raise CollectionNotFound(f"There is no collection {name[:MAX_NAME]!r}: {there}.")


def documents_to_ask(collection: Collection) -> tuple[str, ...]:
    """Return the documents of a collection.

    Raises:
        CollectionError: there is none in it; searching nothing would only look like a refusal.
    """
    if not collection.documents:
        raise CollectionError(f"The collection {collection.name!r} has no document to ask about.")
    return collection.documents


def follow(connection: Connection, before: int, after: int, owner: str) -> None:
    """Let a changed source keep its place: where its old text is, its new one shall be too.

    Args:
        connection: within the transaction that changes the source.
        before: number of the document that it pointed to.
        after: number of the one that it points to now.
        owner: of the source; what is everybody's changes in the collections of all.
    """
    held = (
        select(_M.collection, cast(literal(after), BigInteger))
        .join_from(tables.members, tables.collections)
        .where(_M.document == before, *([_C.owner == owner] if owner else []))
    )
    made = upsert(connection, tables.members).from_select(["collection", "document"], held)
    connection.execute(made.on_conflict_do_nothing())


def forget(connection: Connection, number: int, owner: str) -> None:
    """Take a document that a person has removed from their sight out of their collections."""
    own = _M.collection.in_(select(_C.number).where(_C.owner == owner))
    connection.execute(delete(tables.members).where(_M.document == number, own))


def _number(collection_id: str) -> ScalarSelect[int]:
    return select(_C.number).where(_C.id == collection_id).scalar_subquery()


def _checked(name: str) -> str:
    words = " ".join(name.split())
    if not 0 < len(words) <= MAX_NAME or not words.isprintable():
        raise CollectionError(
            f"The name of a collection must have 1 to {MAX_NAME} characters, all of them visible."
        )
    return words


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _taken(name: str) -> CollectionError:
    return CollectionError(f"There is a collection {name!r} already: choose another name.")
