"""The vectors as they are read from SQLite, some thousand at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from chatbot.store import sql
from chatbot.store.reading import count_chunks, document_sizes, id_range, json_list
from chatbot.store.records import ChunkKey
from chatbot.store.vectors import unpack

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_VECTORS_AT_ONCE: Final = 4096


def vectors_between(
    connection: sqlite3.Connection, dimension: int, first: int, last: int
) -> Iterator[tuple[list[int], Vectors]]:
    """Yield ids and vectors (n, dimension) of the chunks in a range of ids, some at once."""
    rows = connection.execute(sql.GET_VECTORS, (first, last))
    while part := rows.fetchmany(_VECTORS_AT_ONCE):  # nothing large is held twice
        yield [row[0] for row in part], unpack([row[1] for row in part], dimension)


def vectors_of(
    connection: sqlite3.Connection, dimension: int, numbers: Sequence[int]
) -> Iterator[tuple[list[int], Vectors]]:
    """Yield ids and vectors (n, dimension) of the chunks of these documents, likewise."""
    rows = connection.execute(sql.GET_VECTORS_OF, (json_list(numbers),))
    while part := rows.fetchmany(_VECTORS_AT_ONCE):
        yield [row[0] for row in part], unpack([row[1] for row in part], dimension)


def all_vectors(
    connection: sqlite3.Connection, dimension: int
) -> Iterator[tuple[list[ChunkKey], Vectors]]:
    """Yield the keys and vectors (n, dimension) of all chunks, some thousand at once."""
    names = {row[0]: row[1] for row in document_sizes(connection)}
    for ids, vectors in vectors_between(connection, dimension, 0, sql.LAST_ID):
        yield (
            [
                ChunkKey(document_id=names[id_ >> sql.INDEX_BITS], index=id_ & sql.INDEX_MASK)
                for id_ in ids
            ],
            vectors,
        )


def sample_vectors(connection: sqlite3.Connection, dimension: int, most: int) -> Vectors:
    """Return about ``most`` vectors (n, dimension), evenly spread over all chunks."""
    ids: list[int] = []
    step = max(1, count_chunks(connection) // most)
    skip = 0
    for number, _, chunks, _ in document_sizes(connection):
        ids += [id_range(number)[0] + index for index in range(skip, chunks, step)]
        skip = (skip - chunks) % step
    rows = connection.execute(sql.GET_SOME_VECTORS, (json_list(ids),)).fetchall()
    return unpack([vector for (vector,) in rows], dimension)
