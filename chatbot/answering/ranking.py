"""The retrieval score of a sentence: a weighted sum of how it and its surroundings fit the query.

Pure arithmetic on stems and vectors: knows no store and no model. The
weights were fitted by ``training/reader/fit_ranking.py`` (listwise softmax) on the Wikipedia part
of SQuADShifts, each article as one store.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chatbot.models.word_stems import Word, stems, words

Floats = NDArray[np.float32]


class Signals(NamedTuple):
    """How a sentence and its surroundings fit the query, each about 0 to 1."""

    dense: float  # cosine of query and sentence
    chunk_dense: float  # cosine of query and chunk
    coverage: float  # share of the query's terms, weighted by rarity, that stand in the sentence
    with_before: float  # the same for the sentence and the one before it
    in_chunk: float  # the same for its chunk
    phrases: float  # share of the query's word pairs that stand side by side in the sentence
    neighbour: float  # dense + coverage of the best sentence of its chunk


SIGNALS = Signals._fields
WEIGHTS = np.array([11.5, 2.0, 2.5, 4.0, 0.5, 3.5, 3.0], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWords:
    """The words of a query, ready to be compared with sentences."""

    shares: Mapping[str, float]
    """Of each stem worth searching for its share of the rarity of all."""
    pairs: frozenset[tuple[str, str]]
    """Stems that stand side by side in the query, stop words included."""

    def covered(self, found: frozenset[str]) -> float:
        """Return the share of the query that some of its stems are."""
        known = self.shares.items() if found else ()  # most sentences have none
        return sum(share for stem, share in known if stem in found)


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
    """Weigh the terms of a query by their rarity, the inverse document frequency of BM25.

    Each stands in ``counts`` of the store's ``total`` sentences.
    """
    rarity = [math.log(1 + (max(total - count, 0) + 0.5) / (count + 0.5)) for count in counts]
    whole = max(sum(rarity), 1e-9)
    return QueryWords(
        shares={term: one / whole for term, one in zip(terms, rarity, strict=True)},
        pairs=frozenset(pairwise(stems(query))),
    )


def signals(query: QueryWords, chunks: Sequence[ChunkTexts]) -> Floats:
    """Return the signals of every sentence of the chunks, in order: (sentences, len(SIGNALS))."""
    rows = [row for chunk in chunks for row in _signals(query, chunk)]
    return np.array(rows, dtype=np.float32).reshape(-1, len(SIGNALS))


def scores(rows: Floats) -> Floats:
    """Return the weighted sum of each row of signals."""
    return rows @ WEIGHTS


def _signals(query: QueryWords, chunk: ChunkTexts) -> Iterator[Signals]:
    told = [stems(text) for text in chunk.sentences]
    terms, nothing = frozenset(query.shares), frozenset[str]()
    held = [terms.intersection(one) for one in told]
    coverage = [query.covered(one) for one in held]
    dense = chunk.dense.tolist()
    in_chunk = query.covered(nothing.union(*held))
    neighbour = max(map(sum, zip(dense, coverage, strict=True)), default=0.0)
    for at, (before, own) in enumerate(pairwise([nothing, *held])):
        pairs = query.pairs.intersection(pairwise(told[at]))
        yield Signals(
            dense=dense[at],
            chunk_dense=chunk.chunk_dense,
            coverage=coverage[at],
            with_before=query.covered(before | own),
            in_chunk=in_chunk,
            phrases=len(pairs) / max(1, len(query.pairs)),
            neighbour=neighbour,
        )
