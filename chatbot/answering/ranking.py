"""The retrieval score of a sentence: a weighted sum of how it and its surroundings fit the query.

Pure arithmetic on stems and vectors: knows no store and no model. The
weights were fitted by ``training/reader/fit_ranking.py`` (listwise softmax) on the Wikipedia part
of SQuADShifts, each article as one store.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from chatbot.models.word_stems import Word, stems, words

Floats = NDArray[np.float32]

_END = 0  # stands behind the last stem of a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """How a sentence and its surroundings fit the query, each about 0 to 1."""

    dense: float  # cosine of query and sentence
    chunk_dense: float  # cosine of query and chunk
    coverage: float  # share of the query's terms, weighted by rarity, that stand in the sentence
    with_before: float  # the same for the sentence and the one before it
    in_chunk: float  # the same for its chunk
    phrases: float  # share of the query's word pairs that stand side by side in the sentence
    neighbour: float  # dense + coverage of the best sentence of its chunk


SIGNALS = tuple(field.name for field in fields(Signals))
WEIGHTS = np.array([11.5, 2.0, 2.5, 4.0, 0.5, 3.5, 3.0], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWords:
    """The words of a query, ready to be compared with sentences."""

    terms: tuple[str, ...]  # stems worth searching for
    rarity: tuple[float, ...]  # inverse document frequency of each term, over the store's sentences
    pairs: frozenset[tuple[str, str]]
    """Stems that stand side by side in the query, stop words included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTexts:
    """One chunk of candidates: its sentences and their cosine to the query."""

    sentences: tuple[str, ...]
    dense: Floats  # (k,) cosine of each sentence and the query
    chunk_dense: float


def query_terms(query: str) -> tuple[Word, ...]:
    """Return the words of a query that are worth searching for, each stem once, in order.

    Stop words and question words are left out, so a query such as "Who was he?" has none.
    """
    found: dict[str, Word] = {}
    for word in words(query):
        if not word.is_stop:
            found.setdefault(word.stem, word)
    return tuple(found.values())


def query_words(query: str, terms: Sequence[str], counts: Sequence[int], total: int) -> QueryWords:
    """Weigh the terms of a query by their rarity.

    Each stands in ``counts`` of the store's ``total`` sentences.
    """
    in_order = stems(query)
    return QueryWords(
        terms=tuple(terms),
        rarity=tuple(_rarity(count, total) for count in counts),
        pairs=frozenset(pairwise(in_order)),
    )


def signals(query: QueryWords, chunks: Sequence[ChunkTexts]) -> Floats:
    """Return the signals of every sentence of the chunks, in order: (sentences, len(SIGNALS))."""
    chunks = [chunk for chunk in chunks if chunk.sentences]
    if not chunks:
        return np.zeros((0, len(SIGNALS)), dtype=np.float32)
    sizes = np.array([len(chunk.sentences) for chunk in chunks])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    tokens = np.concatenate([stem_hashes(chunk.sentences) for chunk in chunks])
    has = _held(query, tokens)
    with_before = has.copy()
    with_before[1:] = np.maximum(has[1:], has[:-1])
    with_before[starts] = has[starts]
    rows = np.empty((len(has), len(SIGNALS)), dtype=np.float32)
    rows[:, 0] = np.concatenate([chunk.dense for chunk in chunks])
    rows[:, 1] = np.repeat([chunk.chunk_dense for chunk in chunks], sizes)
    rows[:, 2] = has.sum(axis=1)
    rows[:, 3] = with_before.sum(axis=1)
    rows[:, 4] = np.repeat(np.maximum.reduceat(has, starts).sum(axis=1), sizes)
    rows[:, 5] = _pairs_held(query, tokens) / np.float32(max(1, len(query.pairs)))
    rows[:, 6] = np.repeat(np.maximum.reduceat(rows[:, 0] + rows[:, 2], starts), sizes)
    return rows


@lru_cache(maxsize=4_000)
def stem_hashes(sentences: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the stems of sentences as numbers, with a 0 behind each sentence.

    Hundreds of sentences are compared with each query: as numbers that takes a few operations on
    one array. Two stems of one hash would have to meet in a query and its few candidates.
    """
    numbers: list[int] = []
    for sentence in sentences:
        numbers += [hash(stem) or 1 for stem in stems(sentence)]
        numbers.append(_END)
    return np.array(numbers, dtype=np.int64)


def scores(rows: Floats) -> Floats:
    """Return the weighted sum of each row of signals."""
    return rows @ WEIGHTS


def _held(query: QueryWords, tokens: NDArray[np.int64]) -> Floats:
    """Return (sentences, terms): a term's share of the rarity of all where a sentence holds it."""
    rarity = np.array(query.rarity, dtype=np.float32)
    share = rarity / max(float(rarity.sum()), 1e-9)
    starts = _starts(tokens)
    held = np.zeros((len(starts), len(share)), dtype=np.float32)
    for column, term in enumerate(query.terms):
        held[_in_sentences(tokens == hash(term), starts), column] = share[column]
    return held


def _pairs_held(query: QueryWords, tokens: NDArray[np.int64]) -> Floats:
    """Return (sentences,): how many of the query's pairs stand in each."""
    starts = _starts(tokens)
    count = np.zeros(len(starts), dtype=np.float32)
    for first, second in query.pairs:
        found = tokens == hash(first)
        found[:-1] &= tokens[1:] == hash(second)
        count += _in_sentences(found, starts)
    return count


def _starts(tokens: NDArray[np.int64]) -> NDArray[np.intp]:
    ends = np.flatnonzero(tokens == _END)
    return np.concatenate([[0], ends[:-1] + 1])


def _in_sentences(found: NDArray[np.bool_], starts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Say for each sentence whether anything was found between its start and the next one's."""
    places = np.flatnonzero(found)
    inside = np.zeros(len(starts), dtype=np.bool_)
    inside[np.searchsorted(starts, places, side="right") - 1] = True
    return inside


def _rarity(count: int, total: int) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(1 + (max(total - count, 0) + 0.5) / (count + 0.5))
