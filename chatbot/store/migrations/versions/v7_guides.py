"""Guides to documents; words of scripts without spaces are found, by pairs of letters."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text

from chatbot.store import repair

revision = "7"
down_revision = "6"

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and the full text again."""
    document = ForeignKey("documents.number", ondelete="CASCADE")
    op.create_table(
        "guides",
        Column("document", _NUMBER, document, primary_key=True, autoincrement=False),
        Column("recipe", _NUMBER, nullable=False),
        Column("guide", Text, nullable=False),
    )
    repair.write_full_text(op.get_bind())
