"""Guides to documents; words of scripts without spaces are found, by pairs of letters."""

from __future__ import annotations

from alembic import op

from chatbot.store import repair
from chatbot.store.tables import METADATA, guides

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Make the table, and the full text again."""
    METADATA.create_all(op.get_bind(), [guides])
    repair.write_full_text(op.get_bind())
