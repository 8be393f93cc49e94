"""What is read from the tables, as our values: one function for each question asked of the store.

Each function gets a connection within a read transaction. None of them knows Chroma. ``owner`` is a
person, who sees their own sources and everybody's but for the hidden ones, or None, which sees all.
A document that cannot be seen is as if it were not there; what is asked of one that is not there
raises ``DocumentNotFound``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import true as everything

from chatbot.errors import DocumentNotFound
from chatbot.store import tables as t
from chatbot.store.records import ChunkContent, SourceRecord, chunk_content
from chatbot.store.tables import INDEX_MASK, among, id_range
from chatbot.store.vectors import dequantise
from chatbot.types import Document, DocumentInfo, Sentence

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_D, _S = t.documents.c, t.sources.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A document's number, and what a citation shows of it."""

    number: int
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Size:
    """How large a document is."""

    number: int
    document_id: str
    chunks: int
    sentences: int
    words: int


def meta(connection: Connection) -> dict[str, str]:
    """Return what the store knows of itself."""
    return dict(connection.execute(select(t.meta.c.name, t.meta.c.value)).all())


def _seen(owner: str | None) -> ColumnElement[bool]:
    """Return the condition that the owner sees a source."""
    if owner is None:
        return everything()
    hidden = exists().where(t.hidden.c.owner == owner, t.hidden.c.document == _S.document)
    return or_(_S.owner == owner, and_(_S.owner == "", ~hidden))


def _has_seen_source(owner: str | None) -> ColumnElement[bool]:
    return exists().where(_S.document == _D.number, _seen(owner))


def _best_first(owner: str | None) -> list[ColumnElement[Any]]:
    return [_S.age] if owner is None else [case((_S.owner == "", 1), else_=0), _S.age]


def _infos(owner: str | None) -> Select[Any]:
    """Select each document once, with the source that the owner sees it by: their own, oldest."""
    order = _best_first(owner)
    shown = t.sources.alias("shown")
    best = (
        select(_S.age)
        .where(_S.document == _D.number, _seen(owner))
        .order_by(*order)
        .limit(1)
        .correlate(t.documents)
        .scalar_subquery()
    )
    return (
        select(
            _D.number,
            _D.id,
            _D.kind,
            _D.sentence_count,
            shown.c.added,
            _D.warnings,
            shown.c.title,
            shown.c.source,
            shown.c.owner,
        )
        .join_from(t.documents, shown, shown.c.age == best)
        .order_by(_D.number)
    )


def _known(row: Row[Any]) -> dict[str, Any]:
    known = dict(row._mapping)
    del known["number"]
    return known | {"warnings": tuple(json.loads(row.warnings))}


def documents(connection: Connection, owner: str | None = None) -> list[DocumentInfo]:
    """Return all documents that the owner sees, oldest first, without texts."""
    return [DocumentInfo(**_known(row)) for row in connection.execute(_infos(owner))]


def document_infos(
    connection: Connection, document_ids: Sequence[str], owner: str | None = None
) -> dict[str, DocumentInfo]:
    """Return by id those of the documents that the owner sees, without texts."""
    rows = connection.execute(_infos(owner).where(among(_D.id, document_ids)))
    return {row.id: DocumentInfo(**_known(row)) for row in rows}


def document(connection: Connection, document_id: str, owner: str | None = None) -> Document:
    """Return one document."""
    row = connection.execute(_infos(owner).where(_D.id == document_id)).one_or_none()
    if row is None:
        raise not_found(document_id)
    head = connection.execute(select(_D.head).where(_D.number == row.number)).scalar_one()
    passages = connection.execute(
        select(t.chunks.c.passage)
        .where(t.chunks.c.id.between(*id_range(row.number)))
        .order_by(t.chunks.c.id)
    )
    return Document(**_known(row), text=head + "".join(passages.scalars()))


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


def not_found(document_id: str) -> DocumentNotFound:
    """Return the error for an unknown id."""
    return DocumentNotFound(
        f"No document has the id {document_id[:80]!r}: the list of documents shows the ids."
    )


def number_of(connection: Connection, document_id: str, owner: str | None = None) -> int:
    """Return a document's number."""
    wanted = select(_D.number).where(_D.id == document_id, _has_seen_source(owner))
    number = connection.execute(wanted).scalar_one_or_none()
    if number is None:
        raise not_found(document_id)
    return int(number)


def numbers_of(connection: Connection, document_ids: Sequence[str]) -> dict[str, int]:
    """Return by id the numbers of those of the documents that are there."""
    rows = connection.execute(select(_D.id, _D.number).where(among(_D.id, document_ids)))
    return dict(rows.all())


def known_ids(
    connection: Connection, document_ids: Sequence[str], owner: str | None = None
) -> set[str]:
    """Return those of the ids that the owner sees."""
    wanted = select(_D.id).where(_has_seen_source(owner), among(_D.id, document_ids))
    return set(connection.execute(wanted).scalars())


def require(connection: Connection, document_ids: Sequence[str], owner: str | None = None) -> None:
    """Check that the owner sees all of these documents."""
    known = known_ids(connection, document_ids, owner)
    for document_id in document_ids:
        if document_id not in known:
            raise not_found(document_id)


def pending(connection: Connection) -> list[tuple[str, bool]]:
    """Return the ids that ``writing.add_pending`` noted, and whether each is committed."""
    committed = exists().where(_D.id == t.pending.c.document_id)
    rows = connection.execute(select(t.pending.c.document_id, committed))
    return [(name, bool(there)) for name, there in rows]


def document_sizes(connection: Connection, after: int = 0) -> list[Size]:
    """Return the sizes of all documents with a number beyond ``after``, ascending."""
    rows = connection.execute(
        select(_D.number, _D.id, _D.chunk_count, _D.sentence_count, _D.word_count)
        .where(_D.number > after)
        .order_by(_D.number)
    )
    return [Size(*row) for row in rows]


def sources_after(connection: Connection, age: int) -> list[tuple[int, str, int]]:
    """Return age, owner and document of every source younger than ``age``, the oldest first."""
    wanted = select(_S.age, _S.owner, _S.document).where(_S.age > age).order_by(_S.age)
    return list(connection.execute(wanted))


def hidden_numbers(connection: Connection, owner: str) -> list[int]:
    """Return the numbers of the documents that this person has hidden from themselves."""
    wanted = select(t.hidden.c.document).where(t.hidden.c.owner == owner)
    return list(connection.execute(wanted).scalars())


def source(connection: Connection, key: str, owner: str) -> SourceRecord | None:
    """Return the source with this key, or None."""
    row = connection.execute(_records(owner).where(_S.key == key)).one_or_none()
    return None if row is None else SourceRecord(**row._mapping)


def sources(connection: Connection, owner: str) -> list[SourceRecord]:
    """Return all sources of a person, oldest first."""
    rows = connection.execute(_records(owner).order_by(_S.age))
    return [SourceRecord(**row._mapping) for row in rows]


def _records(owner: str) -> Select[Any]:
    wanted = select(_S.key, _S.owner, _D.id.label("document_id"), _S.fingerprint)
    return wanted.join_from(t.sources, t.documents).where(_S.owner == owner)


_OF: Final = t.sentences.c
_SENTENCE: Final[tuple[ColumnElement[Any], ...]] = (
    _OF.id, _OF.chunk, _OF.start, _OF.stop, _OF.page, _OF.heading, _OF.paragraph, _OF.header
)  # fmt: skip


def sentences(
    connection: Connection, document_id: str, owner: str | None = None, *, last: int | None = None
) -> list[Sentence]:
    """Return a document's sentences in their order, all or the last few."""
    ids = id_range(number_of(connection, document_id, owner))
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
    connection: Connection, first: int, last: int, at_once: int = 2000
) -> Iterator[list[tuple[int, str]]]:
    """Yield ids and texts of the sentences in a range of ids, some at once."""
    of, chunk = t.sentences.c, t.chunks.c
    while True:
        rows = connection.execute(
            select(of.id, of.start - chunk.start, of.stop - chunk.start, chunk.passage)
            .join_from(t.sentences, t.chunks, chunk.id == of.chunk)
            .where(of.id.between(first, last))
            .order_by(of.id)
            .limit(at_once)
        ).all()
        if not rows:
            return
        yield [(id_, passage[start:stop]) for id_, start, stop, passage in rows]
        first = rows[-1][0] + 1


def origins(
    connection: Connection, document_ids: Iterable[str], owner: str | None = None
) -> dict[str, Origin]:
    """Return by id what a citation shows of those of the documents that the owner sees."""
    rows = connection.execute(_infos(owner).where(among(_D.id, sorted(set(document_ids)))))
    return {row.id: Origin(number=row.number, title=row.title, source=row.source) for row in rows}


def chunks(
    connection: Connection, chunk_ids: Sequence[int], *, dimension: int | None = None
) -> dict[int, ChunkContent]:
    """Return by id those of the chunks that are there; with vectors where their size is told."""
    chunk = t.chunks.c
    whole = select(chunk.id, chunk.first, chunk.last, chunk.start, chunk.passage)
    held = {
        row.id: row for row in connection.execute(whole.where(among(chunk.id, chunk_ids))).all()
    }
    # By their ids, which are the key: ``sentences.chunk`` has no index, and where the range is that
    # of a chunk in the same statement PostgreSQL looks at all sentences.
    ids = [
        id_ & ~INDEX_MASK | index
        for id_, row in held.items()
        for index in range(row.first, row.last + 1)
    ]
    rows = connection.execute(select(*_SENTENCE).where(among(_OF.id, ids)).order_by(_OF.id))
    found: dict[int, list[Sentence]] = {}
    for row in rows:
        of = held[row.chunk]
        found.setdefault(row.chunk, []).append(_sentence(row, of.start, of.passage))
    packed: dict[int, Vectors] = {}
    if dimension is not None:
        kept = t.sentence_vectors.c
        wanted = select(kept.id, kept.vectors).where(among(kept.id, list(found)))
        packed = {id_: dequantise(data, dimension) for id_, data in connection.execute(wanted)}
    return {
        known: chunk_content(sentences, packed.get(known)) for known, sentences in found.items()
    }


def chunks_of_sentences(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Return the chunk of each of the sentences."""
    wanted = select(_OF.id, _OF.chunk).where(among(_OF.id, ids))
    return dict(connection.execute(wanted).all())


def term_counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """Return in how many sentences each of the stems stands, for those that are there."""
    of = t.terms.c
    wanted = select(of.term, of.sentences).where(among(of.term, terms))
    return dict(connection.execute(wanted).all())


def count_chunks(connection: Connection) -> int:
    """Return the number of chunks of all documents."""
    return int(connection.execute(select(func.sum(_D.chunk_count))).scalar_one() or 0)


def count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """Return the number of rows of a table, all or those for which this holds."""
    wanted = select(func.count()).select_from(table).where(*where)
    return connection.execute(wanted).scalar_one()
