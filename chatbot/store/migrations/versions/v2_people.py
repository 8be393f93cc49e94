"""Tables of people: conversations, tokens, usage, and what each has hidden."""

from __future__ import annotations

from alembic import op

from chatbot.store.tables import hidden, tokens, usage

revision = "2"
down_revision = "1"

_TALKS = (
    """CREATE TABLE conversations (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        created TEXT NOT NULL,
        updated TEXT NOT NULL
    )""",
    "CREATE INDEX conversations_of_an_owner ON conversations (owner, number)",
    """CREATE TABLE turns (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        documents TEXT,
        asked TEXT NOT NULL,
        rating INTEGER,
        remark TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX turns_of_a_conversation ON turns (conversation, number)",
)


def upgrade() -> None:
    """Make them; the tables that have not changed since as they are now."""
    for statement in _TALKS:
        op.execute(statement)
    for table in (hidden, tokens, usage):
        table.create(op.get_bind())
