"""What is read from the tables, as our values: one function for each question asked of the store.

Each function gets a connection within a read transaction. None of them knows Chroma. ``owner`` is a
person, who sees their own sources and everybody's but for the hidden ones, or None, which sees all.
A document that cannot be seen is as if it were not there; what is asked of one that is not there
raises ``DocumentNotFound``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, exists, func, select
from sqlalchemy import true as everything

from chatbot.errors import DocumentNotFound
from chatbot.store import tables as t
from chatbot.store.records import ChunkKey, SourceRecord
from chatbot.store.tables import INDEX_BITS, INDEX_MASK, among, id_range
from chatbot.types import Document, DocumentInfo

_D, _S = t.documents.c, t.sources.c


def meta(connection: Connection) -> dict[str, str]:
    """Return what the store knows of itself."""
    return dict(connection.execute(select(t.meta.c.name, t.meta.c.value)).all())


def _seen(owner: str | None) -> ColumnElement[bool]:
    """Return the condition that the owner sees a source."""
    if owner is None:
        return everything()
    hidden = exists().where(t.hidden.c.owner == owner, t.hidden.c.document == _S.document)
    return (_S.owner == owner) | ((_S.owner == "") & ~hidden)


def is_seen(owner: str | None) -> ColumnElement[bool]:
    """Return the condition that the owner sees a document."""
    return everything() if owner is None else exists().where(_S.document == _D.number, _seen(owner))


def _best_first(owner: str | None) -> list[ColumnElement[Any]]:
    return [_S.age] if owner is None else [_S.owner == "", _S.age]


def info(row: Row[Any]) -> DocumentInfo:
    """Return what is known of a document, from a row of ``rows_of``."""
    known = row._asdict() | {"warnings": tuple(json.loads(row.warnings))}
    del known["number"]
    return DocumentInfo(**known)


def rows_of(
    connection: Connection, document_ids: Sequence[str] | None, owner: str | None = None
) -> dict[str, Row[Any]]:
    """Return by id what the owner sees of these documents or of all, the oldest first.

    A row has the number, and what ``info`` tells: of the source that the owner sees the document
    by, which is their own before everybody's, and the oldest.
    """
    by = t.sources.alias("shown")
    best = select(_S.age).where(_S.document == _D.number, _seen(owner)).correlate(t.documents)
    oldest = best.order_by(*_best_first(owner)).limit(1).scalar_subquery()
    text = (_D.number, _D.id, _D.kind, _D.sentence_count, _D.warnings)
    wanted: Select[Any] = select(*text, by.c.added, by.c.title, by.c.source, by.c.owner)
    if document_ids is not None:
        wanted = wanted.where(among(connection, _D.id, document_ids))
    joined = wanted.join_from(t.documents, by, by.c.age == oldest).order_by(_D.number)
    return {row.id: row for row in connection.execute(joined)}


def document(connection: Connection, document_id: str, owner: str | None = None) -> Document:
    """Return one document."""
    row = rows_of(connection, [document_id], owner).get(document_id)
    if row is None:
        raise _not_found(document_id)
    head = connection.execute(select(_D.head).where(_D.number == row.number)).scalar_one()
    chunk = t.chunks.c
    cut = select(chunk.passage).where(chunk.id.between(*id_range(row.number))).order_by(chunk.id)
    passages = connection.execute(cut).scalars()
    return Document(**asdict(info(row)), text=head + "".join(passages))


def original(connection: Connection, document_id: str, owner: str | None = None) -> bytes | None:
    """Return the file that the owner sees a document by, None where it is not kept."""
    wanted = (
        select(t.originals.c.data)
        .join_from(t.originals, t.sources)
        .join(t.documents)
        .where(_D.id == document_id, _seen(owner))
        .order_by(*_best_first(owner))
        .limit(1)
    )
    return connection.execute(wanted).scalar_one_or_none()


def numbers_of(
    connection: Connection, document_ids: Iterable[str], owner: str | None = None
) -> dict[str, int]:
    """Return by id the numbers of those of the documents that the owner sees."""
    wanted = select(_D.id, _D.number).where(among(connection, _D.id, document_ids), is_seen(owner))
    return dict(connection.execute(wanted).all())


def number_of(connection: Connection, document_id: str, owner: str | None = None) -> int:
    """Return a document's number."""
    return require(connection, [document_id], owner)[document_id]


def require(
    connection: Connection, document_ids: Sequence[str], owner: str | None = None
) -> dict[str, int]:
    """Return by id the numbers of the documents, all of which the owner must see."""
    numbers = numbers_of(connection, document_ids, owner)
    for document_id in document_ids:
        if document_id not in numbers:
            raise _not_found(document_id)
    return numbers


def _not_found(document_id: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"No document has the id {document_id[:80]!r}: the list of documents shows the ids."
    )


def pending(connection: Connection) -> list[tuple[str, bool]]:
    """Return the ids that ``writing.add_pending`` noted, and whether each is committed."""
    committed = exists().where(_D.id == t.pending.c.document_id)
    rows = connection.execute(select(t.pending.c.document_id, committed))
    return [(name, bool(there)) for name, there in rows]


def sizes(connection: Connection) -> Sequence[Row[int, str, int, int]]:
    """Return number, id, chunk count and sentence count of all documents, ascending."""
    wanted = select(_D.number, _D.id, _D.chunk_count, _D.sentence_count)
    return connection.execute(wanted.order_by(_D.number)).all()


def totals(connection: Connection) -> dict[str, int]:
    """Return how many documents there are, and the chunks, sentences and words of all."""
    wanted = select(
        func.count().label("documents"),
        func.coalesce(func.sum(_D.chunk_count), 0).label("chunks"),
        func.coalesce(func.sum(_D.sentence_count), 0).label("sentences"),
        func.coalesce(func.sum(_D.word_count), 0).label("words"),
    )
    return {name: int(sum_) for name, sum_ in connection.execute(wanted).one()._mapping.items()}


def chunk_counts(
    connection: Connection, owner: str | None, document_ids: Sequence[str] | None
) -> dict[int, int]:
    """Return by number how many chunks the documents have that the owner sees: all, or these."""
    wanted = select(_D.number, _D.chunk_count).where(is_seen(owner))
    if document_ids is not None:
        wanted = wanted.where(among(connection, _D.id, document_ids))
    return dict(connection.execute(wanted).all())


def ids_of(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return by number the ids of those of the documents that are there."""
    rows = connection.execute(select(_D.number, _D.id).where(among(connection, _D.number, numbers)))
    return dict(rows.all())


def chunk_keys(connection: Connection, chunk_ids: Sequence[int]) -> list[ChunkKey]:
    """Return the keys of chunks, which must be there, in their order."""
    names = ids_of(connection, {id_ >> INDEX_BITS for id_ in chunk_ids})
    return [
        ChunkKey(document_id=names[id_ >> INDEX_BITS], index=id_ & INDEX_MASK) for id_ in chunk_ids
    ]


def chunk_ids(connection: Connection, keys: Sequence[ChunkKey]) -> list[int]:
    """Return the ids that these chunks would have, in their order, of documents that are there."""
    numbers = numbers_of(connection, {key.document_id for key in keys})
    return [
        numbers[key.document_id] << INDEX_BITS | key.index
        for key in keys
        if key.document_id in numbers
    ]


def sources(connection: Connection, owner: str, *keys: str) -> list[SourceRecord]:
    """Return a person's sources, those with these keys or all, oldest first."""
    wanted = select(_S.key, _S.owner, _D.id.label("document_id"), _S.fingerprint)
    mine = wanted.join_from(t.sources, t.documents).where(_S.owner == owner).order_by(_S.age)
    if keys:
        mine = mine.where(_S.key.in_(keys))
    return [SourceRecord(**row._mapping) for row in connection.execute(mine)]


def term_counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """Return in how many sentences each of the stems stands, for those that are there."""
    of = t.terms.c
    wanted = select(of.term, of.sentences).where(among(connection, of.term, terms))
    return dict(connection.execute(wanted).all())


def pages(
    connection: Connection, wanted: Select[Any], key: Column[int], at_once: int, after: int = -1
) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows with a key beyond ``after``, ascending, some at once."""
    ordered = wanted.order_by(key).limit(at_once)
    while rows := connection.execute(ordered.where(key > after)).all():
        yield rows
        after = rows[-1]._mapping[key]


def count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """Return the number of rows of a table, all or those for which this holds."""
    wanted = select(func.count()).select_from(table).where(*where)
    return connection.execute(wanted).scalar_one()
