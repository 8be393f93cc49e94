"""What is read from SQLite, as our values: one function for each question asked of the store.

Each function gets a connection within a read transaction. None of them knows Chroma.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chatbot.errors import DocumentNotFound
from chatbot.store import sql
from chatbot.store.records import ChunkKey, SourceRecord, StoredChunk, StoredSentence
from chatbot.store.vectors import ChunkMatrix, dequantise, unpack
from chatbot.types import Document, Sentence

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the store knows of itself."""
    return dict(connection.execute(sql.GET_META))


def generation(connection: sqlite3.Connection) -> int:
    """Return the number of the last committed change."""
    return int(connection.execute(sql.GET_META_VALUE, ("generation",)).fetchone()[0])


def id_range(number: int) -> tuple[int, int]:
    """Return the first and last id that a chunk or sentence of this document can have."""
    return number << sql.INDEX_BITS, number << sql.INDEX_BITS | sql.INDEX_MASK


def documents(connection: sqlite3.Connection, owner: str | None = None) -> list[Document]:
    """Return all documents that the owner sees, oldest first; None sees all."""
    rows = connection.execute(sql.GET_DOCUMENTS, {"owner": owner}).fetchall()
    return [_document(connection, row) for row in rows]


def document(
    connection: sqlite3.Connection, document_id: str, owner: str | None = None
) -> Document:
    """Return one document.

    Raises:
        DocumentNotFound: no document that the owner sees has this id.
    """
    row = connection.execute(sql.GET_DOCUMENT, {"id": document_id, "owner": owner}).fetchone()
    if row is None:
        raise not_found(document_id)
    return _document(connection, row)


def not_found(document_id: str) -> DocumentNotFound:
    """Return the error for an unknown id."""
    return DocumentNotFound(
        f"No document has the id {document_id[:80]!r}: `chatbot list` shows the ids."
    )


def _document(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Document:
    number, document_id, kind, head, sentence_count, added, warnings, title, source, owner = row
    passages = connection.execute(sql.GET_PASSAGES, id_range(number))
    return Document(
        id=document_id,
        title=title,
        source=source,
        kind=kind,
        text=head + "".join(passage for _, passage in passages),
        sentence_count=sentence_count,
        added=added,
        warnings=tuple(json.loads(warnings)),
        owner=owner,
    )


def seen_ids(connection: sqlite3.Connection, owner: str | None) -> list[str]:
    """Return the ids of the documents that the owner sees."""
    return [name for (name,) in connection.execute(sql.GET_SEEN, {"owner": owner})]


def count_documents(connection: sqlite3.Connection) -> int:
    """Return the number of all documents."""
    return int(connection.execute(sql.COUNT_DOCUMENTS).fetchone()[0])


def number_of(connection: sqlite3.Connection, document_id: str, owner: str | None = None) -> int:
    """Return a document's number.

    Raises:
        DocumentNotFound: no document that the owner sees has this id.
    """
    row = connection.execute(sql.GET_NUMBER, {"id": document_id, "owner": owner}).fetchone()
    if row is None:
        raise not_found(document_id)
    return int(row[0])


def numbers_of(connection: sqlite3.Connection, document_ids: Sequence[str]) -> list[int]:
    """Return the numbers of the documents among these ids, ascending."""
    return [number for (number,) in connection.execute(sql.GET_NUMBERS, (json_list(document_ids),))]


def known_ids(
    connection: sqlite3.Connection, document_ids: Sequence[str], owner: str | None = None
) -> set[str]:
    """Return those of the ids that the owner sees."""
    values = {"ids": json_list(document_ids), "owner": owner}
    return {name for (name,) in connection.execute(sql.GET_KNOWN, values)}


def pending(connection: sqlite3.Connection) -> list[tuple[str, bool]]:
    """Return the ids that ``writing.add_pending`` noted, and whether each is committed."""
    return [(name, bool(committed)) for name, committed in connection.execute(sql.GET_PENDING)]


def document_sizes(connection: sqlite3.Connection) -> list[tuple[int, str, int]]:
    """Return number, id and number of chunks of every document."""
    return connection.execute(sql.GET_SIZES).fetchall()


def source(connection: sqlite3.Connection, key: str, owner: str) -> SourceRecord | None:
    """Return the source with this key, or None."""
    row = connection.execute(sql.GET_SOURCE, (owner, key)).fetchone()
    if row is None:
        return None
    return SourceRecord(key=row[0], owner=row[1], document_id=row[2], fingerprint=row[3])


def sentences(
    connection: sqlite3.Connection, document_id: str, owner: str | None = None
) -> list[Sentence]:
    """Return a document's sentences in their order.

    Raises:
        DocumentNotFound: no document that the owner sees has this id.
    """
    number = number_of(connection, document_id, owner)
    return [_sentence(row) for row in connection.execute(sql.GET_SENTENCES, id_range(number))]


def _sentence(row: tuple[Any, ...]) -> Sentence:
    sentence_id, _, start, end, page, heading, paragraph, chunk_start, passage = row
    return Sentence(
        index=sentence_id & sql.INDEX_MASK,
        start=start,
        end=end,
        text=passage[start - chunk_start : end - chunk_start],
        page=page,
        heading=heading,
        paragraph=paragraph,
    )


def chunks(
    connection: sqlite3.Connection,
    keys: Sequence[ChunkKey],
    *,
    dimension: int | None = None,
    owner: str | None = None,
) -> list[StoredChunk]:
    """Return the chunks with these keys in their order; those that are gone are left out.

    Args:
        connection: within a read transaction.
        keys: which chunks.
        dimension: of the sentences' vectors; None leaves them out.
        owner: who asks: what they do not see is left out; None sees all.
    """
    origins = {
        row[1]: (row[0], row[7], row[8])
        for row in connection.execute(
            sql.GET_DOCUMENTS_OF,
            {"ids": json_list(sorted({key.document_id for key in keys})), "owner": owner},
        )
    }
    wanted = {
        origins[key.document_id][0] << sql.INDEX_BITS | key.index: key
        for key in keys
        if key.document_id in origins and 0 <= key.index <= sql.INDEX_MASK
    }
    found: dict[int, list[StoredSentence]] = {}
    for row in connection.execute(sql.GET_SENTENCES_OF_CHUNKS, (json_list(list(wanted)),)):
        key = wanted[row[1]]
        _, title, where = origins[key.document_id]
        found.setdefault(row[1], []).append(
            StoredSentence(
                document_id=key.document_id,
                title=title,
                source=where,
                sentence=_sentence(row),
                chunk=key,
            )
        )
    packed: dict[int, Vectors] = {}
    if dimension is not None:
        rows = connection.execute(sql.GET_SENTENCE_VECTORS, (json_list(list(found)),))
        packed = {chunk_id: dequantise(data, dimension) for chunk_id, data in rows}
    return [
        StoredChunk(
            key=key,
            sentences=tuple(found[chunk_id]),
            vectors=packed.get(chunk_id),
        )
        for chunk_id, key in wanted.items()
        if chunk_id in found
    ]


def count_chunks(connection: sqlite3.Connection) -> int:
    """Return the number of chunks of all documents."""
    return int(connection.execute(sql.COUNT_CHUNKS).fetchone()[0])


def count_sentences(connection: sqlite3.Connection) -> int:
    """Return the number of sentences of all documents."""
    return int(connection.execute(sql.COUNT_SENTENCES).fetchone()[0])


def chunk_matrix(
    connection: sqlite3.Connection, dimension: int, numbers: Sequence[int] | None = None
) -> ChunkMatrix:
    """Return the vectors of all chunks, or of the chunks of these documents."""
    if numbers is None:
        size = count_chunks(connection)
        rows = connection.execute(sql.GET_VECTORS)
    else:
        size = sum(n for (n,) in connection.execute(sql.GET_CHUNK_COUNTS, (json_list(numbers),)))
        rows = connection.execute(sql.GET_VECTORS_OF, (json_list(numbers),))
    ids = np.empty(size, dtype=np.int64)
    vectors = np.empty((size, dimension), dtype=np.float32)
    filled = 0
    while part := rows.fetchmany(1000):  # a thousand at once: nothing large is held twice
        following = filled + len(part)
        ids[filled:following] = [row[0] for row in part]
        vectors[filled:following] = unpack([row[1] for row in part], dimension)
        filled = following
    return ChunkMatrix(ids[:filled], vectors[:filled])


def all_vectors(
    connection: sqlite3.Connection, dimension: int
) -> Iterator[tuple[list[ChunkKey], Vectors]]:
    """Yield the keys and vectors (n, dimension) of all chunks, a thousand at once."""
    names = {number: name for number, name, _ in document_sizes(connection)}
    rows = connection.execute(sql.GET_VECTORS)
    while part := rows.fetchmany(1000):
        yield (
            [
                ChunkKey(document_id=names[row[0] >> sql.INDEX_BITS], index=row[0] & sql.INDEX_MASK)
                for row in part
            ],
            unpack([row[1] for row in part], dimension),
        )


def sample_vectors(connection: sqlite3.Connection, dimension: int, most: int) -> Vectors:
    """Return about ``most`` vectors (n, dimension), evenly spread over all chunks."""
    ids: list[int] = []
    step = max(1, count_chunks(connection) // most)
    skip = 0
    for number, _, chunks in document_sizes(connection):
        ids += [id_range(number)[0] + index for index in range(skip, chunks, step)]
        skip = (skip - chunks) % step
    rows = connection.execute(sql.GET_SOME_VECTORS, (json_list(ids),)).fetchall()
    return unpack([vector for (vector,) in rows], dimension)


def json_list(values: Sequence[str] | Sequence[int]) -> str:
    """Return values as the one parameter that ``json_each(?)`` takes."""
    return json.dumps(list(values))
