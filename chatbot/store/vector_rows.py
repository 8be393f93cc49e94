"""The vectors as they are read from the tables, some thousand at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from chatbot.store import reading
from chatbot.store import tables as t
from chatbot.store.records import ChunkKey
from chatbot.store.tables import INDEX_BITS, INDEX_MASK, among, id_range
from chatbot.store.vectors import unpack

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_AT_ONCE: Final = 4096
_V: Final = t.vectors.c


def vectors_of(
    connection: Connection, dimension: int, ids: Sequence[int]
) -> tuple[list[int], Vectors]:
    """Return those of the chunks that are there, ascending, and their vectors (n, dimension)."""
    wanted = select(_V.id, _V.vector).where(among(_V.id, ids)).order_by(_V.id)
    rows = connection.execute(wanted).all()
    return [row.id for row in rows], unpack([row.vector for row in rows], dimension)


def all_vectors(connection: Connection, dimension: int) -> Iterator[tuple[list[int], Vectors]]:
    """Yield ids and vectors (n, dimension) of all chunks, ascending, some thousand at once."""
    last = -1
    while True:  # nothing large is held twice
        wanted = select(_V.id, _V.vector).where(_V.id > last).order_by(_V.id).limit(_AT_ONCE)
        rows = connection.execute(wanted).all()
        if not rows:
            return
        yield [row.id for row in rows], unpack([row.vector for row in rows], dimension)
        last = rows[-1].id


def keyed_vectors(
    connection: Connection, dimension: int
) -> Iterator[tuple[list[ChunkKey], Vectors]]:
    """Yield the keys and vectors (n, dimension) of all chunks, some thousand at once."""
    names = {size.number: size.document_id for size in reading.document_sizes(connection)}
    for ids, vectors in all_vectors(connection, dimension):
        keys = [
            ChunkKey(document_id=names[id_ >> INDEX_BITS], index=id_ & INDEX_MASK) for id_ in ids
        ]
        yield keys, vectors


def sample_vectors(connection: Connection, dimension: int, most: int) -> Vectors:
    """Return about ``most`` vectors (n, dimension), evenly spread over all chunks."""
    ids: list[int] = []
    step = max(1, reading.count_chunks(connection) // most)
    skip = 0
    for size in reading.document_sizes(connection):
        ids += [id_range(size.number)[0] + index for index in range(skip, size.chunks, step)]
        skip = (skip - size.chunks) % step
    return vectors_of(connection, dimension, ids)[1]
