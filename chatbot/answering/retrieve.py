"""Retrieval: the sentences of the store that fit a query, best first.

Dense search finds chunks, full text finds sentences; every sentence of the chunks so found is then
scored again by ``ranking``. A chunk's sentences have vectors of their own from the one pass that
embedded the chunk ("late chunking", Günther et al. 2024, arXiv:2409.04701), kept in the store, so
no text is embedded at question time but the query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from chatbot.answering.ranking import (
    ChunkTexts,
    QueryWords,
    Signals,
    query_terms,
    query_words,
    scores,
    signals,
)
from chatbot.answering.spelling import respelled
from chatbot.answering.tuning import TUNING
from chatbot.errors import DocumentNotFound, StoreUnreachable
from chatbot.models.embedder import Embedder, Vectors
from chatbot.store import ChunkKey, SentenceHit, Store, StoredChunk
from chatbot.types import DocumentInfo, RetrievedSentence, Sentence

_MOST_HOLDING = 500  # sentences that hold a word, of all documents together
_BESIDE = ThreadPoolExecutor(max_workers=8, thread_name_prefix="chatbot-words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A sentence found for a query, in its chunk."""

    chunk: StoredChunk
    at: int  # its place among the chunk's sentences
    score: float  # comparable within one query only, higher is better
    signals: Signals

    @property
    def document_id(self) -> str:
        """The document that it stands in."""
        return self.chunk.key.document_id

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


class Retriever:
    """Searches one store with one embedder."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def around(self, chunk: StoredChunk, *, reach: int) -> list[StoredChunk]:
        """Return a chunk with up to ``reach`` chunks of its document on each side, in order."""
        at = chunk.key.index
        return self.chunks_of(chunk.key.document_id, first=max(0, at - reach), end=at + reach + 1)

    def chunks_of(self, document_id: str, *, first: int = 0, end: int) -> list[StoredChunk]:
        """Return the chunks of a document from one on, before another, as far as there are any."""
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
        chunks = self.chunks_of(document_id, end=min(count, 4))
        return [retrieved(c, one) for c in chunks for one in c.sentences][:count]

    def last_sentences(self, document: DocumentInfo, count: int) -> list[RetrievedSentence]:
        """Return the last sentences of a document, in order."""
        return [retrieved(document, one) for one in self._store.sentences(document.id, last=count)]

    def holding(self, phrase: str, *, documents: Sequence[str]) -> list[RetrievedSentence]:
        """Return the sentences that hold a word or a phrase, document by document."""
        hits = self._store.match_sentences([phrase], limit=_MOST_HOLDING, documents=documents)
        held = {(hit.document_id, hit.index): hit.score for hit in hits}
        found = [
            retrieved(chunk, one, score=held[place])
            for chunk in self._store.read_chunks([hit.chunk for hit in hits])
            for one in chunk.sentences
            if (place := (chunk.key.document_id, one.index)) in held
        ]
        order = {document: at for at, document in enumerate(documents)}
        return sorted(found, key=lambda one: (order[one.document_id], one.index))

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
        vector, near, lost = self._near(query, documents)
        words, hits = by_words.result()
        if phrases:
            hits += self._store.match_sentences(phrases, limit=TUNING.matches, documents=documents)
        keys = dict.fromkeys([*near, *(hit.chunk for hit in hits)])
        chunks = self._store.read_chunks(list(keys))
        rows = signals(words, [_compared(chunk, vector, near) for chunk in chunks])
        ranked = scores(rows)
        places = [(chunk, at) for chunk in chunks for at in range(len(chunk.sentences))]
        found = tuple(
            Hit(
                chunk=places[best][0],
                at=places[best][1],
                score=float(ranked[best]),
                signals=Signals(*rows[best].tolist()),
            )
            for best in np.argsort(-ranked, kind="stable")[:limit].tolist()
        )
        return Retrieval(query=query, hits=found, lost=lost)

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

    def _near(
        self, query: str, documents: Sequence[str] | None
    ) -> tuple[Vectors, dict[ChunkKey, float], StoreUnreachable | None]:
        """Return the vector of a query, and the cosines of the chunks nearest to it."""
        vector = self._embedder.embed([query])[0]
        try:
            hits = self._store.nearest_chunks(vector, limit=TUNING.chunks, documents=documents)
        except StoreUnreachable as error:
            # The words are still there, unless it is the database that is gone: they say so then.
            return vector, {}, error
        return vector, {hit.key: hit.score for hit in hits}, None


def _compared(chunk: StoredChunk, vector: Vectors, near: Mapping[ChunkKey, float]) -> ChunkTexts:
    """Compare a chunk with the query's vector.

    A chunk's centre is at hand for chunks that only the full text found, too. A chunk without
    sentence vectors has its own cosine, or that of the worst chunk of the dense search.
    """
    own = chunk.content
    if own.vectors is None or own.centre is None:
        cosine = near.get(chunk.key, min(near.values(), default=0.0))
        dense = np.full(len(own.texts), cosine, dtype=np.float32)
    else:  # not ``@``: see ``store.vectors``
        cosine = float(np.vecdot(own.centre, vector))
        dense = np.vecdot(own.vectors, vector)
    return ChunkTexts(sentences=own.texts, dense=dense, chunk_dense=cosine)


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
