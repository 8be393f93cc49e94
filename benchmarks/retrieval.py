"""Does retrieval find the sentence that holds the answer? SQuAD, each article as one store.

    python -m benchmarks.retrieval --data dev_visible.jsonl.gz [--limit 3] [--read]

The paragraphs of a title are one document in a real store of its own (SQLite and Chroma in a
temporary folder); the question is searched there. A hit is the sentence that holds the gold answer
of any annotator, at the offset the data gives. Answerable questions only. SQuAD 2.0:
https://rajpurkar.github.io/SQuAD-explorer/ (Rajpurkar et al. 2018). Measure only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot.answering.retrieve import Retriever
from chatbot.answering.terms import query_terms
from chatbot.ingest import Ingest
from chatbot.models.embedder import Embedder, load_embedder
from chatbot.models.reader import Reader, load_reader
from chatbot.settings import Settings
from chatbot.store import Store

Row = Mapping[str, Any]


@dataclass(slots=True)
class Hits:
    """How often the right sentence was first, and among the first five."""

    first: int = 0
    five: int = 0
    questions: int = 0

    def count(self, found: Sequence[int], gold: frozenset[int]) -> None:
        """Count one question: indices found, best first."""
        self.questions += 1
        self.first += bool(gold.intersection(found[:1]))
        self.five += bool(gold.intersection(found[:5]))

    def __str__(self) -> str:
        return f"R@1 {share(self.first, self.questions)}   R@5 {share(self.five, self.questions)}"


@dataclass(slots=True)
class Article:
    """One title: the joined text, and where each paragraph begins in it."""

    text: str
    offsets: dict[str, int]
    rows: list[Row] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="SQuAD as .jsonl.gz rows")
    parser.add_argument("--limit", type=int, help="only the first titles")
    parser.add_argument("--read", action="store_true", help="also in the reader's order")
    options = parser.parse_args()
    hits = {"ours": Hits(), "dense only": Hits(), "full text only": Hits()}
    embedder = load_embedder(Settings())
    reader = load_reader(Settings(), embedder) if options.read else None
    if reader:
        hits["ours, then read"] = Hits()
    seconds: list[float] = []
    for title, article in list(articles(options.data).items())[: options.limit]:
        with tempfile.TemporaryDirectory() as folder:
            measure(article, title, embedder, Path(folder) / "data", hits, seconds, reader)
        print(f"{title:45.45} ours so far {hits['ours']}", flush=True)
    print()
    for name, found in hits.items():
        print(f"{name:15} {found}   n {found.questions}")
    seconds.sort()
    print(f"one search: median {1000 * seconds[len(seconds) // 2]:.1f} ms")


def articles(path: Path) -> dict[str, Article]:
    """Read the rows, and join the paragraphs of each title."""
    found: dict[str, Article] = defaultdict(lambda: Article(text="", offsets={}))
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            article = found[row["title"]]
            if row["context"] not in article.offsets:
                article.offsets[row["context"]] = len(article.text)
                article.text += row["context"] + "\n\n"
            article.rows.append(row)
    return found


def measure(
    article: Article,
    title: str,
    embedder: Embedder,
    folder: Path,
    hits: Mapping[str, Hits],
    seconds: list[float],
    reader: Reader | None = None,
) -> None:
    """Store one article and search its questions in three ways."""
    with Store.open(folder, embedder=embedder.name, dimension=embedder.dimension) as store:
        Ingest(store, embedder).add_text(article.text, title=title, source=title)
        document = store.documents()[0]
        sentences = store.sentences(document.id)
        places = places_of(article, document.text)
        retriever = Retriever(store, embedder)
        for row in article.rows:
            start = places[row["context"]]
            gold = frozenset(
                sentence.index
                for sentence in sentences
                for answer in row["answers"]
                if sentence.start <= start + answer["start"] < sentence.end
            )
            if row["impossible"] or not row["answers"]:
                continue
            began = time.perf_counter()
            found = retriever.search(row["question"], limit=5)
            seconds.append(time.perf_counter() - began)
            hits["ours"].count([sentence.index for sentence in found.sentences], gold)
            if reader:
                hits["ours, then read"].count(read(retriever, reader, row["question"]), gold)
            hits["dense only"].count(list(dense(store, embedder, row["question"])), gold)
            hits["full text only"].count(list(full_text(store, row["question"])), gold)


def places_of(article: Article, stored: str) -> dict[str, int]:
    """Return where each paragraph stands in the stored text (which may be cleaned).

    Raises:
        ValueError: if a paragraph is not there as it was.
    """
    found, at = {}, 0
    for context in article.offsets:
        at = stored.index(context.strip(), at)
        found[context] = at - context.index(context.strip())
    return found


def read(retriever: Retriever, reader: Reader, question: str) -> list[int]:
    """Return the sentences in the reader's order."""
    found = retriever.search(question, limit=10)
    scores = reader.read(question, found.candidates).scores
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    return [found.sentences[at].index for at in order]


def dense(store: Store, embedder: Embedder, question: str) -> Iterator[int]:
    """Yield sentences by cosine alone: those of the 50 nearest chunks."""
    vector = embedder.embed([question])[0]
    near = store.nearest_chunks(vector, limit=50)
    scored = []
    for chunk in store.read_chunks([hit.key for hit in near]):
        assert chunk.vectors is not None
        for stored, cosine in zip(chunk.sentences, chunk.vectors @ vector, strict=True):
            scored.append((float(cosine), stored.sentence.index))
    yield from (index for _, index in sorted(scored, reverse=True)[:5])


def full_text(store: Store, question: str) -> Iterator[int]:
    """Yield sentences by BM25 alone."""
    terms = [word.surface for word in query_terms(question)]
    if terms:
        yield from (hit.index for hit in store.match_sentences(terms, limit=5))


def share(count: int, total: int) -> str:
    """Return a share with its 95 % interval (Wilson 1927)."""
    if total == 0:
        return "none"
    z, value = 1.96, count / total
    middle = (value + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(value * (1 - value) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return f"{value:.3f} ({middle - half:.3f} to {middle + half:.3f})"


if __name__ == "__main__":
    main()
