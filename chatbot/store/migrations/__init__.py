"""The schema's versions, for Alembic. Stores from before version 4 stand in SQLite only."""
