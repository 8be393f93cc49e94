"""The schema: made once from ``tables``, upgraded step by step by Alembic, refused if unknown."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DatabaseError

from chatbot.errors import StoreVersionError
from chatbot.store import reading, text_index, writing
from chatbot.store.home import APPLICATION
from chatbot.store.tables import METADATA

VERSION: Final = 8
"""The newest revision in ``migrations``. SQLite's file has it as ``PRAGMA user_version`` too, so
that versions of this program from before Alembic refuse what they cannot read."""


def is_empty(connection: Connection) -> bool:
    """Return whether nothing of ours is there: it is new, or its making was cut."""
    if connection.dialect.name == "sqlite":
        count = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema")
        return int(count.scalar_one()) == 0
    return not inspect(connection).has_table("meta")


def create(connection: Connection, *, embedder: str, dimension: int) -> None:
    """Write the schema and what the store knows of itself, within one transaction."""
    METADATA.create_all(connection)
    text_index.create(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{VERSION}')")
    _mark(connection)
    writing.set_meta(
        connection,
        embedder=embedder,
        dimension=str(dimension),
        index="",
        generation="0",
        store=secrets.token_hex(6),
        initialised="0",
    )


def _mark(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def version(connection: Connection, where: str) -> int:
    """Return the version of the schema, 0 where there is none yet.

    Raises:
        StoreVersionError: a newer version wrote it, another program, or nobody knows who.
    """
    if is_empty(connection):
        return 0
    found = _version(connection)
    if found < 1:
        raise StoreVersionError(
            f"{where} was written by another program, or by a version too old to upgrade. Choose "
            "another directory with CHATBOT_DATA_DIR and add the documents again."
        )
    if found > VERSION:
        raise StoreVersionError(
            f"{where} was written by a newer version (schema {found}, this one reads up to "
            f"{VERSION}): upgrade this program or choose another directory."
        )
    return found


def _version(connection: Connection) -> int:
    """Return the version, 0 of others; SQLite's file says it itself, also from before Alembic."""
    if connection.dialect.name == "sqlite":
        application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        return int(version) if application == APPLICATION else 0
    try:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        return int(found.scalar_one())
    except (DatabaseError, ValueError):
        return 0


def upgrade(connection: Connection, found: int) -> None:
    """Bring the schema to this version, within one transaction."""
    from alembic import command  # it costs time to import, and is seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "chatbot.store:migrations")
    config.attributes["connection"] = connection
    if not inspect(connection).has_table("alembic_version"):
        command.stamp(config, str(found))
    command.upgrade(config, str(VERSION))
    _mark(connection)
    if "store" not in reading.meta(connection):
        writing.set_meta(connection, store=secrets.token_hex(6))
