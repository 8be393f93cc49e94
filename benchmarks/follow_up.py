"""How close our search query for a follow-up question comes to a human's stand-alone rewrite.

Reads the conversations of the MTRAG benchmark (Katsis et al. 2025, arXiv:2501.03468), which give
the user's questions so far, the last one, and a human's rewrite, but no answers and no passages.
So this is no retrieval of passages: the pool is all the human rewrites, and the question is whether
our query finds its own one among them (rewrites of the same conversation are the near misses), by
full text (BM25, Porter stems) and by the project's embedder. Besides: word F1 and cosine to the
rewrite. Measure only; nothing is fitted to it.

    python -m benchmarks.follow_up --data mtrag_rewrites_visible.jsonl
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.follow_up import stand_alone
from chatbot.models.embedder import load_embedder
from chatbot.models.words import words
from chatbot.settings import Settings
from chatbot.types import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One follow-up question of the file."""

    earlier: tuple[str, ...]
    question: str
    rewrite: str

    @property
    def needs_context(self) -> bool:
        """Whether the human took a content word from the earlier questions."""
        added = stems(self.rewrite) - stems(self.question)
        return bool(added & stems(" ".join(self.earlier)))


WAYS: dict[str, Callable[[Row], str]] = {
    "last question as it is": lambda row: row.question,
    "last two together": lambda row: " ".join([*row.earlier[-1:], row.question]),
    "all questions together": lambda row: " ".join([*row.earlier, row.question]),
    "our query (rules)": lambda row: our_query(row),
    "human rewrite": lambda row: row.rewrite,
}


def our_query(row: Row) -> str:
    """Return the query that the rules make from the user's questions alone."""
    return stand_alone(row.question, [Turn(role="user", content=q) for q in row.earlier]).text


def stems(text: str) -> set[str]:
    """Return the stems of the content words of ``text``."""
    return {word.stem for word in words(text) if not word.is_stop}


def read_rows(path: Path) -> list[Row]:
    """Read the file; the first question of a conversation has nothing to follow up and is left."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        asked = [part.strip() for part in data["questions_so_far"].split("|user|:") if part.strip()]
        if len(asked) > 1:
            rewrite = data["human_rewrite"].removeprefix("|user|:").strip()
            rows.append(Row(earlier=tuple(asked[:-1]), question=asked[-1], rewrite=rewrite))
    return rows


def text_ranks(queries: Sequence[str], pool: Sequence[str]) -> list[int]:
    """Return the rank from 1 of ``pool[i]`` for ``queries[i]`` by BM25 (SQLite FTS5)."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE pool USING fts5(text, tokenize='porter unicode61')")
    base.executemany("INSERT INTO pool(rowid, text) VALUES (?, ?)", enumerate(pool))
    ranks = []
    for position, query in enumerate(queries):
        terms = [word.surface for word in words(query) if not word.is_stop]
        match = " OR ".join('"' + term.replace('"', "") + '"' for term in terms)
        found = base.execute(
            "SELECT rowid FROM pool WHERE pool MATCH ? ORDER BY bm25(pool)", (match or '""',)
        )
        texts = [pool[rowid] for (rowid,) in found]
        wanted = pool[position]
        ranks.append(texts.index(wanted) + 1 if wanted in texts else len(pool))
    return ranks


def vector_ranks(queries: NDArray[np.float32], pool: NDArray[np.float32]) -> list[int]:
    """Return the rank from 1 of ``pool[i]`` for ``queries[i]`` by cosine; both (n, dimension)."""
    scores = queries @ pool.T
    own = np.take_along_axis(scores, np.arange(len(pool))[:, None], axis=1)
    return [int(rank) for rank in (scores > own + 1e-6).sum(axis=1) + 1]


def word_f1(left: str, right: str) -> float:
    """Return the F1 of the words of two texts, as SQuAD counts it."""
    first = Counter(word.surface.lower() for word in words(left))
    second = Counter(word.surface.lower() for word in words(right))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def table(
    title: str, rows: Sequence[Row], chosen: Sequence[int], figures: dict[str, Figures]
) -> None:
    """Print one table over the rows with these indices."""
    print(f"\n{title} (n = {len(chosen)})")
    print(f"{'query':26}{'text R@1':>9}{'R@5':>7}{'MRR':>7}{'dense R@1':>11}{'R@5':>7}{'MRR':>7}"
          f"{'word F1':>9}{'cosine':>8}{'words':>7}")  # fmt: skip
    for name, figure in figures.items():
        cells = [*summary(figure.text, chosen), *summary(figure.dense, chosen)]
        print(f"{name:26}{cells[0]:9.3f}{cells[1]:7.3f}{cells[2]:7.3f}{cells[3]:11.3f}"
              f"{cells[4]:7.3f}{cells[5]:7.3f}{mean(figure.f1, chosen):9.3f}"
              f"{mean(figure.cosine, chosen):8.3f}{mean(figure.length, chosen):7.1f}")  # fmt: skip
    changed = sum(our_query(rows[i]) != rows[i].question for i in chosen)
    print(f"changed by the rules: {changed} of {len(chosen)} ({changed / len(chosen):.1%})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured for each row with one way to make the query."""

    text: list[int]
    dense: list[int]
    f1: list[float]
    cosine: list[float]
    length: list[int]


def summary(ranks: Sequence[int], chosen: Sequence[int]) -> tuple[float, float, float]:
    """Return R@1, R@5 and MRR of the ranks with these indices."""
    picked = [ranks[i] for i in chosen]
    hits = [statistics.mean(rank <= limit for rank in picked) for limit in (1, 5)]
    return hits[0], hits[1], statistics.mean(1 / rank for rank in picked)


def mean(values: Sequence[float], chosen: Sequence[int]) -> float:
    """Return the mean of the values with these indices."""
    return statistics.mean(values[i] for i in chosen)


def main() -> None:
    """Measure every way to make the query and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="mtrag_rewrites_visible.jsonl")
    rows = read_rows(parser.parse_args().data)
    embedder = load_embedder(Settings(corpus_dir=None))
    pool = [row.rewrite for row in rows]
    pool_vectors = embedder.embed(pool)
    figures: dict[str, Figures] = {}
    for name, way in WAYS.items():
        queries = [way(row) for row in rows]
        vectors = embedder.embed(queries)
        figures[name] = Figures(
            text=text_ranks(queries, pool),
            dense=vector_ranks(vectors, pool_vectors),
            f1=[word_f1(*pair) for pair in zip(queries, pool, strict=True)],
            cosine=[float(value) for value in (vectors * pool_vectors).sum(axis=1)],
            length=[len(query.split()) for query in queries],
        )
    needing = [i for i, row in enumerate(rows) if row.needs_context]
    others = [i for i, row in enumerate(rows) if not row.needs_context]
    table("all follow-ups", rows, range(len(rows)), figures)
    table("the human took words from earlier questions", rows, needing, figures)
    table("the human took none", rows, others, figures)


if __name__ == "__main__":
    main()
