"""PostgreSQL's index says how often a word stands in a sentence, and is read from one place."""

from __future__ import annotations

from alembic import op

from chatbot.store import repair

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Make the full text again where it is PostgreSQL's."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX sentences_by_stem")
        repair.write_full_text(op.get_bind())
        op.execute(
            "CREATE INDEX sentences_by_stem ON sentences USING gin (stems) WITH (fastupdate = off)"
        )
