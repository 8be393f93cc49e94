"""What is read and searched in a store, as one person sees it.

Chroma finds the chunks nearest to a vector, the tables say which of them count. It may hold vectors
that are not committed or not any more, so its hits are looked up, and their cosines are computed
again from the vectors there: that the index is approximate costs recall only. Which documents may
be found is a filter in Chroma's query where they are the smaller part of the store; where they are
the larger part it costs far less to take the others out of the hits (``benchmarks.filters``, 40,000
chunks: 1 ms without a filter, 4 ms for 800 hits, 20 ms with a filter that few chunks pass, 100 ms
with one that most pass).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from sqlalchemy import Connection

from chatbot.store import passages, reading, text_index, vectors
from chatbot.store.catalogue import Catalogue, CatalogueReader, Scope
from chatbot.store.chroma import ChromaIndex
from chatbot.store.opening import Parts
from chatbot.store.passages import ChunkReader
from chatbot.store.records import ChunkHit, ChunkKey, SentenceHit, SourceRecord, StoredChunk
from chatbot.store.tables import INDEX_BITS, INDEX_MASK
from chatbot.store.text_index import Term, index_stems
from chatbot.types import Document, DocumentInfo, Sentence

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


class Sight:
    """What one person sees of a store, or all of it; each question is one read transaction.

    Thread-safe. What is asked of a document that they do not see raises ``DocumentNotFound``.
    """

    owner: str | None
    """The person; None sees all of it."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        """The opened files, for this package's doctor."""
        self.owner = None
        self._catalogue = CatalogueReader()
        self._reader = ChunkReader()

    def source(self, key: str) -> SourceRecord | None:
        """Return the owner's source with this key, or None."""
        with self.parts.home.reading() as connection:
            return next(iter(reading.sources(connection, self.owner or "", key)), None)

    def sources(self) -> list[SourceRecord]:
        """Return the owner's sources, oldest first."""
        with self.parts.home.reading() as connection:
            return reading.sources(connection, self.owner or "")

    def documents(self) -> list[DocumentInfo]:
        """Return what is known of all documents, oldest first; no text is read."""
        with self.parts.home.reading() as connection:
            return [*map(reading.info, reading.rows_of(connection, None, self.owner).values())]

    def documents_with(self, document_ids: Sequence[str]) -> list[DocumentInfo]:
        """Return what is known of the documents with these ids, in their order, each once."""
        with self.parts.home.reading() as connection:
            rows = reading.rows_of(connection, document_ids, self.owner)
        return [reading.info(rows[name]) for name in dict.fromkeys(document_ids) if name in rows]

    def require(self, document_ids: Sequence[str]) -> None:
        """Check that the owner sees all of these documents."""
        with self.parts.home.reading() as connection:
            reading.require(connection, document_ids, self.owner)

    def document(self, document_id: str) -> Document:
        """Return one document."""
        with self.parts.home.reading() as connection:
            return reading.document(connection, document_id, self.owner)

    def original(self, document_id: str) -> bytes | None:
        """Return the file that a document was read from, None where it is not kept."""
        with self.parts.home.reading() as connection:
            return reading.original(connection, document_id, self.owner)

    def sentences(self, document_id: str, *, last: int | None = None) -> list[Sentence]:
        """Return the sentences of a document in their order, all or the last few."""
        with self.parts.home.reading() as connection:
            return passages.sentences(connection, document_id, self.owner, last=last)

    def nearest_chunks(
        self, vector: Vectors, *, limit: int, documents: Sequence[str] | None = None
    ) -> list[ChunkHit]:
        """Return the chunks nearest to a vector, best first.

        Args:
            vector: (dimension,), unit length.
            limit: how many at most.
            documents: ids of the documents to search; None means all, an empty sequence none.

        Raises:
            StoreDamaged: the vector index was needed and cannot be used.
        """
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        if len(query) != self.parts.dimension:
            raise ValueError(f"A query of {len(query)} numbers, not {self.parts.dimension}.")
        with self.parts.home.reading() as connection:
            now = self._catalogue.current(connection)
            scope = now.scope(connection, self.owner, documents)
            if limit < 1 or not now.chunks or (scope is not None and not scope.chunks):
                return []
            with self.parts.index.lent(now) as chroma:
                if chroma is None:
                    best = _beside_the_owner(connection, query, limit, scope)
                else:
                    best = _asked(chroma, connection, now, query, limit, scope)
            keys = reading.chunk_keys(connection, [id_ for id_, _ in best])
        return [ChunkHit(key=key, score=hit[1]) for key, hit in zip(keys, best, strict=True)]

    def match_sentences(
        self, terms: Sequence[str], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[SentenceHit]:
        """Return the sentences that hold at least one of the terms, best BM25 first.

        Of terms that together stand in very many sentences the most frequent are left out.

        Args:
            terms: words or phrases; nothing in them is an operator.
            limit: how many at most.
            documents: ids of the documents to search; None means all, an empty sequence none.
        """
        with self.parts.home.reading() as connection:
            now = self._catalogue.current(connection)
            scope = now.scope(connection, self.owner, documents)
            best = _matches(connection, terms, limit, now, scope)
            held = passages.chunks_of_sentences(connection, [id_ for id_, _ in best])
            keys = reading.chunk_keys(connection, [held[id_] for id_, _ in best])
        return [
            SentenceHit(document_id=key.document_id, index=id_ & INDEX_MASK, chunk=key, score=score)
            for key, (id_, score) in zip(keys, best, strict=True)
        ]

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return for each term the number of sentences that hold it in any inflection."""
        stems = {term: index_stems(term) for term in terms}
        with self.parts.home.reading() as connection:
            found = _term_counts(connection, stems.values())
        return {term: found[stems[term]] for term in terms}

    def read_chunks(self, keys: Sequence[ChunkKey]) -> list[StoredChunk]:
        """Return the chunks with these keys, in their order; those that are gone are left out."""
        with self.parts.home.reading() as connection:
            index = self._catalogue.current(connection).index
            return self._reader.read(connection, keys, index=index, owner=self.owner)

    def sentence_count(self) -> int:
        """Return the number of sentences of all documents; cheap, and it reads the store."""
        with self.parts.home.reading() as connection:
            return self._catalogue.current(connection).sentences


def _asked(
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
        # Only those that are committed and in scope count, by their true cosines.
        ids = [id_ for id_ in reading.chunk_ids(connection, found) if _holds(scope, id_)]
        there, rows = passages.vectors_of(connection, ids)
        best = vectors.nearest(there, rows, vector, limit)
        # Vectors that do not count may crowd the first ones out.
        if len(best) >= limit or len(found) < ask:
            return best
        if scope is not None and only is None and ask > _MOST_ASKED:
            only, ask = _names(connection, scope), limit + _SPARE
        else:
            ask *= 4


def _beside_the_owner(
    connection: Connection, vector: Vectors, limit: int, scope: Scope | None
) -> _Scored:
    """Read all vectors: another process has Chroma's directory open, which takes only one."""
    best: _Scored = []
    for ids, rows in passages.all_vectors(connection):
        here = [at for at, id_ in enumerate(ids) if _holds(scope, id_)]
        found = vectors.nearest([ids[at] for at in here], rows[here], vector, limit)
        best = sorted([*best, *found], key=lambda hit: -hit[1])[:limit]
    return best


def _holds(scope: Scope | None, id_: int) -> bool:
    return scope is None or id_ >> INDEX_BITS in scope.numbers


def _names(connection: Connection, scope: Scope) -> list[str]:
    return list(reading.ids_of(connection, scope.numbers).values())


def _matches(
    connection: Connection,
    terms: Sequence[str],
    limit: int,
    now: Catalogue,
    scope: Scope | None,
) -> _Scored:
    """Return ids and scores of the sentences with at least one of the terms, best first."""
    counts = _term_counts(connection, map(index_stems, terms))
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


def _term_counts(connection: Connection, terms: Iterable[Term]) -> dict[Term, int]:
    """Return the number of sentences that hold each term."""
    counts = dict.fromkeys(terms, 0)
    kept = reading.term_counts(connection, [term[0] for term in counts if len(term) == 1])
    for term in counts:
        if len(term) == 1:
            counts[term] = kept.get(term[0], 0)
        elif term:
            counts[term] = text_index.phrase_count(connection, term)
    return counts


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
