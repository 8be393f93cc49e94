"""What Alembic runs: the steps, on the connection and within the transaction of who asks."""

from __future__ import annotations

from alembic import context

_connection = context.config.attributes["connection"]
context.configure(connection=_connection)
context.run_migrations()
