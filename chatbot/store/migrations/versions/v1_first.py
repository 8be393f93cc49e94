"""The first schema. Only earlier versions of this program wrote it."""

from __future__ import annotations

revision = "1"
down_revision = None


def upgrade() -> None:
    """Nothing: a new store is made from ``chatbot.store.tables``, at the newest version."""
