"""Makes the vector index and the full text again, from what the tables keep.

A new index is made beside the old one and named in the tables when it is complete, so that a
repair that is cut, or finds the disk full, changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from chatbot.store import passages, reading, text_index, writing
from chatbot.store import tables as t
from chatbot.store.records import ChunkContent, ChunkKey
from chatbot.store.tables import INDEX_MASK, id_range
from chatbot.store.text_index import index_stems
from chatbot.types import Span

if TYPE_CHECKING:
    from chatbot.models.embedder import Embedder
    from chatbot.store.opening import Parts

_BATCH: Final = 64
"""Chunks that are embedded at once."""


def rebuild(parts: Parts) -> None:
    """Make the vector index and the full text again from the tables; nothing is embedded.

    Args:
        parts: of a store that is open for writing; best with ``for_repair``.
    """
    rebuild_full_text(parts)
    rebuild_index(parts)


def rebuild_index(parts: Parts, *, unless_there: bool = False) -> None:
    """Make the vector index again from the tables; nothing is embedded.

    Args:
        parts: of the store, open for writing.
        unless_there: do nothing where another process has made one meanwhile.
    """
    with parts.home.sweeping():
        if unless_there and parts.index.is_there():
            return
        with parts.index.renewed() as chroma:
            with parts.home.reading() as connection:
                for ids, vectors in passages.all_vectors(connection):
                    chroma.upsert(reading.chunk_keys(connection, ids), vectors)
            with parts.home.writing(alone=True) as connection:
                parts.index.switch(connection, chroma)


def rebuild_full_text(parts: Parts) -> None:
    """Make the full text again from the stored sentences."""
    with parts.home.writing(alone=True) as connection:
        write_full_text(connection)
        writing.next_generation(connection)


def write_full_text(connection: Connection) -> None:
    """Write the stems of all sentences and their counts again, within a transaction."""
    of = t.sentences.c
    change = update(t.sentences).where(of.id == bindparam("at"))
    counts: Counter[str] = Counter()
    for texts in passages.sentence_texts(connection):
        rows: list[dict[str, Any]] = []
        for id_, sentence in texts:
            stems = index_stems(sentence)
            counts.update(text_index.held(connection, stems))
            rows.append(
                {"at": id_, "stems": text_index.value(connection, stems), "words": len(stems)}
            )
        connection.execute(change, rows)
    first = t.documents.c.number * (INDEX_MASK + 1)
    total = select(func.coalesce(func.sum(of.words), 0)).where(
        of.id.between(first, first + INDEX_MASK)
    )
    connection.execute(update(t.documents).values(word_count=total.scalar_subquery()))
    connection.execute(delete(t.terms))
    text_index.count(connection, counts)
    text_index.rebuild(connection)


def embed_again(parts: Parts, embedder: Embedder) -> None:
    """Write all vectors again with this model, in one transaction and a new index.

    Args:
        parts: of a store that is open for writing with ``for_repair``. It must be opened again
            before it is searched, since it keeps the dimension it was opened with.
        embedder: the model to use from now on.
    """
    with (
        parts.home.sweeping(),
        parts.index.renewed() as chroma,
        parts.home.writing(alone=True) as connection,
    ):
        connection.execute(delete(t.sentence_vectors))
        connection.execute(delete(t.vectors))
        for size in reading.sizes(connection):
            text = reading.document(connection, size.id).text
            first = id_range(size.number)[0]
            for start in range(first, first + size.chunk_count, _BATCH):
                batch = range(start, min(start + _BATCH, first + size.chunk_count))
                chunks = passages.chunks(connection, batch)
                ids = list(chunks)
                vectors = embedder.embed_chunks(*_passages(text, chunks.values()))
                writing.set_vectors(connection, ids, vectors.chunks, vectors.sentences)
                keys = [ChunkKey(document_id=size.id, index=id_ & INDEX_MASK) for id_ in ids]
                chroma.upsert(keys, vectors.chunks)
        writing.set_meta(connection, embedder=embedder.name, dimension=str(embedder.dimension))
        parts.index.switch(connection, chroma)


def _passages(text: str, chunks: Iterable[ChunkContent]) -> tuple[list[str], list[list[Span]]]:
    passages, spans = [], []
    for chunk in chunks:
        start = chunk.sentences[0].start
        passages.append(text[start : chunk.sentences[-1].end])
        spans.append([Span(start=s.start - start, end=s.end - start) for s in chunk.sentences])
    return passages, spans
