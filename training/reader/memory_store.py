"""A store in memory with the five reading methods that retrieval uses.

Thousands of small stores are made while training (a passage, an article without one passage), too
many for SQLite and Chroma. The ranking of full-text hits is BM25 as in FTS5.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from chatbot.models.embedder import ChunkVectors, Vectors
from chatbot.models.word_stems import stems
from chatbot.store.records import ChunkHit, ChunkKey, SentenceHit, StoredChunk, chunk_content
from chatbot.types import ParsedDocument


def stored_chunks(parsed: ParsedDocument, vectors: ChunkVectors) -> list[StoredChunk]:
    """Return a document's chunks as the store would give them back."""
    document = parsed.document
    found = []
    for chunk in parsed.chunks:
        found.append(
            StoredChunk(
                key=ChunkKey(document_id=document.id, index=chunk.index),
                title=document.title,
                source=document.source,
                content=chunk_content(
                    parsed.sentences[chunk.first : chunk.last + 1],
                    vectors.sentences[chunk.index] if vectors.sentences else None,
                ),
            )
        )
    return found


class MemoryStore:
    """Some chunks with the vector of each: (n, dimension)."""

    def __init__(self, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        self._chunks = {chunk.key: chunk for chunk in chunks}
        self._keys = list(self._chunks)
        self._vectors = vectors
        self._sentences = [(chunk.key, s) for chunk in chunks for s in chunk.sentences]
        self._postings: dict[str, dict[int, int]] = defaultdict(dict)
        self._lengths = np.ones(len(self._sentences))
        for at, (_, sentence) in enumerate(self._sentences):
            found = Counter(stems(sentence.text))
            self._lengths[at] = max(1, found.total())
            for stem, count in found.items():
                self._postings[stem][at] = count

    def sentence_count(self) -> int:
        """Return the number of sentences."""
        return len(self._sentences)

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many sentences each term stands."""
        return {term: len(self._postings.get(_stem(term), ())) for term in terms}

    def nearest_chunks(
        self, vector: Vectors, *, limit: int, documents: Sequence[str] | None = None
    ) -> list[ChunkHit]:
        """Return the chunks with the highest cosine."""
        del documents
        cosines = self._vectors @ vector
        best = np.argsort(-cosines)[:limit]
        return [ChunkHit(key=self._keys[at], score=float(cosines[at])) for at in best]

    def match_sentences(
        self, terms: Sequence[str], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[SentenceHit]:
        """Return the sentences that hold a term, by BM25."""
        del documents
        ranks = np.zeros(len(self._sentences))
        norm = 1.2 * (0.25 + 0.75 * self._lengths / self._lengths.mean())
        for term in terms:
            found = self._postings.get(_stem(term), {})
            total = len(self._sentences)
            weight = max(1e-6, math.log((total - len(found) + 0.5) / (len(found) + 0.5)))
            for at, count in found.items():
                ranks[at] += weight * count * 2.2 / (count + norm[at])
        best = [int(at) for at in np.argsort(-ranks)[:limit] if ranks[at] > 0]
        return [
            SentenceHit(
                document_id=key.document_id,
                index=sentence.index,
                chunk=key,
                score=float(ranks[at]),
            )
            for at in best
            for key, sentence in (self._sentences[at],)
        ]

    def read_chunks(self, keys: Sequence[ChunkKey]) -> list[StoredChunk]:
        """Return the chunks with these keys."""
        return [self._chunks[key] for key in keys]


def _stem(term: str) -> str:
    found = stems(term)
    return found[0] if found else ""
