"""Makes the vector index anew, from the stored vectors or with another embedding model.

The new index is made beside the old one and named in SQLite when it is complete, so that a repair
that is cut changes nothing.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from chatbot.errors import StoreDamaged
from chatbot.store import adding, reading, sql, vector_rows, writing
from chatbot.store.chroma import ChromaIndex
from chatbot.store.opening import Parts
from chatbot.store.records import ChunkContent, ChunkKey, NewDocument
from chatbot.types import Span

if TYPE_CHECKING:
    from chatbot.models.embedder import Embedder

_log = logging.getLogger(__name__)

_BATCH: Final = 64
"""Chunks that are embedded at once."""


def rebuild_index(parts: Parts) -> ChromaIndex:
    """Make the vector index anew from SQLite, and return it; nothing is embedded.

    Raises:
        StoreError: the disk is full.
    """
    with _new_index(parts) as chroma:
        with parts.connections.reading() as connection:
            for keys, vectors in vector_rows.all_vectors(connection, parts.dimension):
                chroma.upsert(keys, vectors)
        with parts.connections.writing() as connection:
            connection.execute(sql.DROP_ALL_PENDING)
            parts.index.switch(connection, chroma)
    return chroma


def index_new(parts: Parts, new: Sequence[NewDocument]) -> None:
    """Put the vectors of new documents into the index, made anew where it cannot be used.

    Raises:
        StoreError: the disk is full.
    """
    try:
        _index(parts, parts.index.open(), new)
    except StoreDamaged as error:
        # All of it can be made again from SQLite, as after a disk that was full.
        if parts.index.name():
            _log.warning("The vector index is made again from the documents: %s", error)
        _index(parts, rebuild_index(parts), new)


def _index(parts: Parts, chroma: ChromaIndex, new: Sequence[NewDocument]) -> None:
    adding.note_intent(parts.connections, new)
    adding.index_documents(chroma, new)


def rebuild_full_text(parts: Parts) -> None:
    """Make the full text anew from the stored sentences.

    Raises:
        StoreError: the disk is full.
    """
    with parts.connections.writing() as connection:
        connection.execute(sql.REBUILD_FULL_TEXT)
        writing.next_generation(connection)
        writing.set_meta(connection, full_text=str(reading.generation(connection)))


def embed_again(parts: Parts, embedder: Embedder) -> None:
    """Write all vectors anew with this model, in one transaction and a new index.

    Raises:
        StoreError: the disk is full.
    """
    with _new_index(parts) as chroma, parts.connections.writing() as connection:
        connection.execute(sql.DROP_SENTENCE_VECTORS)
        connection.execute(sql.DROP_VECTORS)
        for number, document_id, count, _ in reading.document_sizes(connection):
            text = reading.document(connection, document_id).text
            for chunks in _batches(connection, number, count):
                ids = list(chunks)
                vectors = embedder.embed_chunks(*_passages(text, chunks.values()))
                writing.set_vectors(connection, ids, vectors.chunks, vectors.sentences)
                keys = [
                    ChunkKey(document_id=document_id, index=chunk_id & sql.INDEX_MASK)
                    for chunk_id in ids
                ]
                chroma.upsert(keys, vectors.chunks)
        writing.set_meta(connection, embedder=embedder.name, dimension=str(embedder.dimension))
        connection.execute(sql.DROP_ALL_PENDING)
        parts.index.switch(connection, chroma)


@contextmanager
def _new_index(parts: Parts) -> Iterator[ChromaIndex]:
    chroma = parts.index.make()
    try:
        yield chroma
    except BaseException:
        chroma.close()
        raise
    parts.index.adopt(chroma)


def _batches(
    connection: sqlite3.Connection, number: int, count: int
) -> Iterator[dict[int, ChunkContent]]:
    first = reading.id_range(number)[0]
    for start in range(first, first + count, _BATCH):
        yield reading.chunks(connection, range(start, min(start + _BATCH, first + count)))


def _passages(text: str, chunks: Iterable[ChunkContent]) -> tuple[list[str], list[list[Span]]]:
    passages, spans = [], []
    for chunk in chunks:
        start = chunk.sentences[0].start
        passages.append(text[start : chunk.sentences[-1].end])
        spans.append([Span(start=s.start - start, end=s.end - start) for s in chunk.sentences])
    return passages, spans
