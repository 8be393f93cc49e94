"""What is written to SQLite. Each function gets the writing connection within a transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chatbot.store import sql
from chatbot.store.reading import id_range, json_list
from chatbot.store.records import NewDocument
from chatbot.store.vectors import pack, quantise
from chatbot.types import ParsedDocument

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


def now() -> str:
    """Return the time as it is stored: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def add_pending(connection: sqlite3.Connection, document_ids: Iterable[str]) -> None:
    """Note that vectors of these documents may stand in Chroma without a committed text."""
    connection.executemany(sql.ADD_PENDING, [(document_id,) for document_id in document_ids])


def drop_pending(connection: sqlite3.Connection, document_ids: Iterable[str]) -> None:
    """Forget what ``add_pending`` noted."""
    connection.executemany(sql.DROP_PENDING, [(document_id,) for document_id in document_ids])


def chunk_bounds(parsed: ParsedDocument) -> list[tuple[int, int]]:
    """Return for each chunk where its passage starts and ends: at the next one's start."""
    starts = [parsed.sentences[chunk.first].start for chunk in parsed.chunks]
    return list(zip(starts, [*starts[1:], len(parsed.document.text)], strict=False))


def add_document(connection: sqlite3.Connection, item: NewDocument, added: str) -> int:
    """Write a document with all that belongs to it but its source, and return its number."""
    parsed, document = item.parsed, item.parsed.document
    bounds = chunk_bounds(parsed)
    row = (
        document.id,
        document.kind,
        document.text[: bounds[0][0]] if bounds else document.text,
        len(parsed.sentences),
        len(parsed.chunks),
        added,
        json.dumps(list(document.warnings)),
    )
    number = int(connection.execute(sql.ADD_DOCUMENT, row).fetchone()[0])
    first, last = id_range(number)
    connection.executemany(
        sql.ADD_CHUNK,
        [
            (first + chunk.index, chunk.first, chunk.last, start, document.text[start:end])
            for chunk, (start, end) in zip(parsed.chunks, bounds, strict=True)
        ],
    )
    ids = [first + chunk.index for chunk in parsed.chunks]
    set_vectors(connection, ids, item.vectors.chunks, item.vectors.sentences)
    connection.executemany(sql.ADD_SENTENCE, _sentence_rows(parsed, first))
    connection.execute(sql.ADD_FULL_TEXT, (first, last))
    return number


def set_vectors(
    connection: sqlite3.Connection,
    chunk_ids: Sequence[int],
    chunks: Vectors,
    sentences: Sequence[Vectors] | None,
) -> None:
    """Write the vectors of n chunks: (n, dimension), and for each (k, dimension) or None."""
    connection.executemany(sql.SET_VECTOR, zip(chunk_ids, map(pack, chunks), strict=True))
    if sentences is not None:
        packed = zip(chunk_ids, map(quantise, sentences), strict=True)
        connection.executemany(sql.SET_SENTENCE_VECTORS, packed)


def _sentence_rows(parsed: ParsedDocument, base: int) -> list[tuple[object, ...]]:
    return [
        (
            base + index,
            base + chunk.index,
            parsed.sentences[index].start,
            parsed.sentences[index].end,
            parsed.sentences[index].page,
            parsed.sentences[index].heading,
            parsed.sentences[index].paragraph,
            parsed.sentences[index].header,
        )
        for chunk in parsed.chunks
        for index in range(chunk.first, chunk.last + 1)
    ]


def set_source(
    connection: sqlite3.Connection, item: NewDocument, number: int, added: str
) -> int | None:
    """Let the source point to this document, and return the number of the one it pointed to.

    A source that points to it already only has its texts renewed.
    """
    document = item.parsed.document
    texts = (document.title, document.source, item.fingerprint)
    same = connection.execute(sql.SAME_SOURCE, (*texts, item.owner, item.key, number))
    if same.rowcount:
        return None
    before = connection.execute(sql.DROP_SOURCE, (item.owner, item.key)).fetchall()
    connection.execute(sql.ADD_SOURCE, (*texts, item.owner, item.key, number, added))
    return int(before[0][0]) if before else None


def drop_document(connection: sqlite3.Connection, number: int) -> None:
    """Delete a document with its sources, sentences, full text, chunks and vectors."""
    ids = id_range(number)
    connection.execute(sql.DROP_FULL_TEXT, ids)
    connection.execute(sql.DROP_SENTENCES, ids)
    connection.execute(sql.DROP_CHUNKS, ids)
    connection.execute(sql.DROP_SOURCES, (number,))
    connection.execute(sql.DROP_DOCUMENT, (number,))


def take_away(connection: sqlite3.Connection, number: int, owner: str) -> None:
    """Take away a person's own copy of a document, or hide everybody's where they have none."""
    if not connection.execute(sql.DROP_SOURCES_OF_OWNER, (number, owner)).rowcount:
        connection.execute(sql.HIDE, (owner, number))


def retire_documents(connection: sqlite3.Connection, numbers: Iterable[int]) -> tuple[str, ...]:
    """Delete those of the documents that no source points to any more, and return their ids."""
    retired = connection.execute(sql.WITHOUT_SOURCE, (json_list(list(numbers)),)).fetchall()
    for number, _ in retired:
        drop_document(connection, number)
    return tuple(document_id for _, document_id in retired)


def set_meta(connection: sqlite3.Connection, **values: str) -> None:
    """Write what the store knows of itself."""
    connection.executemany(sql.SET_META, list(values.items()))


def next_generation(connection: sqlite3.Connection) -> None:
    """Tell all readers, of other processes too, that what they remember is out of date."""
    connection.execute(sql.NEXT_GENERATION)
