"""Every search of one store: what it remembers between two questions, and for whom it looks.

All people's sights share one of these. Each search is one read transaction.

Chroma finds the chunks nearest to a vector, the tables say which of them count. It may hold vectors
that are not committed or not any more, so its hits are looked up, and their cosines are computed
again from the vectors there: that the index is approximate costs recall only. Which documents may
be found is a filter in Chroma's query where they are the smaller part of the store; where they are
the larger part it costs far less to take the others out of the hits (``benchmarks.filters``, 40,000
chunks: 1 ms without a filter, 4 ms for 800 hits, 20 ms with a filter that few chunks pass, 100 ms
with one that most pass).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from sqlalchemy import Connection

from chatbot.store import passages, reading, text_index, vectors
from chatbot.store.catalogue import Catalogue, CatalogueReader, Scope
from chatbot.store.chroma import ChromaIndex
from chatbot.store.opening import Parts
from chatbot.store.passages import ChunkReader
from chatbot.store.records import ChunkHit, ChunkKey, SentenceHit, StoredChunk
from chatbot.store.tables import INDEX_BITS, INDEX_MASK
from chatbot.store.text_index import Term, index_stems

if TYPE_CHECKING:
    from chatbot.models.embedder import Vectors

_SPARE: Final = 16
"""Hits asked of Chroma beyond the limit, for those that turn out not to count."""
_MOST_ASKED: Final = 2_000
"""Hits asked of Chroma without a filter before it is asked with one."""

MAX_MATCHED_ROWS: Final = 25_000
"""Rows that the terms of one query may touch. BM25 costs about 1 microsecond a row."""
_FEW_DOCUMENTS: Final = 500
"""Documents that are named in the query; of more, the ranked rows are filtered here."""

_T = TypeVar("_T", str, Term)
_Scored = list[tuple[int, float]]
"""Ids of chunks or sentences with their scores."""


class Search:
    """The searches of ``Store``, which says what they mean. Thread-safe."""

    def __init__(self, parts: Parts) -> None:
        self._home = parts.home
        self._dimension = parts.dimension
        self._catalogue = CatalogueReader()
        self._index = parts.index
        self._reader = ChunkReader(parts.dimension)

    def nearest(
        self, vector: Vectors, limit: int, owner: str | None, documents: Sequence[str] | None
    ) -> list[ChunkHit]:
        """Return the chunks nearest to a vector that the owner sees."""
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        if len(query) != self._dimension:
            raise ValueError(f"A query of {len(query)} numbers, not {self._dimension}.")
        with self._home.reading() as connection:
            now = self._catalogue.current(connection)
            scope = self._catalogue.scope(connection, now, owner=owner, documents=documents)
            if limit < 1 or not now.chunks or (scope is not None and not scope.chunks):
                return []
            with self._index.lent(now) as chroma:
                if chroma is None:
                    best = self._beside_the_owner(connection, query, limit, scope)
                else:
                    best = self._asked(chroma, connection, now, query, limit, scope)
            keys = reading.chunk_keys(connection, [id_ for id_, _ in best])
        scores = [score for _, score in best]
        return [ChunkHit(key=key, score=score) for key, score in zip(keys, scores, strict=True)]

    def matches(
        self, terms: Sequence[str], limit: int, owner: str | None, documents: Sequence[str] | None
    ) -> list[SentenceHit]:
        """Return the sentences with at least one of the terms that the owner sees."""
        with self._home.reading() as connection:
            now = self._catalogue.current(connection)
            scope = self._catalogue.scope(connection, now, owner=owner, documents=documents)
            best = _matches(connection, terms, limit, now, scope)
            held = passages.chunks_of_sentences(connection, [id_ for id_, _ in best])
            keys = reading.chunk_keys(connection, [held[id_] for id_, _ in best])
        return [
            SentenceHit(document_id=key.document_id, index=id_ & INDEX_MASK, chunk=key, score=score)
            for key, (id_, score) in zip(keys, best, strict=True)
        ]

    def chunks(self, keys: Sequence[ChunkKey], owner: str | None) -> list[StoredChunk]:
        """Return the chunks with these keys that the owner sees."""
        with self._home.reading() as connection:
            index = self._catalogue.current(connection).index
            return self._reader.read(connection, keys, index=index, owner=owner)

    def counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return for each term the number of sentences that hold it, whoever's they are."""
        with self._home.reading() as connection:
            return _counts(connection, terms)

    def sentence_count(self) -> int:
        """Return the number of sentences of all documents."""
        with self._home.reading() as connection:
            return self._catalogue.current(connection).sentences

    def _asked(
        self,
        chroma: ChromaIndex,
        connection: Connection,
        now: Catalogue,
        vector: Vectors,
        limit: int,
        scope: Scope | None,
    ) -> _Scored:
        only = None
        if scope is not None and 2 * scope.chunks < now.chunks:
            only = _names(connection, scope)
        ask = limit + _SPARE
        while True:
            found = chroma.nearest(vector, ask, only)
            best = self._counted(connection, vector, found, scope)
            # Vectors that do not count may crowd the first ones out.
            if len(best) >= limit or len(found) < ask:
                return best[:limit]
            if scope is not None and only is None and ask > _MOST_ASKED:
                only, ask = _names(connection, scope), limit + _SPARE
            else:
                ask *= 4

    def _counted(
        self, connection: Connection, vector: Vectors, found: list[ChunkKey], scope: Scope | None
    ) -> _Scored:
        """Return those of Chroma's hits that are committed and in scope, with true cosines."""
        numbers = reading.numbers_of(connection, list({key.document_id for key in found}))
        ids = [
            numbers[key.document_id] << INDEX_BITS | key.index
            for key in found
            if key.document_id in numbers
        ]
        ids = [id_ for id_ in ids if _holds(scope, id_)]
        there, rows = passages.vectors_of(connection, self._dimension, ids)
        return vectors.nearest(there, rows, vector, len(there))

    def _beside_the_owner(
        self, connection: Connection, vector: Vectors, limit: int, scope: Scope | None
    ) -> _Scored:
        """Read all vectors: another process has Chroma's directory open, which takes only one."""
        best: _Scored = []
        for ids, rows in passages.all_vectors(connection, self._dimension):
            here = [at for at, id_ in enumerate(ids) if _holds(scope, id_)]
            found = vectors.nearest([ids[at] for at in here], rows[here], vector, limit)
            best = sorted([*best, *found], key=lambda hit: -hit[1])[:limit]
        return best


def _holds(scope: Scope | None, id_: int) -> bool:
    return scope is None or id_ >> INDEX_BITS in scope.numbers


def _names(connection: Connection, scope: Scope) -> list[str]:
    return list(reading.ids_of(connection, sorted(scope.numbers)).values())


def _matches(
    connection: Connection,
    terms: Sequence[str],
    limit: int,
    now: Catalogue,
    scope: Scope | None,
) -> list[tuple[int, float]]:
    """Return ids and scores of the sentences with at least one of the terms, best first."""
    counts = _term_counts(connection, dict.fromkeys(map(index_stems, terms)))
    found = {term: counts[term] for term in rarest(counts)}
    if not found or limit < 1 or (scope is not None and not scope.numbers):
        return []
    if scope is None:
        return text_index.match(connection, found, limit, now, None)
    if len(scope.numbers) <= _FEW_DOCUMENTS:
        return text_index.match(connection, found, limit, now, sorted(scope.numbers))
    ask = 2 * limit  # of all documents, and more of them until enough are in scope
    while True:
        rows = text_index.match(connection, found, ask, now, None)
        best = [row for row in rows if row[0] >> INDEX_BITS in scope.numbers]
        if len(best) >= limit or len(rows) < ask:
            return best[:limit]
        ask *= 8


def _counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """Return the number of sentences that hold each term, in the order of the terms."""
    stems = {term: index_stems(term) for term in terms}
    found = _term_counts(connection, dict.fromkeys(stems.values()))
    return {term: found[stems[term]] for term in terms}


def _term_counts(connection: Connection, terms: Mapping[Term, None]) -> dict[Term, int]:
    kept = reading.term_counts(connection, [term[0] for term in terms if len(term) == 1])
    return {
        term: kept.get(term[0], 0)
        if len(term) == 1
        else text_index.phrase_count(connection, term)
        if term
        else 0
        for term in terms
    }


def rarest(counts: Mapping[_T, int], most: int = MAX_MATCHED_ROWS) -> list[_T]:
    """Return the rarest of the terms, as many as touch no more rows than ``most``; at least one."""
    chosen: list[_T] = []
    rows = 0
    for term in sorted((term for term in counts if counts[term]), key=counts.__getitem__):
        rows += counts[term]
        if chosen and rows > most:
            break
        chosen.append(term)
    return chosen
