"""The retrieval score of a sentence: a weighted sum of how it and its surroundings fit the query.

Pure arithmetic on stems and vectors: knows no store and no model. Used by ``retrieve``. The
weights were fitted by ``training/reader/fit_ranking.py`` (listwise softmax) on the Wikipedia part
of SQuADShifts, each article as one store.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from chatbot.models.candidates import Signals
from chatbot.models.words import stems

Floats = NDArray[np.float32]

SIGNALS = tuple(field.name for field in fields(Signals))
WEIGHTS = np.array([12.0, 2.0, 3.0, 4.0, 1.5, 3.5, 1.0], dtype=np.float32)


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
        pairs=frozenset(itertools.pairwise(in_order)),
    )


def signals(query: QueryWords, chunks: Sequence[ChunkTexts]) -> Floats:
    """Return the signals of every sentence of the chunks, in order: (sentences, len(SIGNALS))."""
    rows = [_chunk_signals(query, chunk) for chunk in chunks]
    return np.concatenate(rows) if rows else np.zeros((0, len(SIGNALS)), dtype=np.float32)


def scores(rows: Floats) -> Floats:
    """Return the weighted sum of each row of signals."""
    return rows @ WEIGHTS


def _chunk_signals(query: QueryWords, chunk: ChunkTexts) -> Floats:
    rarity = np.array(query.rarity, dtype=np.float32)
    total = max(float(rarity.sum()), 1e-9)
    found = [stems(text) for text in chunk.sentences]
    has = np.array(
        [[term in known for term in query.terms] for known in map(frozenset, found)], dtype=bool
    ).reshape(len(found), len(query.terms))
    with_before = has.copy()
    with_before[1:] |= has[:-1]
    coverage = has @ rarity / total
    phrases = [len(query.pairs.intersection(itertools.pairwise(line))) for line in found]
    rows = np.empty((len(found), len(SIGNALS)), dtype=np.float32)
    rows[:, 0] = chunk.dense
    rows[:, 1] = chunk.chunk_dense
    rows[:, 2] = coverage
    rows[:, 3] = with_before @ rarity / total
    rows[:, 4] = has.any(axis=0) @ rarity / total
    rows[:, 5] = np.array(phrases, dtype=np.float32) / max(1, len(query.pairs))
    rows[:, 6] = (rows[:, 0] + rows[:, 2]).max(initial=0.0)
    return rows


def _rarity(count: int, total: int) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(1 + (max(total - count, 0) + 0.5) / (count + 0.5))
