"""What is read from SQLite, as our values: one function for each question asked of the store.

Each function gets a connection within a read transaction. None of them knows Chroma.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatbot.errors import DocumentNotFound
from chatbot.store import sql
from chatbot.store.records import ChunkContent, SourceRecord, chunk_content
from chatbot.store.vectors import dequantise
from chatbot.types import Document, DocumentInfo, Sentence

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A document's number, and what a citation shows of it."""

    number: int
    title: str
    source: str


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the store knows of itself."""
    return dict(connection.execute(sql.GET_META))


def generation(connection: sqlite3.Connection) -> int:
    """Return the number of the last committed change."""
    return int(connection.execute(sql.GET_META_VALUE, ("generation",)).fetchone()[0])


def id_range(number: int) -> tuple[int, int]:
    """Return the first and last id that a chunk or sentence of this document can have."""
    return number << sql.INDEX_BITS, number << sql.INDEX_BITS | sql.INDEX_MASK


def documents(connection: sqlite3.Connection, owner: str | None = None) -> list[DocumentInfo]:
    """Return all documents that the owner sees, oldest first, without texts; None sees all."""
    return [
        DocumentInfo(**_known(row))
        for row in connection.execute(sql.GET_DOCUMENTS, {"owner": owner})
    ]


def document_infos(
    connection: sqlite3.Connection, document_ids: Sequence[str], owner: str | None = None
) -> dict[str, DocumentInfo]:
    """Return by id those of the documents that the owner sees, without texts."""
    values = {"ids": json_list(document_ids), "owner": owner}
    found = (
        DocumentInfo(**_known(row)) for row in connection.execute(sql.GET_DOCUMENTS_OF, values)
    )
    return {info.id: info for info in found}


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
    (head,) = connection.execute(sql.GET_HEAD, (row[0],)).fetchone()
    passages = connection.execute(sql.GET_PASSAGES, id_range(row[0]))
    return Document(**_known(row), text=head + "".join(passage for _, passage in passages))


def not_found(document_id: str) -> DocumentNotFound:
    """Return the error for an unknown id."""
    return DocumentNotFound(
        f"No document has the id {document_id[:80]!r}: the list of documents shows the ids."
    )


def _known(row: tuple[Any, ...]) -> dict[str, Any]:
    _, document_id, kind, sentence_count, added, warnings, title, source, owner = row
    return {
        "id": document_id,
        "title": title,
        "source": source,
        "kind": kind,
        "sentence_count": sentence_count,
        "added": added,
        "warnings": tuple(json.loads(warnings)),
        "owner": owner,
    }


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


def document_sizes(
    connection: sqlite3.Connection, after: int = 0
) -> list[tuple[int, str, int, int]]:
    """Return number, id, chunks and sentences of every document with a number beyond ``after``."""
    return connection.execute(sql.GET_SIZES, (after,)).fetchall()


def sizes_of(
    connection: sqlite3.Connection, document_ids: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Return number and chunks of those of the documents that are there, by id."""
    rows = connection.execute(sql.GET_SIZES_OF, (json_list(document_ids),))
    return {name: (number, chunks) for number, name, chunks in rows}


def sources_after(connection: sqlite3.Connection, age: int) -> list[tuple[int, str, int]]:
    """Return age, owner and document of every source younger than ``age``, the oldest first."""
    return connection.execute(sql.GET_SOURCES, (age,)).fetchall()


def count_sources(connection: sqlite3.Connection) -> int:
    """Return the number of all sources."""
    return int(connection.execute(sql.COUNT_SOURCES).fetchone()[0])


def hidden_numbers(connection: sqlite3.Connection, owner: str) -> list[int]:
    """Return the numbers of the documents that this person has hidden from themselves."""
    return [number for (number,) in connection.execute(sql.GET_HIDDEN, (owner,))]


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
    sentence_id, _, start, end, page, heading, paragraph, header, chunk_start, passage = row
    return Sentence(
        index=sentence_id & sql.INDEX_MASK,
        start=start,
        end=end,
        text=passage[start - chunk_start : end - chunk_start],
        page=page,
        heading=heading,
        paragraph=paragraph,
        header=header,
    )


def origins(
    connection: sqlite3.Connection, document_ids: Iterable[str], owner: str | None = None
) -> dict[str, Origin]:
    """Return by id what a citation shows of those of the documents that the owner sees."""
    values = {"ids": json_list(sorted(set(document_ids))), "owner": owner}
    return {
        row[1]: Origin(number=row[0], title=row[6], source=row[7])
        for row in connection.execute(sql.GET_DOCUMENTS_OF, values)
    }


def chunks(
    connection: sqlite3.Connection, chunk_ids: Sequence[int], *, dimension: int | None = None
) -> dict[int, ChunkContent]:
    """Return by id those of the chunks that are there.

    Args:
        connection: within a read transaction.
        chunk_ids: which chunks.
        dimension: of the sentences' vectors; None leaves them out.
    """
    found: dict[int, list[Sentence]] = {}
    for row in connection.execute(sql.GET_SENTENCES_OF_CHUNKS, (json_list(chunk_ids),)):
        found.setdefault(row[1], []).append(_sentence(row))
    packed: dict[int, Vectors] = {}
    if dimension is not None:
        rows = connection.execute(sql.GET_SENTENCE_VECTORS, (json_list(list(found)),))
        packed = {known: dequantise(data, dimension) for known, data in rows}
    return {
        known: chunk_content(sentences, packed.get(known)) for known, sentences in found.items()
    }


def count_chunks(connection: sqlite3.Connection) -> int:
    """Return the number of chunks of all documents."""
    return int(connection.execute(sql.COUNT_CHUNKS).fetchone()[0])


def count_sentences(connection: sqlite3.Connection) -> int:
    """Return the number of sentences of all documents."""
    return int(connection.execute(sql.COUNT_SENTENCES).fetchone()[0])


def json_list(values: Sequence[str] | Sequence[int]) -> str:
    """Return values as the one parameter that ``json_each(?)`` takes."""
    return json.dumps(list(values))
