"""Collections of documents, which one a conversation is about, and links to conversations."""

from __future__ import annotations

from alembic import op

from chatbot.store.tables import collections, links, members

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Make the tables, which have not changed since, and let a conversation name a collection."""
    for table in (collections, members, links):
        table.create(op.get_bind())
    # By hand: Alembic adds no column with a foreign key to SQLite, which can.
    number = collections.c.number.type.compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE conversations ADD COLUMN collection {number} "
        "REFERENCES collections (number) ON DELETE SET NULL"
    )
