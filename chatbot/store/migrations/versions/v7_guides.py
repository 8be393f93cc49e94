"""Guides to documents; words of scripts without spaces are found, by pairs of letters."""

from __future__ import annotations

from alembic import op

from chatbot.store import repair
from chatbot.store.tables import guides

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Make the table, which has not changed since, and the full text again."""
    guides.create(op.get_bind())
    repair.write_full_text(op.get_bind())
