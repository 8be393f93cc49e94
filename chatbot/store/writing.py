"""What is written to the tables. Each function gets the writing connection within a transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, delete, exists, insert, select, update

from chatbot.store import reading, text_index
from chatbot.store import tables as t
from chatbot.store.records import NewDocument
from chatbot.store.tables import among, id_range, upsert
from chatbot.store.text_index import index_stems
from chatbot.store.vectors import pack, quantise
from chatbot.types import ParsedDocument

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors


def now() -> str:
    """Return the time as it is stored: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows in the place of those with the same keys."""
    if rows:
        keys = [column.name for column in table.primary_key]
        made = upsert(connection, table)
        changed = {name: made.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(made.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def add_pending(connection: Connection, document_ids: Iterable[str]) -> None:
    """Note that vectors of these documents may stand in Chroma without a committed text."""
    rows = [{"document_id": document_id} for document_id in document_ids]
    if rows:
        connection.execute(upsert(connection, t.pending).on_conflict_do_nothing(), rows)


def drop_pending(connection: Connection, document_ids: Sequence[str]) -> None:
    """Forget what ``add_pending`` noted of these."""
    noted = among(connection, t.pending.c.document_id, document_ids)
    connection.execute(delete(t.pending).where(noted))


def chunk_bounds(parsed: ParsedDocument) -> list[tuple[int, int]]:
    """Return for each chunk where its passage starts and ends: at the next one's start."""
    starts = [parsed.sentences[chunk.first].start for chunk in parsed.chunks]
    return list(zip(starts, [*starts[1:], len(parsed.document.text)], strict=False))


def add_document(connection: Connection, item: NewDocument, added: str) -> int:
    """Write a document with all that belongs to it but its source, and return its number."""
    parsed, document = item.parsed, item.parsed.document
    bounds = chunk_bounds(parsed)
    stems = [index_stems(sentence.text) for sentence in parsed.sentences]
    made = insert(t.documents).values(
        id=document.id,
        kind=document.kind,
        head=document.text[: bounds[0][0]] if bounds else document.text,
        sentence_count=len(parsed.sentences),
        chunk_count=len(parsed.chunks),
        word_count=sum(map(len, stems)),
        added=added,
        warnings=json.dumps(document.warnings),
    )
    number = connection.execute(made.returning(t.documents.c.number)).scalar_one()
    first, last = id_range(number)
    passages = [
        {
            "id": first + chunk.index,
            "first": chunk.first,
            "last": chunk.last,
            "start": start,
            "passage": document.text[start:end],
        }
        for chunk, (start, end) in zip(parsed.chunks, bounds, strict=True)
    ]
    if passages:
        connection.execute(insert(t.chunks), passages)
        ids = range(first, first + len(passages))
        set_vectors(connection, ids, item.vectors.chunks, item.vectors.sentences)
        connection.execute(insert(t.sentences), _sentence_rows(connection, parsed, first, stems))
        text_index.add(connection, first, last)
    return int(number)


def set_vectors(
    connection: Connection,
    chunk_ids: Sequence[int],
    chunks: Vectors,
    sentences: Sequence[Vectors] | None,
) -> None:
    """Write the vectors of n chunks: (n, dimension), and for each (k, dimension) or None."""
    packed = zip(chunk_ids, map(pack, chunks), strict=True)
    put(connection, t.vectors, [{"id": id_, "vector": data} for id_, data in packed])
    if sentences is not None:
        packed = zip(chunk_ids, map(quantise, sentences), strict=True)
        put(connection, t.sentence_vectors, [{"id": id_, "vectors": data} for id_, data in packed])


def _sentence_rows(
    connection: Connection, parsed: ParsedDocument, base: int, stems: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    return [
        {
            "id": base + sentence.index,
            "chunk": base + chunk.index,
            "start": sentence.start,
            "stop": sentence.end,
            "page": sentence.page,
            "heading": sentence.heading,
            "paragraph": sentence.paragraph,
            "header": sentence.header,
            "words": len(stems[sentence.index]),
            "stems": text_index.value(connection, stems[sentence.index]),
        }
        for chunk in parsed.chunks
        for sentence in parsed.sentences[chunk.first : chunk.last + 1]
    ]


def set_source(connection: Connection, item: NewDocument, number: int, added: str) -> int | None:
    """Let the source point to this document, and return the number of the one it pointed to.

    A source that points to it already only has its texts renewed.
    """
    document, of = item.parsed.document, t.sources.c
    texts = {"title": document.title, "source": document.source, "fingerprint": item.fingerprint}
    mine = (of.owner == item.owner, of.key == item.key)
    same = update(t.sources).where(*mine, of.document == number).values(texts)
    age = connection.execute(same.returning(of.age)).scalar_one_or_none()
    before = None
    if age is None:
        dropped = delete(t.sources).where(*mine).returning(of.document)
        before = connection.execute(dropped).scalar_one_or_none()
        key = {"owner": item.owner, "key": item.key, "document": number, "added": added}
        made = insert(t.sources).values(texts | key).returning(of.age)
        age = connection.execute(made).scalar_one()
    if item.parsed.original:
        put(connection, t.originals, [{"source": age, "data": item.parsed.original}])
    return before


def drop_document(connection: Connection, number: int) -> None:
    """Delete a document with its sources, sentences, full text, chunks and vectors."""
    ids = id_range(number)
    text_index.drop(connection, *ids)
    for table in (t.sentences, t.chunks):
        connection.execute(delete(table).where(table.c.id.between(*ids)))
    connection.execute(delete(t.sources).where(t.sources.c.document == number))
    connection.execute(delete(t.documents).where(t.documents.c.number == number))


def drop_sources(connection: Connection, owner: str, keys: Sequence[str]) -> list[int]:
    """Delete sources of a person, and return the numbers of the documents they pointed to."""
    of = t.sources.c
    gone = delete(t.sources).where(of.owner == owner, among(connection, of.key, keys))
    return list(connection.execute(gone.returning(of.document)).scalars())


def take_away(connection: Connection, number: int, owner: str) -> None:
    """Take away a person's own copy of a document, or hide everybody's where they have none."""
    of = t.sources.c
    own = delete(t.sources).where(of.document == number, of.owner == owner)
    if connection.execute(own).rowcount:
        return
    if reading.count(connection, t.sources, of.document == number, of.owner == ""):
        hide = upsert(connection, t.hidden).on_conflict_do_nothing()
        connection.execute(hide, {"owner": owner, "document": number})


def retire_documents(connection: Connection, numbers: Sequence[int]) -> tuple[str, ...]:
    """Delete those of the documents that no source points to, note them, and return their ids."""
    of = t.documents.c
    pointed_to = exists().where(t.sources.c.document == of.number)
    wanted = select(of.number, of.id).where(among(connection, of.number, numbers), ~pointed_to)
    retired = connection.execute(wanted.order_by(of.number)).all()
    for number, _ in retired:
        drop_document(connection, number)
    add_pending(connection, (document_id for _, document_id in retired))
    return tuple(document_id for _, document_id in retired)


def set_meta(connection: Connection, **values: str) -> None:
    """Write what the store knows of itself."""
    put(connection, t.meta, [{"name": name, "value": value} for name, value in values.items()])


def next_generation(connection: Connection) -> None:
    """Tell all readers, of other processes too, that what they remember is out of date.

    The transaction must be one that keeps others from doing so, see ``Home.writing``.
    """
    generation = int(reading.meta(connection)["generation"]) + 1
    set_meta(connection, generation=str(generation))
