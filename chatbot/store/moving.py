"""Copies a store from one place to another: rows as they are, the indexes are made again.

What was copied is not copied again, so a move that was cut goes on where it was. The old store
stays as it is; it should not be written meanwhile, which the lock of its directory sees to where
there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Connection, Row, Table, delete, func, insert, select

from chatbot.errors import StoreError
from chatbot.store import passages, reading, repair, writing
from chatbot.store import tables as t
from chatbot.store.home import Home
from chatbot.store.store import Store
from chatbot.store.text_index import index_stems

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_AT_ONCE: Final = 2_000
_FILES_AT_ONCE: Final = 10
_TABLES: Final = [
    table for table in t.METADATA.sorted_tables if table not in (t.meta, t.pending, t.terms)
]
_MADE_ANEW: Final = {"stems", "words"}
_ASKED: Final = 50
_FROM: Final = "moved_from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move has copied, and what was asked of both stores afterwards."""

    documents: int
    sentences: int
    conversations: int
    asked: int
    """Sentences that were looked for in both, by their words and by their chunks' vectors."""


def move(source: Store, target: Store, *, tell: Callable[[str], None] = lambda _: None) -> Moved:
    """Copy a store into another one, and check the copy.

    Args:
        source: open for writing, so that nobody else changes it.
        target: open for writing: new, or left by an earlier move from the same store.
        tell: called with what is done now.

    Raises:
        StoreError: the target holds something else, or the copy does not answer as the original.
    """
    here, there = source.parts.home, target.parts.home
    _claim(source, target)
    for table in _TABLES:
        tell(f"copying {table.name}")
        _copy(here, there, table)
    with there.writing(alone=True) as connection:
        _count_on(connection)
    tell("making the full text")
    repair.rebuild_full_text(target.parts)
    tell("making the vector index")
    repair.rebuild_index(target.parts)
    tell("checking the copy")
    moved = _check(source, target)
    with there.writing(alone=True) as connection:
        writing.set_meta(connection, initialised="1")
        writing.next_generation(connection)
    return moved


def _claim(source: Store, target: Store) -> None:
    name = source.parts.meta["store"]
    with target.parts.home.writing(alone=True) as connection:
        known = reading.meta(connection)
        if known["store"] == name:
            raise StoreError("The store is already there. Name another place.")
        if known.get(_FROM) != name and (
            known["initialised"] == "1" or reading.count(connection, t.documents)
        ):
            raise StoreError(
                f"{target.parts.home.where} already has another store. Name a new place."
            )
        writing.set_meta(connection, **{_FROM: name})


def _copy(here: Home, there: Home, table: Table) -> None:
    """Copy the rows beyond the last one that was copied, or all where they have no number."""
    key, *more = table.primary_key
    wanted = select(*(column for column in table.c if column.name not in _MADE_ANEW))
    if more or not isinstance(key.type, BigInteger):
        with there.writing(alone=True) as connection:
            connection.execute(delete(table))
            _insert(connection, table, here.rows(wanted))
        return
    at_once = _FILES_AT_ONCE if table is t.originals else _AT_ONCE
    [(last,)] = there.rows(select(func.coalesce(func.max(key), -1)))
    with here.reading() as old:
        for rows in reading.pages(old, wanted, key, at_once, last):
            with there.writing(alone=True) as new:
                _insert(new, table, rows)


def _insert(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    if rows:
        connection.execute(insert(table), [row._asdict() for row in rows])


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL give new rows numbers beyond the copied ones; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in (t.documents, t.sources, t.collections, t.conversations, t.turns):
        (key,) = table.primary_key
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        last = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, last, False)))


def _check(source: Store, target: Store) -> Moved:
    here, there = (_counts(store.parts.home) for store in (source, target))
    if different := [name for name in here if here[name] != there[name]]:
        raise StoreError(f"The copy has another number of {', '.join(different)}. Move it again.")
    sample = _sample(source)
    for one in sample:
        if _found(source, *one) != _found(target, *one):
            raise StoreError(
                f"The copy does not find what the original finds for {one[1][:80]!r}: run `chatbot "
                "doctor` on both."
            )
    told = {name: here[name] for name in ("documents", "sentences", "conversations")}
    return Moved(**told, asked=len(sample))


def _counts(home: Home) -> dict[str, int]:
    with home.reading() as connection:
        return {table.name: reading.count(connection, table) for table in _TABLES}


def _sample(source: Store) -> list[tuple[str, str, Any]]:
    """Return documents, sentences of theirs and vectors of the sentences' chunks."""
    with source.parts.home.reading() as connection:
        sizes = [size for size in reading.sizes(connection) if size.sentence_count]
        step = max(1, len(sizes) // _ASKED)
        found = []
        for size in sizes[::step]:
            at = t.id_range(size.number)[0] + size.sentence_count // 2
            [(_, words)] = next(passages.sentence_texts(connection, after=at - 1, at_once=1))
            chunk = passages.chunks_of_sentences(connection, [at])[at]
            [vector] = passages.vectors_of(connection, [chunk])[1]
            found.append((size.id, words, vector))
    return found


def _found(store: Store, document_id: str, words: str, vector: Vectors) -> tuple[Any, ...]:
    terms = list(dict.fromkeys(index_stems(words)))[:8]
    hits = store.match_sentences(terms, limit=1, documents=[document_id])
    near = store.nearest_chunks(vector, limit=1, documents=[document_id])
    places = [(hit.document_id, hit.index) for hit in hits]
    return places, [(hit.key, round(hit.score, 4)) for hit in near]
