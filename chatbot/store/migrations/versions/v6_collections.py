"""Collections of documents, which one a conversation is about, and links to conversations."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Integer

from chatbot.store.tables import METADATA, collections, links, members

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Make the tables, and let a conversation point to a collection."""
    METADATA.create_all(op.get_bind(), [collections, members, links])
    # By hand: Alembic adds no column with a foreign key to SQLite, which can.
    number = BigInteger().with_variant(Integer(), "sqlite").compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE conversations ADD COLUMN collection {number} "
        "REFERENCES collections (number) ON DELETE SET NULL"
    )
