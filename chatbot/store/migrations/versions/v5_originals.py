"""The files themselves are kept where their pages can be shown."""

from __future__ import annotations

from alembic import op

from chatbot.store.tables import originals

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add the table."""
    originals.create(op.get_bind())
