"""Examines a store: the tables, the full text and the vector index against each other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, exists

from chatbot.errors import StoreDamaged
from chatbot.store import passages, reading, tables, text_index
from chatbot.store.index import MOST_UNFINDABLE, unfindable
from chatbot.store.records import ChunkKey
from chatbot.store.store import Store

_SAMPLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What ``examine`` found."""

    documents: int
    sentences: int
    chunks: int
    vectors: int
    """In Chroma, whatever they belong to."""
    missing_vectors: int
    orphan_vectors: int
    """Vectors of no stored chunk: never seen by a search, only a waste of space."""
    unfindable: int
    """Of a sample of up to 200 stored vectors in Chroma, those that a search does not find."""
    problems: tuple[str, ...]
    """One sentence each, with what to do; empty when all is well."""


def examine(store: Store) -> Findings:
    """Check the tables, the full text and Chroma against each other. Changes nothing.

    Args:
        store: open for writing, so that nothing changes meanwhile; best with ``for_repair``.
    """
    parts = store.parts
    problems: list[str] = []
    with parts.home.writing() as connection:
        problems += _check_tables(connection)
    with parts.home.reading() as connection:
        meta = reading.meta(connection)
        sizes = reading.document_sizes(connection)
        problems += _check_documents(connection, sizes)
        sentences = sum(size.sentences for size in sizes)
        sample = passages.sample_vectors(connection, int(meta["dimension"]), _SAMPLE)
    if (meta["embedder"], meta["dimension"]) != parts.wanted:
        problems.append(
            f"The store was written with the embedding model {meta['embedder']}, and the settings "
            f"name {parts.wanted[0]}: set the old one again or run `chatbot doctor --reembed`."
        )
    expected = {
        ChunkKey(document_id=size.document_id, index=index)
        for size in sizes
        for index in range(size.chunks)
    }
    held: set[ChunkKey] = set()
    lost = 0
    if expected or meta["index"]:
        try:
            chroma = parts.index.open()
            held = set(chroma.keys())
            with parts.home.reading() as connection:
                lost = unfindable(chroma, connection, sample)
        except StoreDamaged as error:
            problems.append(str(error))
        else:
            problems += _judge_index(len(expected - held), len(held - expected), lost, len(sample))
    return Findings(
        documents=len(sizes),
        sentences=sentences,
        chunks=len(expected),
        vectors=len(held),
        missing_vectors=len(expected - held),
        orphan_vectors=len(held - expected),
        unfindable=lost,
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


def _check_documents(connection: Connection, sizes: list[reading.Size]) -> list[str]:
    problems = []
    for name in (size.document_id for size in sizes):
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


def _judge_index(missing: int, orphans: int, lost: int, sampled: int) -> list[str]:
    repair = "run `chatbot doctor --repair`."
    problems = []
    if missing:
        problems.append(f"The vector index lacks {missing} vectors: {repair}")
    if orphans:
        problems.append(f"The vector index holds {orphans} vectors of no document: {repair}")
    if lost > MOST_UNFINDABLE * sampled:
        problems.append(f"The vector index does not find {lost} of {sampled} vectors: {repair}")
    return problems
