"""The tables of the store, the same in both homes, and what their statements share.

A document has a number. A chunk's id and a sentence's id are ``number << 22 | index``, so that the
rows of a document stand together and an id says which sentence of which document it is (a document
of 2 million characters has fewer than 2**22 sentences). A text is stored once, cut where the chunks
begin: ``documents.head`` is what stands before the first chunk, ``chunks.passage`` what stands from
one chunk's start to the next one's, and a sentence is a slice of its chunk's passage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.types import TypeDecorator

INDEX_BITS: Final = 22
INDEX_MASK: Final = (1 << INDEX_BITS) - 1
_ESCAPE: Final = "\x1a"


class Words(TypeDecorator[str]):
    """Any text: PostgreSQL takes no zero character, so there it is written in another way."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as this database takes it."""
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it was given."""
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace(f"{_ESCAPE}0", "\0").replace(f"{_ESCAPE}1", _ESCAPE)


_ID: Final = BigInteger().with_variant(Integer(), "sqlite")
"""Eight bytes in both; SQLite counts by itself only in a column that is called INTEGER."""

METADATA: Final = MetaData()


def _counted(name: str) -> Column[int]:
    return Column(name, _ID, primary_key=True, autoincrement=True)


def _text(name: str, **options: Any) -> Column[str]:  # noqa: ANN401 - as ``Column`` takes them
    return Column(name, Words, nullable=False, **options)


def _texts(*names: str) -> list[Column[str]]:
    return [_text(name) for name in names]


def _number(name: str, **options: Any) -> Column[int]:  # noqa: ANN401
    return Column(name, _ID, nullable=False, **options)


def _numbers(*names: str) -> list[Column[int]]:
    return [_number(name) for name in names]


def _of(name: str, key: str, *, gone: str | None = "CASCADE", **options: Any) -> Column[int]:  # noqa: ANN401
    """Return a column that points to the key of another table, and what becomes of it there."""
    return Column(name, _ID, ForeignKey(key, ondelete=gone), **options)


def _table(
    name: str, *parts: Column[Any] | Index | UniqueConstraint, counts: bool = False
) -> Table:
    return Table(name, METADATA, *parts, sqlite_autoincrement=counts)


meta = _table("meta", Column("name", Text, primary_key=True), _text("value"))
"""What the store knows of itself."""
documents = _table(
    "documents",
    _counted("number"),
    _text("id", unique=True),
    *_texts("kind", "head"),
    *_numbers("sentence_count", "chunk_count"),
    *_texts("added", "warnings"),
    _number("word_count", server_default="0"),
    counts=True,
)
sources = _table(
    "sources",
    _counted("age"),
    *_texts("owner", "key"),
    _of("document", "documents.number", gone=None, nullable=False),
    *_texts("title", "source", "fingerprint", "added"),
    UniqueConstraint("owner", "key"),
    Index("sources_of_a_document", "document", "age"),
    counts=True,
)
originals = _table(
    "originals",
    _of("source", "sources.age", primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
"""Files whose pages can be shown as they look, each seen by those who see its source."""
hidden = _table(
    "hidden",
    Column("owner", Words, primary_key=True),
    _of("document", "documents.number", primary_key=True),
)
"""Documents of everybody that one person has removed from their own sight."""
guides = _table(
    "guides",
    _of("document", "documents.number", primary_key=True, autoincrement=False),
    _number("recipe"),
    _text("guide"),
)
"""Guides to documents, as JSON, and which recipe made each."""
chunks = _table(
    "chunks",
    Column("id", _ID, primary_key=True, autoincrement=False),
    *_numbers("first", "last", "start"),
    _text("passage"),
)
vectors = _table(
    "vectors",
    _of("id", "chunks.id", primary_key=True, autoincrement=False),
    Column("vector", LargeBinary, nullable=False),
)
sentence_vectors = _table(
    "sentence_vectors",
    _of("id", "chunks.id", primary_key=True, autoincrement=False),
    Column("vectors", LargeBinary, nullable=False),
)
sentences = _table(
    "sentences",
    Column("id", _ID, primary_key=True, autoincrement=False),
    *_numbers("chunk", "start", "stop"),
    Column("page", _ID),
    Column("heading", Words),
    _number("paragraph"),
    Column("header", Words),
    _number("words", server_default="0"),
    Column(
        "stems", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False, server_default=""
    ),
    Index(
        "sentences_by_stem",
        "stems",
        postgresql_using="gin",
        # Else each search reads through what was added last, up to 4 MB.
        postgresql_with={"fastupdate": "off"},
    ).ddl_if(dialect="postgresql"),
)
"""``stems`` are what the full text searches, ``words`` how many they are."""
terms = _table("terms", Column("term", Text, primary_key=True), _number("sentences"))
"""How many sentences hold a stem."""
pending = _table("pending", Column("document_id", Text, primary_key=True))
"""Documents whose vectors may stand in Chroma without a committed text."""
collections = _table(
    "collections",
    _counted("number"),
    _text("id", unique=True),
    *_texts("owner", "key", "name", "created"),
    UniqueConstraint("owner", "key"),
    counts=True,
)
"""Named sets of documents; ``key`` is the name as it is compared."""
members = _table(
    "members",
    _of("collection", "collections.number", primary_key=True),
    _of("document", "documents.number", primary_key=True),
    Index("collections_of_a_document", "document"),
)
"""Which documents a collection holds."""
conversations = _table(
    "conversations",
    _counted("number"),
    _text("id", unique=True),
    *_texts("owner", "title", "created", "updated"),
    _of("collection", "collections.number", gone="SET NULL"),
    Index("conversations_of_an_owner", "owner", "number"),
    counts=True,
)
turns = _table(
    "turns",
    _counted("number"),
    _text("id", unique=True),
    _of("conversation", "conversations.number", nullable=False),
    *_texts("question", "answer"),
    Column("documents", Words),
    _text("asked"),
    Column("rating", _ID),
    _text("remark", server_default=""),
    _text("said", server_default=""),
    Index("turns_of_a_conversation", "conversation", "number"),
    counts=True,
)
"""``answer`` is the whole of it as JSON, ``said`` its text, which is searched."""
links = _table(
    "links",
    Column("digest", Text, primary_key=True),
    _text("id", unique=True),
    _of("conversation", "conversations.number", nullable=False),
    *_texts("turns", "created", "expires"),
    Index("links_of_a_conversation", "conversation"),
)
"""Read-only links to conversations; ``turns`` are the ids, as JSON, of what each one shows."""
tokens = _table(
    "tokens",
    Column("name", Text, primary_key=True),
    _text("digest", unique=True),
    _text("created"),
)
usage = _table(
    "usage",
    Column("owner", Words, primary_key=True),
    Column("day", Text, primary_key=True),
    *_numbers("requests", "tokens", "minute", "minute_requests"),
)


def among(
    connection: Connection, column: ColumnElement[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these values, however many they are."""
    if connection.dialect.name != "postgresql":
        every = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(every.c.value))
    if not isinstance(column.type, Text | Words):
        return column == any_(bindparam(None, list(values), type_=ARRAY(BigInteger())))
    # It takes neither zero characters nor halves of characters.
    texts = [one.encode("utf-8", "replace").decode().replace("\0", " ") for one in values]
    return column == any_(bindparam(None, texts, type_=ARRAY(Text())))


def id_range(number: int) -> tuple[int, int]:
    """Return the first and last id that a chunk or sentence of this document can have."""
    return number << INDEX_BITS, number << INDEX_BITS | INDEX_MASK


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insertion that can say what to do on a conflict."""
    on_postgres = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgres else sqlite.insert(table)
