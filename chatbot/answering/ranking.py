"""The retrieval score of a sentence: a weighted sum of how it and its surroundings fit the query.

Pure arithmetic on stems and vectors: knows no store and no model. Used by ``retrieve``. The
weights were fitted by ``training/reader/fit_ranking.py`` (listwise softmax) on the Wikipedia part
of SQuADShifts, each article as one store.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from chatbot.models.candidates import Signals
from chatbot.models.words import stems

Floats = NDArray[np.float32]

SIGNALS = tuple(field.name for field in fields(Signals))
WEIGHTS = np.array([11.5, 2.0, 2.5, 4.0, 0.5, 3.5, 3.0], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWords:
    """The words of a query, ready to be compared with sentences."""

    terms: tuple[str, ...]
    """Stems worth searching for."""
    rarity: tuple[float, ...]
    """Inverse document frequency of each term, over the store's sentences."""
    pairs: frozenset[tuple[str, str]]
    """Stems that stand side by side in the query, stop words included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTexts:
    """One chunk of candidates: its sentences and their cosine to the query."""

    sentences: tuple[str, ...]
    dense: Floats
    """(k,) cosine of each sentence and the query."""
    chunk_dense: float


def query_words(query: str, terms: Sequence[str], counts: Sequence[int], total: int) -> QueryWords:
    """Weigh the terms of a query by their rarity.

    Args:
        query: the whole query, for its word pairs.
        terms: the stems searched for.
        counts: in how many sentences of the store each of them stands.
        total: number of sentences in the store.
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
    found = [stems(text) for chunk in chunks for text in chunk.sentences]
    has = _holds(query, found)
    with_before = has.copy()
    with_before[1:] = np.maximum(has[1:], has[:-1])
    with_before[starts] = has[starts]
    rows = np.empty((len(found), len(SIGNALS)), dtype=np.float32)
    rows[:, 0] = np.concatenate([chunk.dense for chunk in chunks])
    rows[:, 1] = np.repeat([chunk.chunk_dense for chunk in chunks], sizes)
    rows[:, 2] = has.sum(axis=1)
    rows[:, 3] = with_before.sum(axis=1)
    rows[:, 4] = np.repeat(np.maximum.reduceat(has, starts).sum(axis=1), sizes)
    pairs = [len(query.pairs.intersection(pairwise(line))) for line in found]
    rows[:, 5] = np.array(pairs, dtype=np.float32) / max(1, len(query.pairs))
    rows[:, 6] = np.repeat(np.maximum.reduceat(rows[:, 0] + rows[:, 2], starts), sizes)
    return rows


def scores(rows: Floats) -> Floats:
    """Return the weighted sum of each row of signals."""
    return rows @ WEIGHTS


def _holds(query: QueryWords, found: Sequence[tuple[str, ...]]) -> Floats:
    """Return (sentences, terms): a term's share of the rarity of all where a sentence holds it."""
    rarity = np.array(query.rarity, dtype=np.float32)
    share = rarity / max(float(rarity.sum()), 1e-9)
    held = np.zeros((len(found), len(share)), dtype=np.float32)
    for row, known in enumerate(map(frozenset, found)):
        for column, term in enumerate(query.terms):
            if term in known:
                held[row, column] = share[column]
    return held


def _rarity(count: int, total: int) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(1 + (max(total - count, 0) + 0.5) / (count + 0.5))
