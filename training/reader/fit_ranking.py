"""Fit the weights of ``chatbot/answering/ranking.py``.

    python -m training.reader.fit_ranking --data PATH

A listwise softmax over the 40 best candidates of each question: the loss is minus the log of the
probability that falls on sentences that hold the answer. Each article of the Wikipedia part of
SQuADShifts is one store. Two halves of the articles measure each other; the printed weights are of
all. They are copied into ``ranking.py`` by hand, rounded.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.ranking import SIGNALS, WEIGHTS
from chatbot.answering.retrieve import Retriever
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from training.reader.memory_store import MemoryStore
from training.reader.scenarios import FixedQuery
from training.reader.sources import Article, load_articles

CANDIDATES = 40
Rows = NDArray[np.float64]


def main() -> None:
    """Fit, and print weights and recalls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--questions", type=int, default=8000)
    options = parser.parse_args()
    embedder = load_embedder(Settings())
    articles = load_articles(
        options.data, "squadshifts_new_wiki", embedder, questions=options.questions
    )
    halves = [collect(articles[::2]), collect(articles[1::2])]
    for train, test, name in ((0, 1, "odd articles"), (1, 0, "even articles")):
        weights = fit(*halves[train])
        print(name, "fitted on the others", recalls(*halves[test], weights))
    rows, gold = halves[0][0] + halves[1][0], halves[0][1] + halves[1][1]
    print("all, weights in use", recalls(rows, gold, WEIGHTS.astype(np.float64)))
    weights = fit(rows, gold)
    print("all, fitted on all", recalls(rows, gold, weights))
    print({name: round(float(weight), 2) for name, weight in zip(SIGNALS, weights, strict=True)})


def collect(articles: Sequence[Article]) -> tuple[list[Rows], list[NDArray[np.bool_]]]:
    """Return the signals of the candidates of every question, and which of them are gold.

    A question whose answer is not among the candidates has no gold: it counts as missed.
    """
    rows, gold = [], []
    for article in articles:
        store = MemoryStore(article.chunks, article.vectors)
        for question in article.questions:
            retriever = Retriever(store, FixedQuery(question.vector))  # type: ignore[arg-type]
            found = retriever.search(question.text, limit=CANDIDATES)
            rows.append(
                np.array([[getattr(c.signals, name) for name in SIGNALS] for c in found.hits])
            )
            gold.append(np.array([s.index in question.gold for s in found.sentences]))
    return rows, gold


def fit(
    rows: Sequence[Rows],
    gold: Sequence[NDArray[np.bool_]],
    *,
    steps: int = 400,
    decay: float = 1e-3,
) -> Rows:
    """Return the weights with the least listwise loss (Adam on all questions at once)."""
    kept = [at for at, flags in enumerate(gold) if flags.any()]
    values = np.concatenate([rows[at] for at in kept])
    is_gold = np.concatenate([gold[at] for at in kept])
    sizes = [len(rows[at]) for at in kept]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(kept)), sizes)
    spread = values.std(axis=0)
    values = values / spread
    weights, mean, square = (np.zeros(values.shape[1]) for _ in range(3))
    for step in range(1, steps + 1):
        scores = values @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        share = raised / np.add.reduceat(raised, starts)[group]
        right = share * is_gold / np.add.reduceat(share * is_gold, starts)[group]
        slope = values.T @ (share - right) / len(kept) + decay * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        corrected = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weights = weights - 0.1 * mean / (1 - 0.9**step) / corrected
    return np.asarray(weights / spread)


def recalls(rows: Sequence[Rows], gold: Sequence[NDArray[np.bool_]], weights: Rows) -> str:
    """Return R@1 and R@5 as text."""
    first = five = 0
    for values, flags in zip(rows, gold, strict=True):
        best = np.argsort(-(values @ weights), kind="stable")[:5]
        first += bool(flags[best[:1]].any())
        five += bool(flags[best].any())
    return f"R@1 {first / len(rows):.3f}  R@5 {five / len(rows):.3f}  n {len(rows)}"


if __name__ == "__main__":
    main()
