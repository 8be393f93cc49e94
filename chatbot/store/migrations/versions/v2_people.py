"""Tables of people: conversations, tokens, usage, and what each has hidden."""

from __future__ import annotations

from alembic import op

revision = "2"
down_revision = "1"

_PEOPLE = (
    """CREATE TABLE hidden (
        owner TEXT NOT NULL,
        document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
        PRIMARY KEY (owner, document)
    ) WITHOUT ROWID""",
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
    """CREATE TABLE tokens (
        name TEXT PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        created TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE usage (
        owner TEXT NOT NULL,
        day TEXT NOT NULL,
        requests INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        minute INTEGER NOT NULL,
        minute_requests INTEGER NOT NULL,
        PRIMARY KEY (owner, day)
    ) WITHOUT ROWID""",
)


def upgrade() -> None:
    """Make them."""
    for statement in _PEOPLE:
        op.execute(statement)
