"""Retrieval: the sentences of the store that fit a query, best first.

Dense search finds chunks, full text finds sentences; every sentence of the chunks so found is then
scored again by ``ranking``. A chunk's sentences have vectors of their own from the one pass that
embedded the chunk ("late chunking": token vectors, mean over each sentence; Günther et al. 2024,
arXiv:2409.04701), kept in the store, so no text is embedded at question time but the query.
Knows nothing of answers; used by the chain, the extractive answer and ``Chatbot.search``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from chatbot.answering.ranking import (
    SIGNALS,
    ChunkTexts,
    Floats,
    QueryWords,
    query_words,
    scores,
    signals,
)
from chatbot.answering.spelling import respelled
from chatbot.answering.terms import query_terms
from chatbot.models.candidates import Candidate, Signals
from chatbot.models.embedder import Embedder, Vectors
from chatbot.store import ChunkKey, Store, StoredChunk, StoredSentence
from chatbot.types import RetrievedSentence, Span

_CHUNKS = 50
"""Chunks taken from the dense search."""
_SENTENCES = 50
"""Sentences taken from the full text; their chunks join those of the dense search."""
_MAX_TERMS = 16
"""Of a long query only the rarest words are searched for."""
_BESIDE = ThreadPoolExecutor(max_workers=8, thread_name_prefix="chatbot-dense")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What was found for a query."""

    query: str
    sentences: tuple[RetrievedSentence, ...] = ()
    """Best first; scores are comparable within this query only."""
    candidates: tuple[Candidate, ...] = ()
    """The same sentences with what the reader needs, in the same order."""
    before: tuple[RetrievedSentence | None, ...] = ()
    """For each of them the sentence before it in its paragraph, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _SearchTerms:
    words: QueryWords
    searched: tuple[str, ...]


class Retriever:
    """Searches one store with one embedder."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def respelled(self, query: str, *, documents: Sequence[str] | None = None) -> str:
        """Return a query with slips of the keyboard set right, by the words of the documents."""

        def stands(word: str) -> bool:
            return bool(self._store.match_sentences([word], limit=1, documents=documents))

        return respelled(query, counts=self._store.term_counts, stands=stands)

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> Retrieval:
        """Find the sentences that fit a query.

        Args:
            query: a question or words, standing alone.
            limit: how many sentences at most.
            documents: ids of the documents to search; None searches all.

        Returns:
            Up to ``limit`` sentences, best first; none when the store (or the choice of
            documents) is empty.
        """
        total = self._store.sentence_count()
        if total == 0 or limit < 1 or (documents is not None and not documents):
            return Retrieval(query=query)
        vector = self._embedder.embed([query])[0]
        terms = self._search_terms(query, total)
        # Beside each other: in a large store each keeps a core busy for a while.
        dense = _BESIDE.submit(
            self._store.nearest_chunks, vector, limit=_CHUNKS, documents=documents
        )
        hits = self._store.match_sentences(terms.searched, limit=_SENTENCES, documents=documents)
        near = dense.result()
        keys = [*(hit.key for hit in near), *(hit.chunk for hit in hits)]
        chunks = self._store.read_chunks(list(dict.fromkeys(keys)))
        cosines = {hit.key: hit.score for hit in near}
        rows = signals(terms.words, [_chunk_texts(chunk, vector, cosines) for chunk in chunks])
        return _ranked(query, chunks, rows, limit)

    def _search_terms(self, query: str, total: int) -> _SearchTerms:
        """Weigh the query's terms, and choose those to search for: the rarest that occur."""
        words = query_terms(query)
        counts = self._store.term_counts([word.surface for word in words])
        present = [word.surface for word in words if counts.get(word.surface, 0) > 0]
        weighed = query_words(
            query,
            [word.stem for word in words],
            [counts.get(word.surface, 0) for word in words],
            total,
        )
        rarest = sorted(present, key=lambda surface: counts[surface])[:_MAX_TERMS]
        return _SearchTerms(words=weighed, searched=tuple(rarest))


def _chunk_texts(
    chunk: StoredChunk, vector: Vectors, cosines: Mapping[ChunkKey, float]
) -> ChunkTexts:
    """Compare a chunk with the query's vector.

    The chunk's vector is about the mean of its sentences', weighted by length: at hand for chunks
    that only the full text found, too. A chunk without sentence vectors has its own cosine, or
    that of the worst chunk of the dense search.
    """
    texts = tuple(stored.sentence.text for stored in chunk.sentences)
    if chunk.vectors is None:
        cosine = cosines.get(chunk.key, min(cosines.values(), default=0.0))
        dense = np.full(len(texts), cosine, dtype=np.float32)
        return ChunkTexts(sentences=texts, dense=dense, chunk_dense=cosine)
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    mean = lengths @ chunk.vectors
    norm = max(float(np.linalg.norm(mean)), 1e-9)
    return ChunkTexts(
        sentences=texts, dense=chunk.vectors @ vector, chunk_dense=float(mean @ vector) / norm
    )


def _ranked(query: str, chunks: Sequence[StoredChunk], rows: Floats, limit: int) -> Retrieval:
    ranked = scores(rows)
    flat = [(chunk, at) for chunk in chunks for at in range(len(chunk.sentences))]
    best = [int(at) for at in np.argsort(-ranked, kind="stable")[:limit]]
    return Retrieval(
        query=query,
        sentences=tuple(
            _retrieved(flat[at][0].sentences[flat[at][1]], float(ranked[at])) for at in best
        ),
        candidates=tuple(
            _candidate(*flat[at], signals=_signals(rows[at]), score=float(ranked[at]))
            for at in best
        ),
        before=tuple(_before(*flat[at], score=float(ranked[at])) for at in best),
    )


def _before(chunk: StoredChunk, at: int, *, score: float) -> RetrievedSentence | None:
    if at == 0:
        return None
    before, own = chunk.sentences[at - 1], chunk.sentences[at]
    same = before.sentence.paragraph == own.sentence.paragraph
    return _retrieved(before, score) if same else None


def _signals(row: Floats) -> Signals:
    return Signals(**dict(zip(SIGNALS, row.tolist(), strict=True)))


def _retrieved(stored: StoredSentence, score: float) -> RetrievedSentence:
    sentence = stored.sentence
    return RetrievedSentence(
        document_id=stored.document_id,
        title=stored.title,
        source=stored.source,
        index=sentence.index,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        score=score,
        page=sentence.page,
        heading=sentence.heading,
    )


def _candidate(chunk: StoredChunk, at: int, *, signals: Signals, score: float) -> Candidate:
    sentences = [stored.sentence for stored in chunk.sentences]
    first = sentences[0].start
    passage = ""
    for sentence in sentences:  # what stands between sentences is white space
        passage = passage.ljust(sentence.start - first) + sentence.text
    return Candidate(
        text=sentences[at].text,
        passage=passage,
        start=sentences[at].start - first,
        score=score,
        signals=signals,
        sentences=tuple(Span(start=s.start - first, end=s.end - first) for s in sentences),
        heading=sentences[at].is_heading,
    )
