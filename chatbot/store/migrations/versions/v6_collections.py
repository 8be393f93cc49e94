"""Collections of documents, which one a conversation is about, and links to conversations."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, UniqueConstraint

revision = "6"
down_revision = "5"

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, **options: Any) -> Column[str]:  # noqa: ANN401 - as ``Column`` takes them
    return Column(name, Text, nullable=False, **options)


def _points_to(name: str, table: str, *, key: bool = False) -> Column[int]:
    there = ForeignKey(f"{table}.number", ondelete="CASCADE")
    return Column(name, _NUMBER, there, primary_key=key, nullable=False)


def upgrade() -> None:
    """Make the tables, and let a conversation point to a collection."""
    op.create_table(
        "collections",
        Column("number", _NUMBER, primary_key=True, autoincrement=True),
        _text("id", unique=True),
        _text("owner"),
        _text("key"),
        _text("name"),
        _text("created"),
        UniqueConstraint("owner", "key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "members",
        _points_to("collection", "collections", key=True),
        _points_to("document", "documents", key=True),
    )
    op.create_index("collections_of_a_document", "members", ["document"])
    op.create_table(
        "links",
        Column("digest", Text, primary_key=True),
        _text("id", unique=True),
        _points_to("conversation", "conversations"),
        _text("turns"),
        _text("created"),
        _text("expires"),
    )
    op.create_index("links_of_a_conversation", "links", ["conversation"])
    # By hand: Alembic adds no column with a foreign key to SQLite, which can.
    number = _NUMBER.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE conversations ADD COLUMN collection {number} "
        "REFERENCES collections (number) ON DELETE SET NULL"
    )
