"""The training files as articles: passages joined to one document, questions with gold sentences.

Reads only files that the data's README marks for training.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.documents import parse_text
from chatbot.models.embedder import ChunkVectors, Embedder, Vectors
from chatbot.store.records import ChunkKey, StoredChunk
from chatbot.types import Span
from training.reader.memory_store import stored_chunks

GROUP = 25
"""Passages of one article where a file has no titles."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, the answers, and the sentences of the article that hold them."""

    text: str
    answers: tuple[str, ...]
    gold: frozenset[int]
    """Indices of sentences in the article."""
    vector: Vectors


@dataclass(frozen=True, kw_only=True)
class Article:
    """A document with its vectors, and the questions on it."""

    source: str
    chunks: tuple[StoredChunk, ...]
    vectors: Vectors
    """(chunks, dimension)"""
    questions: tuple[Question, ...]

    def gold_chunks(self, question: Question) -> frozenset[ChunkKey]:
        """Return the chunks that hold a gold sentence."""
        return frozenset(
            chunk.key
            for chunk in self.chunks
            if any(sentence.index in question.gold for sentence in chunk.sentences)
        )


def load_articles(
    data: Path,
    name: str,
    embedder: Embedder,
    *,
    questions: int,
    seed: int = 0,
    chosen: Callable[[str], bool] | None = None,
) -> list[Article]:
    """Load a training file.

    Args:
        data: the folder of the training files.
        name: the file without ``.jsonl.gz``.
        embedder: gives the vectors of chunks, sentences and questions.
        questions: about how many to keep, drawn by chance.
        seed: of the draw.
        chosen: which documents to keep, by their id; None keeps all.
    """
    rows = list(_rows(data / f"{name}.jsonl.gz"))
    keep = min(1.0, questions / len(rows))
    drawn = random.Random(seed)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["title"]].append(row)
    articles = []
    for title, members in groups.items():
        for part in _parts(members):
            asked = [row for row in part if drawn.random() < keep]
            if asked:
                articles.append(_article(name, title, part, asked, embedder, chosen))
    return [article for article in articles if article.questions]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "ctxs" in row:
                row = _open_row(row)
            yield row


def _open_row(row: dict[str, Any]) -> dict[str, Any]:
    """Bring a row of nq_open to the shape of the others: each place of each answer."""
    context = row["ctxs"][0]["text"]
    answers = [
        {"text": answer, "start": context.lower().find(answer.lower())}
        for answer in row["answers"]
        if answer.lower() in context.lower()
    ]
    return {"title": "", "context": context, "question": row["question"], "answers": answers}


def _parts(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut the rows of one title into articles of passages; long papers are one article each."""
    by_context: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_context[row["context"]].append(row)
    contexts = list(by_context)
    size = GROUP if len(contexts) > 3 * GROUP else max(1, len(contexts))
    if contexts and len(contexts[0]) > 8000:
        size = 1
    for at in range(0, len(contexts), size):
        yield [row for context in contexts[at : at + size] for row in by_context[context]]


def _article(
    source: str,
    title: str,
    rows: Sequence[dict[str, Any]],
    asked: Sequence[dict[str, Any]],
    embedder: Embedder,
    chosen: Callable[[str], bool] | None,
) -> Article:
    contexts = list(dict.fromkeys(row["context"] for row in rows))
    text = "\n\n".join(context.strip() for context in contexts)
    parsed = parse_text(text, title=title, source=title, count_tokens=embedder.count_tokens)
    offsets = _offsets(contexts, parsed.document.text)
    asked = [row for row in asked if row["context"] in offsets]
    if not asked or (chosen is not None and not chosen(parsed.document.id)):
        return Article(source=source, chunks=(), vectors=np.zeros((0, 0), np.float32), questions=())
    vectors = embed_document(parsed, embedder)
    queries = embedder.embed([row["question"] for row in asked])
    questions = []
    for row, vector in zip(asked, queries, strict=True):
        starts = [offsets[row["context"]] + answer["start"] for answer in row["answers"]]
        gold = frozenset(
            sentence.index
            for sentence in parsed.sentences
            if any(sentence.start <= start < sentence.end for start in starts)
        )
        if gold:
            questions.append(
                Question(
                    text=row["question"],
                    answers=tuple(answer["text"] for answer in row["answers"]),
                    gold=gold,
                    vector=vector,
                )
            )
    return Article(
        source=source,
        chunks=tuple(stored_chunks(parsed, vectors)),
        vectors=vectors.chunks,
        questions=tuple(questions),
    )


def _offsets(contexts: Sequence[str], stored: str) -> dict[str, int]:
    """Return where each passage stands in the stored text; those that were cleaned are left out."""
    found, at = {}, 0
    for context in contexts:
        plain = context.strip()
        place = stored.find(plain, at)
        if place >= 0:
            found[context] = place - context.index(plain)
            at = place + len(plain)
    return found


def embed_document(parsed: Any, embedder: Embedder) -> ChunkVectors:  # noqa: ANN401
    """Embed a parsed document as ingest does."""
    texts, spans = [], []
    for chunk in parsed.chunks:
        members = parsed.sentences[chunk.first : chunk.last + 1]
        first = members[0].start
        texts.append(parsed.document.text[first : members[-1].end])
        spans.append([Span(start=s.start - first, end=s.end - first) for s in members])
    return embedder.embed_chunks(texts, spans)
