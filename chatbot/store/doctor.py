"""Examines a store: the tables, the full text and the vector index against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, exists

from chatbot.errors import StoreDamaged
from chatbot.store import passages, reading, tables, text_index
from chatbot.store.opening import Parts
from chatbot.store.records import ChunkKey
from chatbot.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What ``examine`` found."""

    documents: int
    sentences: int
    chunks: int
    vectors: int
    """In Chroma, whatever they belong to."""
    problems: tuple[str, ...]
    """One sentence each, with what to do; empty when all is well."""


def examine(store: Store) -> Findings:
    """Check the tables, the full text and Chroma against each other. Changes nothing.

    Args:
        store: open for writing, so that nothing changes meanwhile; best with ``for_repair``.
    """
    parts = store.parts
    with parts.home.writing() as connection:
        problems = _check_tables(connection)
    with parts.home.reading() as connection:
        meta = reading.meta(connection)
        sizes = reading.sizes(connection)
        problems += _check_documents(connection, sizes)
    if (meta["embedder"], meta["dimension"]) != parts.wanted:
        problems.append(
            f"The store was written with the embedding model {meta['embedder']}, and the settings "
            f"name {parts.wanted[0]}: set the old one again or run `chatbot doctor --reembed`."
        )
    chunks = {
        ChunkKey(document_id=size.id, index=index)
        for size in sizes
        for index in range(size.chunk_count)
    }
    held: set[ChunkKey] = set()
    if chunks or meta["index"]:
        try:
            held = set(parts.index.open().keys())
            problems += _check_index(parts, chunks, held)
        except StoreDamaged as error:
            problems.append(str(error))
    return Findings(
        documents=len(sizes),
        sentences=sum(size.sentence_count for size in sizes),
        chunks=len(chunks),
        vectors=len(held),
        problems=tuple(problems),
    )


def _check_tables(connection: Connection) -> list[str]:
    problems = []
    if connection.dialect.name == "sqlite":
        problems = [
            f"SQLite finds its file damaged ({line}): restore it from a backup."
            for line in connection.exec_driver_sql("PRAGMA quick_check(5)").scalars()
            if line != "ok"
        ]
    if not text_index.fits(connection):
        problems.append("The full text does not fit the sentences: run `chatbot doctor --repair`.")
    there = exists().where(tables.vectors.c.id == tables.chunks.c.id)
    missing = reading.count(connection, tables.chunks, ~there)
    if missing:
        problems.append(
            f"The tables lack the vectors of {missing} chunks: run `chatbot doctor --reembed`."
        )
    return problems


def _check_documents(connection: Connection, sizes: Sequence[Row[int, str, int, int]]) -> list[str]:
    problems = []
    for name in (size.id for size in sizes):
        document = reading.document(connection, name)
        spans = passages.sentences(connection, name)
        whole = len(spans) == document.sentence_count and all(
            document.text[span.start : span.end] == span.text for span in spans
        )
        if not whole or hashlib.sha256(document.text.encode()).hexdigest() != name:
            problems.append(
                f"The text of {document.title!r} ({name[:12]}) is not what was added: remove it "
                "and add it again."
            )
    return problems


def _check_index(parts: Parts, chunks: set[ChunkKey], held: set[ChunkKey]) -> list[str]:
    problems = []
    if missing := len(chunks - held):
        problems.append(f"lacks {missing} vectors")
    if orphans := len(held - chunks):  # never seen by a search, only a waste of space
        problems.append(f"holds {orphans} vectors of no document")
    if lost := parts.index.lost(parts.index.open()):
        problems.append(lost)
    return [f"The vector index {one}: run `chatbot doctor --repair`." for one in problems]
