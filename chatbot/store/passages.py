"""Sentences, chunks and their vectors, as they are read from the tables.

A document's number is given once and its text never changes, so what was read of a chunk stays
true as long as the vectors are those of the same index, and is remembered. Who sees which document,
and under which title, is asked again each time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Connection, Row, select

from chatbot.store import reading
from chatbot.store import tables as t
from chatbot.store.records import ChunkContent, ChunkKey, StoredChunk, chunk_content
from chatbot.store.tables import INDEX_BITS, INDEX_MASK, among, id_range
from chatbot.store.vectors import dequantise, unpack
from chatbot.types import Sentence

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

MOST_KEPT: Final = 3_000
"""Chunks that are remembered: about 10 KB each, most of it the vectors of five sentences."""
_AT_ONCE: Final = 4096
_V: Final = t.vectors.c
_OF: Final = t.sentences.c
_SENTENCE: Final[tuple[ColumnElement[Any], ...]] = (
    _OF.id, _OF.chunk, _OF.start, _OF.stop, _OF.page, _OF.heading, _OF.paragraph, _OF.header
)  # fmt: skip


def sentences(
    connection: Connection, document_id: str, owner: str | None = None, *, last: int | None = None
) -> list[Sentence]:
    """Return a document's sentences in their order, all or the last few."""
    ids = id_range(reading.number_of(connection, document_id, owner))
    chunk = t.chunks.c
    every = (
        select(*_SENTENCE, chunk.start.label("chunk_start"), chunk.passage)
        .join_from(t.sentences, t.chunks, chunk.id == _OF.chunk)
        .where(_OF.id.between(*ids))
    )
    rows = connection.execute(every.order_by(_OF.id.desc()).limit(last)).all()
    return [_sentence(row, row.chunk_start, row.passage) for row in reversed(rows)]


def _sentence(row: Row[Any], chunk_start: int, passage: str) -> Sentence:
    return Sentence(
        index=row.id & INDEX_MASK,
        start=row.start,
        end=row.stop,
        text=passage[row.start - chunk_start : row.stop - chunk_start],
        page=row.page,
        heading=row.heading,
        paragraph=row.paragraph,
        header=row.header,
    )


def sentence_texts(
    connection: Connection, *, after: int = -1, at_once: int = 2000
) -> Iterator[list[tuple[int, str]]]:
    """Yield ids and texts of the sentences with ids beyond ``after``, some at once."""
    chunk = t.chunks.c
    wanted = select(
        _OF.id,
        (_OF.start - chunk.start).label("first"),
        (_OF.stop - chunk.start).label("last"),
        chunk.passage,
    ).join_from(t.sentences, t.chunks, chunk.id == _OF.chunk)
    for rows in reading.pages(connection, wanted, _OF.id, at_once, after):
        yield [(row.id, row.passage[row.first : row.last]) for row in rows]


def chunks(connection: Connection, chunk_ids: Sequence[int]) -> dict[int, ChunkContent]:
    """Return by id those of the chunks that are there."""
    chunk = t.chunks.c
    whole = select(chunk.id, chunk.first, chunk.last, chunk.start, chunk.passage)
    rows = connection.execute(whole.where(among(connection, chunk.id, chunk_ids)))
    held = {row.id: row for row in rows}
    # By their ids, which are the key: ``sentences.chunk`` has no index, and where the range is that
    # of a chunk in the same statement PostgreSQL looks at all sentences.
    ids = [
        id_ & ~INDEX_MASK | index
        for id_, row in held.items()
        for index in range(row.first, row.last + 1)
    ]
    wanted = select(*_SENTENCE).where(among(connection, _OF.id, ids)).order_by(_OF.id)
    found: dict[int, list[Sentence]] = {}
    for row in connection.execute(wanted):
        of = held[row.chunk]
        found.setdefault(row.chunk, []).append(_sentence(row, of.start, of.passage))
    kept = t.sentence_vectors.c
    packed = select(kept.id, kept.vectors).where(among(connection, kept.id, found))
    vectors = {id_: dequantise(data, len(found[id_])) for id_, data in connection.execute(packed)}
    return {id_: chunk_content(sentences, vectors.get(id_)) for id_, sentences in found.items()}


def chunks_of_sentences(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Return the chunk of each of the sentences."""
    wanted = select(_OF.id, _OF.chunk).where(among(connection, _OF.id, ids))
    return dict(connection.execute(wanted).all())


def vectors_of(connection: Connection, ids: Sequence[int]) -> tuple[list[int], Vectors]:
    """Return those of the chunks that are there, ascending, and their vectors (n, dimension)."""
    wanted = select(_V.id, _V.vector).where(among(connection, _V.id, ids)).order_by(_V.id)
    return _unpacked(connection.execute(wanted).all())


def all_vectors(connection: Connection) -> Iterator[tuple[list[int], Vectors]]:
    """Yield ids and vectors (n, dimension) of all chunks, ascending, some thousand at once."""
    for rows in reading.pages(connection, select(_V.id, _V.vector), _V.id, _AT_ONCE):
        yield _unpacked(rows)


def _unpacked(rows: Sequence[Any]) -> tuple[list[int], Vectors]:
    return [row.id for row in rows], unpack([row.vector for row in rows])


def sample_vectors(connection: Connection, most: int) -> Vectors:
    """Return about ``most`` vectors (n, dimension), evenly spread over all chunks."""
    ids = [
        size.number << INDEX_BITS | index
        for size in reading.sizes(connection)
        for index in range(size.chunk_count)
    ]
    return vectors_of(connection, ids[:: max(1, len(ids) // most)])[1]


class ChunkReader:
    """Reads the chunks of one store. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, int], ChunkContent] = LRUCache(MOST_KEPT)

    def read(
        self,
        connection: Connection,
        keys: Sequence[ChunkKey],
        *,
        index: str,
        owner: str | None = None,
    ) -> list[StoredChunk]:
        """Return the chunks with these keys, each once, in their order; gone ones are left out.

        ``index`` is the name of the vector index of this transaction.
        """
        rows = reading.rows_of(connection, list({key.document_id for key in keys}), owner)
        wanted = {
            rows[key.document_id].number << INDEX_BITS | key.index: key
            for key in keys
            if key.document_id in rows and 0 <= key.index <= INDEX_MASK
        }
        contents = self._contents(connection, list(wanted), index)
        return [
            StoredChunk(
                key=key,
                title=rows[key.document_id].title,
                source=rows[key.document_id].source,
                content=contents[chunk_id],
            )
            for chunk_id, key in wanted.items()
            if chunk_id in contents
        ]

    def _contents(
        self, connection: Connection, ids: Sequence[int], index: str
    ) -> dict[int, ChunkContent]:
        with self._lock:
            kept = {id_: self._kept.get((index, id_)) for id_ in ids}
        known = {id_: content for id_, content in kept.items() if content is not None}
        if len(known) < len(ids):
            missing = [id_ for id_ in ids if id_ not in known]
            new = chunks(connection, missing)
            with self._lock:
                self._kept.update(((index, id_), content) for id_, content in new.items())
            known |= new
        return known
