"""Made situations: a question and a store, with what is known of the answer.

A reader must say which sentences answer and whether any does. Questions that no sentence answers
are made in three ways: the answering passage is taken out, another article is asked, or the
question is changed (``changed``). Questions are asked once more in other words, since whoever asks
has not read the text, as those who wrote the training questions had.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chatbot.answering.retrieve import Retrieval, Retriever
from chatbot.models.embedder import Embedder, Vectors
from chatbot.store.records import ChunkKey, StoredChunk
from training.reader.changed import Changer
from training.reader.memory_store import MemoryStore
from training.reader.sources import Article, Question
from training.verifier.lexicon import WORDS, read_words
from training.verifier.rewordings import near_words, reword

LIMIT = 10
NEAR = near_words(read_words(WORDS)["near"])
SAME_EVERYWHERE = ("squadshifts_amazon_reviews",)
"""Sources whose questions ("Would they buy it again?") any other article may answer, too."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """What the reader sees of one question, and the truth."""

    source: str
    scenario: str
    question: str
    retrieval: Retrieval
    gold: tuple[bool, ...]
    """For each candidate: it holds the answer."""
    doubtful: tuple[bool, ...]
    """For each candidate: not gold, but it holds the words of an answer."""
    answers: tuple[str, ...]
    answerable: bool


class FixedQuery:
    """An embedder that knows one vector: questions are embedded once, in batches."""

    name = "fixed"

    def __init__(self, vector: Vectors) -> None:
        self._vector = vector

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vector, whatever the text."""
        return np.stack([self._vector] * len(texts))


def events(
    article: Article,
    others: Sequence[Article],
    embedder: Embedder,
    changer: Changer,
    drawn: random.Random,
) -> Iterator[Event]:
    """Yield the events of every question of an article."""
    whole = MemoryStore(article.chunks, article.vectors)
    elsewhere = drawn.choice(others)
    foreign = MemoryStore(elsewhere.chunks, elsewhere.vectors)
    asked = article.questions
    unanswered = [replace(question, answers=(), gold=frozenset()) for question in asked]
    changed = _put(unanswered, [changer.change(q, article, drawn) for q in asked], embedder)
    reworded = _put(asked, [reword(q.text, drawn, NEAR) for q in asked], embedder)
    for question, other, same in zip(asked, changed, reworded, strict=True):
        gold = article.gold_chunks(question)
        one = drawn.choice(sorted(gold))
        passage = _store(article, [chunk for chunk in article.chunks if chunk.key == one])
        yield _event(article, question, whole, "article")
        yield _event(article, question, passage, "passage")
        if article.source not in SAME_EVERYWHERE:
            yield _event(article, question, foreign, "foreign", answerable=False)
        if other is not None:
            yield _event(article, other, passage, "changed", answerable=False)
        if same is not None:
            yield _event(article, same, whole, "reworded")
        yield from _without(article, question, gold)


def _put(
    questions: Sequence[Question], texts: Sequence[str | None], embedder: Embedder
) -> list[Question | None]:
    """Return the questions in other words; None where there are none."""
    vectors = embedder.embed([text or "-" for text in texts])
    return [
        replace(question, text=text, vector=vector) if text else None
        for question, text, vector in zip(questions, texts, vectors, strict=True)
    ]


def agreed_events(articles: Sequence[Article], drawn: random.Random) -> Iterator[Event]:
    """Yield the events of questions that people typed: of their passages, and of others'."""
    for article in articles:
        question = article.questions[0]
        whole = MemoryStore(article.chunks, article.vectors)
        yield _event(article, question, whole, "passages", answerable=bool(question.gold))
        other = drawn.choice([one for one in articles if one is not article])
        foreign = MemoryStore(other.chunks, other.vectors)
        yield _event(article, question, foreign, "foreign", answerable=False)


def _without(article: Article, question: Question, gold: frozenset[ChunkKey]) -> Iterator[Event]:
    """Yield the article without the answering passages, and its passage that then fits best."""
    rest = [chunk for chunk in article.chunks if chunk.key not in gold]
    rest = [chunk for chunk in rest if not _holds(chunk, question.answers)]
    if not rest:
        return
    store = _store(article, rest)
    left = _event(article, question, store, "without", answerable=False)
    yield left
    best = left.retrieval.sentences[0]
    near = [
        chunk
        for chunk in rest
        if chunk.key.document_id == best.document_id
        and any(sentence.index == best.index for sentence in chunk.sentences)
    ]
    yield _event(article, question, _store(article, near), "near_passage", answerable=False)


def _store(article: Article, chunks: Sequence[StoredChunk]) -> MemoryStore:
    at = {chunk.key: row for row, chunk in enumerate(article.chunks)}
    return MemoryStore(chunks, article.vectors[[at[chunk.key] for chunk in chunks]])


def _holds(chunk: StoredChunk, answers: Sequence[str]) -> bool:
    text = " ".join(chunk.content.texts).lower()
    return any(answer.lower() in text for answer in answers)


def _event(
    article: Article,
    question: Question,
    store: MemoryStore,
    scenario: str,
    *,
    answerable: bool = True,
) -> Event:
    retriever = Retriever(store, FixedQuery(question.vector))  # type: ignore[arg-type]
    found = retriever.search(question.text, limit=LIMIT)
    gold = tuple(answerable and sentence.index in question.gold for sentence in found.sentences)
    doubtful = tuple(
        not is_gold and any(answer.lower() in sentence.text.lower() for answer in question.answers)
        for is_gold, sentence in zip(gold, found.sentences, strict=True)
    )
    return Event(
        source=article.source,
        scenario=scenario,
        question=question.text,
        retrieval=found,
        gold=gold,
        doubtful=doubtful,
        answers=question.answers,
        answerable=answerable,
    )
