"""Guides to documents."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text

revision = "7"
down_revision = "6"

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    document = ForeignKey("documents.number", ondelete="CASCADE")
    op.create_table(
        "guides",
        Column("document", _NUMBER, document, primary_key=True, autoincrement=False),
        Column("recipe", _NUMBER, nullable=False),
        Column("guide", Text, nullable=False),
    )
