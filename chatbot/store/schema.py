"""The schema of the SQLite file: written once, upgraded step by step, refused if unknown."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from chatbot.errors import EmbedderMismatch, StoreVersionError
from chatbot.store import sql, writing
from chatbot.store.connections import Connections


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether the file holds nothing at all: it is new, or its making was cut."""
    return int(connection.execute(sql.COUNT_TABLES).fetchone()[0]) == 0


def create(connections: Connections, *, embedder: str, dimension: int) -> None:
    """Write the schema and what the store knows of itself, in one transaction."""
    with connections.writing() as connection:
        for statement in sql.SCHEMA.split(";\n"):
            connection.execute(statement)
        writing.set_meta(
            connection,
            embedder=embedder,
            dimension=str(dimension),
            index="",
            created_by=_own_version(),
            generation="0",
            initialised="0",
        )


def _own_version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow, and for new stores only

    try:
        return version("chatbot")
    except PackageNotFoundError:
        return "unknown"


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema in the file.

    Raises:
        StoreVersionError: a newer version wrote it, another program, or nobody knows who.
    """
    if connection.execute(sql.GET_APPLICATION).fetchone()[0] != sql.APPLICATION:
        raise StoreVersionError(
            f"{path} was not written by this program or by a version too old to upgrade: choose "
            "another directory with CHATBOT_DATA_DIR and add the documents again."
        )
    found = int(connection.execute(sql.GET_VERSION).fetchone()[0])
    if found > sql.VERSION:
        raise StoreVersionError(
            f"{path} was written by a newer version (schema {found}, this one reads up to "
            f"{sql.VERSION}): upgrade this program or choose another directory."
        )
    if any(step not in sql.MIGRATIONS for step in range(found, sql.VERSION)):
        raise StoreVersionError(
            f"{path} was written by a version too old to upgrade (schema {found}, this one writes "
            f"{sql.VERSION}): choose another directory and add the documents again."
        )
    return found


def upgrade(connections: Connections, found: int) -> None:
    """Bring the schema to this version, one transaction for each step."""
    for step in range(found, sql.VERSION):
        with connections.writing() as connection:
            for statement in sql.MIGRATIONS[step].split(";\n"):
                connection.execute(statement)
            connection.execute(sql.SET_VERSION.format(version=step + 1))


def check_embedder(meta: dict[str, str], path: Path, *, embedder: str, dimension: int) -> None:
    """Check that the store's vectors come from this model.

    Raises:
        EmbedderMismatch: they come from another one.
    """
    if (meta["embedder"], meta["dimension"]) == (embedder, str(dimension)):
        return
    raise EmbedderMismatch(
        f"The store in {path.parent} was written with the embedding model {meta['embedder']} "
        f"({meta['dimension']} numbers), and the settings name {embedder} ({dimension}): set the "
        "old model again, or run `chatbot doctor --reembed` to use the new one."
    )
