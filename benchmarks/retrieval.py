"""What each half of retrieval finds alone: vectors, and full text.

    python -m benchmarks.retrieval --data dev_visible.jsonl.gz [--limit 500]

The sentence with the answer, within its article, of SQuAD 2.0's answerable questions; measure only.
Retrieval as users have it is measured by `chatbot eval bench squad2`, in the same way and the same
words; this looks inside it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatbot.answering.ranking import query_terms
from chatbot.bot import Chatbot
from chatbot.evaluation import RunOptions
from chatbot.settings import Settings
from chatbot.store.records import StoredChunk
from chatbot.types import RetrievedSentence, Sentence
from evals.benchmarks import find_benchmark, run_benchmark
from evals.benchmarks.squad2 import SEARCH


class DenseOnly(Chatbot):
    """Searches by cosine alone: the sentences of the 50 nearest chunks."""

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        """Return the sentences nearest to a query, best first."""
        vector = self._parts.models.embedder.embed([query])[0]
        near = self._store.nearest_chunks(vector, limit=50, documents=documents)
        scored = []
        for chunk in self._store.read_chunks([hit.key for hit in near]):
            assert chunk.content.vectors is not None
            cosines = chunk.content.vectors @ vector
            for sentence, cosine in zip(chunk.sentences, cosines, strict=True):
                scored.append((float(cosine), chunk, sentence))
        scored.sort(key=lambda found: -found[0])
        return [_retrieved(chunk, sentence, cosine) for cosine, chunk, sentence in scored[:limit]]


class FullTextOnly(Chatbot):
    """Searches by BM25 alone."""

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        """Return the sentences nearest to a query, best first."""
        terms = [word.surface for word in query_terms(query)]
        if not terms:
            return []
        hits = self._store.match_sentences(terms, limit=limit, documents=documents)
        chunks = self._store.read_chunks([hit.chunk for hit in hits])
        stored = {
            (chunk.key.document_id, sentence.index): (chunk, sentence)
            for chunk in chunks
            for sentence in chunk.sentences
        }
        return [_retrieved(*stored[hit.document_id, hit.index], hit.score) for hit in hits]


def _retrieved(chunk: StoredChunk, sentence: Sentence, score: float) -> RetrievedSentence:
    return RetrievedSentence(
        document_id=chunk.key.document_id,
        title=chunk.title,
        source=chunk.source,
        index=sentence.index,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        score=score,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="SQuAD 2.0")
    parser.add_argument("--limit", type=int, help="a sample of the questions")
    options = parser.parse_args()
    for name, kind in (("ours", Chatbot), ("dense only", DenseOnly), ("full text", FullTextOnly)):
        run = run_benchmark(
            replace(find_benchmark("squad2"), adapter=SEARCH),
            options.data,
            Settings(),
            limit=options.limit,
            options=RunOptions(open_bot=kind.from_settings),
        )
        for figure in run.measures:
            assert figure.value is not None
            assert figure.interval is not None
            interval = f"({figure.interval.low:.3f} to {figure.interval.high:.3f})"
            print(f"{name:11} {figure.name:36} {figure.value:.3f} {interval}  n {figure.scored}")


if __name__ == "__main__":
    main()
