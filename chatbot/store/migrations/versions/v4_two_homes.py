"""One schema for SQLite and PostgreSQL: the full text over our own stems, counts in a table."""

from __future__ import annotations

from alembic import op

from chatbot.store import repair, text_index

revision = "4"
down_revision = "3"

_STEPS = (
    "ALTER TABLE documents ADD COLUMN word_count INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE turns ADD COLUMN said TEXT NOT NULL DEFAULT ''",
    "UPDATE turns SET said = coalesce(json_extract(answer, '$.text'), '')",
    "DROP TABLE full_text",
    "DROP VIEW sentence_texts",
    "ALTER TABLE sentences ADD COLUMN words INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sentences ADD COLUMN stems TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE terms (term TEXT NOT NULL PRIMARY KEY, sentences INTEGER NOT NULL)",
)


def upgrade() -> None:
    """Make the tables as they are now, and the full text again."""
    for statement in _STEPS:
        op.execute(statement)
    text_index.create(op.get_bind())
    repair.write_full_text(op.get_bind())
