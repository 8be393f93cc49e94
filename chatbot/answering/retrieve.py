"""Retrieval: the sentences of the store that fit a query, best first.

Dense search finds chunks, full text finds sentences; every sentence of the chunks so found is then
scored again by ``ranking``. A chunk's sentences have vectors of their own from the one pass that
embedded the chunk ("late chunking", Günther et al. 2024, arXiv:2409.04701), kept in the store, so
no text is embedded at question time but the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise

import numpy as np

from chatbot.answering.ranking import (
    SIGNALS,
    ChunkTexts,
    Floats,
    QueryWords,
    Signals,
    query_terms,
    query_words,
    scores,
    signals,
    stem_hashes,
)
from chatbot.answering.spelling import respelled
from chatbot.answering.tuning import TUNING
from chatbot.errors import DocumentNotFound, StoreUnreachable
from chatbot.models.embedder import Embedder, Vectors
from chatbot.store import ChunkContent, ChunkKey, SentenceHit, Store, StoredChunk
from chatbot.types import DocumentInfo, RetrievedSentence, Sentence

_AT_ONCE = 100
_BESIDE = ThreadPoolExecutor(max_workers=8, thread_name_prefix="chatbot-words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A sentence found for a query, in its chunk."""

    chunk: StoredChunk
    at: int  # its place among the chunk's sentences
    score: float  # comparable within one query only, higher is better
    signals: Signals

    @property
    def stored(self) -> Sentence:
        """The sentence as it is stored."""
        return self.chunk.sentences[self.at]

    @property
    def sentence(self) -> RetrievedSentence:
        """The sentence with its place in the document."""
        return self.beside(self.at)

    def beside(self, at: int) -> RetrievedSentence:
        """Return another sentence of the chunk."""
        return retrieved(self.chunk, self.chunk.sentences[at], score=self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What was found for a query."""

    query: str
    hits: tuple[Hit, ...] = ()  # best first
    lost: StoreUnreachable | None = None
    """Why only words were searched: the vector index did not answer."""

    @property
    def sentences(self) -> tuple[RetrievedSentence, ...]:
        """The sentences that were found, best first."""
        return tuple(hit.sentence for hit in self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    vector: Vectors
    chunks: list[StoredChunk]
    cosines: dict[ChunkKey, float]
    lost: StoreUnreachable | None = None


class Retriever:
    """Searches one store with one embedder."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def around(self, chunk: StoredChunk, *, reach: int) -> list[StoredChunk]:
        """Return a chunk with up to ``reach`` chunks of its document on each side, in order."""
        at = chunk.key.index
        return self._chunks(chunk.key.document_id, max(0, at - reach), at + reach + 1)

    def chunks_of(self, document_id: str, *, most: int) -> list[StoredChunk]:
        """Return the first chunks of a document, in order, at most so many."""
        found: list[StoredChunk] = []
        for first in range(0, most, _AT_ONCE):
            end = min(first + _AT_ONCE, most)
            found += self._chunks(document_id, first, end)
            if len(found) < end:
                break
        return found

    def _chunks(self, document_id: str, first: int, end: int) -> list[StoredChunk]:
        keys = [ChunkKey(document_id=document_id, index=index) for index in range(first, end)]
        return self._store.read_chunks(keys)

    def stored(self, places: Sequence[tuple[str, int]]) -> list[RetrievedSentence]:
        """Return stored sentences by their places: document id, index.

        Raises:
            DocumentNotFound: if there is no such document, or it has no such sentence.
        """
        ids = dict.fromkeys(id_ for id_, _ in places)
        read = {id_: (self._store.document(id_), self._store.sentences(id_)) for id_ in ids}
        for id_, index in places:
            document, sentences = read[id_]
            if not 0 <= index < len(sentences):
                raise DocumentNotFound(f"The document {document.title} has no sentence {index}.")
        return [retrieved(read[id_][0], read[id_][1][index]) for id_, index in places]

    def first_sentences(self, document_id: str, count: int) -> list[RetrievedSentence]:
        """Return the first sentences of a document, in order."""
        chunks = self.chunks_of(document_id, most=min(count, 4))
        return [retrieved(c, one) for c in chunks for one in c.sentences][:count]

    def last_sentences(self, document: DocumentInfo, count: int) -> list[RetrievedSentence]:
        """Return the last sentences of a document, in order."""
        return [retrieved(document, one) for one in self._store.sentences(document.id, last=count)]

    def holding(
        self, phrase: str, *, documents: Sequence[str] | None, most: int = 500
    ) -> list[RetrievedSentence]:
        """Return the sentences that hold a word or a phrase, document by document."""
        hits = self._store.match_sentences([phrase], limit=most, documents=documents)
        chunks = {chunk.key: chunk for chunk in self._store.read_chunks([h.chunk for h in hits])}
        found = [
            retrieved(chunks[hit.chunk], one, score=hit.score)
            for hit in sorted(hits, key=lambda hit: (hit.document_id, hit.index))
            if hit.chunk in chunks
            for one in chunks[hit.chunk].sentences
            if one.index == hit.index
        ]
        order = {document: at for at, document in enumerate(documents or ())}
        return sorted(found, key=lambda one: (order.get(one.document_id, 0), one.index))

    def most_like(
        self, text: str, others: Sequence[str], least: float = TUNING.alike
    ) -> str | None:
        """Return which of some short texts is nearest to one, None if no cosine is ``least``."""
        if not others:
            return None
        vectors = self._embedder.embed([text, *others])
        cosines = np.vecdot(vectors[1:], vectors[0])
        best = int(np.argmax(cosines))
        return others[best] if cosines[best] >= least else None

    def mentions(self, phrase: str, *, documents: Sequence[str] | None = None) -> bool:
        """Say whether a word or a phrase stands in what is searched."""
        return bool(self._store.match_sentences([phrase], limit=1, documents=documents))

    def respelled(self, query: str, *, documents: Sequence[str] | None = None) -> str:
        """Return a query with slips of the keyboard set right, by the words of the documents."""
        stands = partial(self.mentions, documents=documents)
        return respelled(query, counts=self._store.term_counts, stands=stands)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        documents: Sequence[str] | None = None,
        phrases: Sequence[str] = (),
    ) -> Retrieval:
        """Find up to ``limit`` sentences that fit a query that stands alone, best first.

        Args:
            query: a question or words.
            limit: how many sentences at most.
            documents: ids of the documents to search; None searches all.
            phrases: identifiers and dates that are searched for as a whole, too.
        """
        total = self._store.sentence_count()
        if total == 0 or limit < 1 or (documents is not None and not documents):
            return Retrieval(query=query)
        # Beside each other: each keeps a core busy, in a large store for a while. The caller waits
        # for the embedder, which may be a server.
        by_words = _BESIDE.submit(self._by_words, query, total, documents)
        near = self._near(query, documents)
        words, hits = by_words.result()
        if phrases:
            hits += self._store.match_sentences(phrases, limit=TUNING.matches, documents=documents)
        others = dict.fromkeys(hit.chunk for hit in hits if hit.chunk not in near.cosines)
        chunks = [*near.chunks, *self._store.read_chunks(list(others))]
        rows = signals(words, _chunk_texts(chunks, near))
        return Retrieval(query=query, hits=_ranked(chunks, rows, limit), lost=near.lost)

    def _by_words(
        self, query: str, total: int, documents: Sequence[str] | None
    ) -> tuple[QueryWords, list[SentenceHit]]:
        """Return the weighed words of the query, and the sentences that the full text finds.

        Searched for are the rarest words that occur.
        """
        words = query_terms(query)
        counts = self._store.term_counts([word.surface for word in words])
        each = [counts.get(word.surface, 0) for word in words]
        weighed = query_words(query, [word.stem for word in words], each, total)
        present = [word.surface for word in words if counts.get(word.surface, 0) > 0]
        rarest = sorted(present, key=lambda surface: counts[surface])[: TUNING.terms]
        hits = self._store.match_sentences(rarest, limit=TUNING.matches, documents=documents)
        return weighed, hits

    def _near(self, query: str, documents: Sequence[str] | None) -> _Near:
        """Return the chunks nearest to a query, read and ready to be compared."""
        vector = self._embedder.embed([query])[0]
        try:
            hits = self._store.nearest_chunks(vector, limit=TUNING.chunks, documents=documents)
        except StoreUnreachable as error:
            # The words are still there, unless it is the database that is gone: they say so then.
            return _Near(vector=vector, chunks=[], cosines={}, lost=error)
        chunks = self._store.read_chunks([hit.key for hit in hits])
        for chunk in chunks:
            stem_hashes(chunk.content.texts)
        cosines = {hit.key: hit.score for hit in hits}
        return _Near(vector=vector, chunks=chunks, cosines=cosines)


def _chunk_texts(chunks: Sequence[StoredChunk], near: _Near) -> list[ChunkTexts]:
    """Compare chunks with the query's vector.

    A chunk's centre is at hand for chunks that only the full text found, too. A chunk without
    sentence vectors has its own cosine, or that of the worst chunk of the dense search.
    """
    least = min(near.cosines.values(), default=0.0)
    compared = iter(_compared([chunk.content for chunk in chunks], near.vector))
    found = []
    for chunk in chunks:
        if chunk.content.centre is None:
            cosine = near.cosines.get(chunk.key, least)
            dense = np.full(len(chunk.sentences), cosine, dtype=np.float32)
        else:
            dense, cosine = next(compared)
        found.append(ChunkTexts(sentences=chunk.content.texts, dense=dense, chunk_dense=cosine))
    return found


def _compared(contents: Sequence[ChunkContent], vector: Vectors) -> list[tuple[Floats, float]]:
    """Return the cosines of the sentences of each chunk that has vectors, and of its centre."""
    vectors = [content.vectors for content in contents if content.vectors is not None]
    centres = [content.centre for content in contents if content.centre is not None]
    if not vectors:
        return []
    # Not ``@``: see ``store.vectors``.
    dense = np.vecdot(np.concatenate(vectors), vector)
    edges = pairwise(accumulate((len(own) for own in vectors), initial=0))
    parts = (dense[start:end] for start, end in edges)
    return list(zip(parts, np.vecdot(np.stack(centres), vector).tolist(), strict=True))


def _ranked(chunks: Sequence[StoredChunk], rows: Floats, limit: int) -> tuple[Hit, ...]:
    ranked = scores(rows)
    flat = [(chunk, at) for chunk in chunks for at in range(len(chunk.sentences))]
    best = [int(at) for at in np.argsort(-ranked, kind="stable")[:limit]]
    return tuple(
        Hit(
            chunk=flat[at][0],
            at=flat[at][1],
            score=float(ranked[at]),
            signals=Signals(**dict(zip(SIGNALS, rows[at].tolist(), strict=True))),
        )
        for at in best
    )


def retrieved(
    place: StoredChunk | DocumentInfo, sentence: Sentence, *, score: float = 0.0
) -> RetrievedSentence:
    """Return a sentence of a chunk or a document as it is shown and cited."""
    return RetrievedSentence(
        document_id=place.id if isinstance(place, DocumentInfo) else place.key.document_id,
        title=place.title,
        source=place.source,
        index=sentence.index,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        score=score,
        page=sentence.page,
        heading=sentence.heading,
        header=sentence.header,
    )
