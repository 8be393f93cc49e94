"""A row of a table knows its header row."""

from __future__ import annotations

from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE sentences ADD COLUMN header TEXT")
