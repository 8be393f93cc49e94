"""Passage retrieval with our query for follow-up questions, beside the human rewrites.

Reads the manual evaluation topics of TREC CAsT 2021 (Dalton et al. 2021; the file
``2021_manual_evaluation_topics_v1.0.json`` in github.com/daltonj/treccastweb, MIT licence): for
each turn the question as it was asked, a human's stand-alone rewrite, and the passage that answers
it. The pool is all these passages, so those that answer the other turns of a conversation are the
near misses; the history given to the rules holds the earlier questions and passages. Measure only.

    python -m benchmarks.follow_up_passages --data 2021_manual_evaluation_topics_v1.0.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.follow_up import summary, text_ranks, vector_ranks
from chatbot.answering.follow_up import stand_alone
from chatbot.models.embedder import load_embedder
from chatbot.settings import Settings
from chatbot.types import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One turn that has turns before it."""

    history: tuple[Turn, ...]
    question: str
    rewrite: str
    passage: str

    @property
    def asked(self) -> list[str]:
        """The earlier questions."""
        return [turn.content for turn in self.history if turn.role == "user"]


WAYS: dict[str, Callable[[Row], str]] = {
    "last question as it is": lambda row: row.question,
    "last two together": lambda row: f"{row.asked[-1]} {row.question}",
    "all questions together": lambda row: " ".join([*row.asked, row.question]),
    "our query (rules)": lambda row: stand_alone(row.question, row.history).text,
    "human rewrite": lambda row: row.rewrite,
}


def read_rows(path: Path) -> list[Row]:
    """Read the file; the first turn of a conversation follows nothing up and is left."""
    rows = []
    for topic in json.loads(path.read_text(encoding="utf-8")):
        history: tuple[Turn, ...] = ()
        for turn in topic["turn"]:
            question, passage = turn["raw_utterance"], turn["passage"]
            rewrite = turn["manual_rewritten_utterance"]
            if history:
                row = Row(history=history, question=question, rewrite=rewrite, passage=passage)
                rows.append(row)
            history = (
                *history,
                Turn(role="user", content=question),
                Turn(role="assistant", content=passage),
            )
    return rows


def main() -> None:
    """Measure every way to make the query and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="manual topics of CAsT 2021")
    rows = read_rows(parser.parse_args().data)
    embedder = load_embedder(Settings(corpus_dir=None))
    pool = [row.passage for row in rows]
    pool_vectors = embedder.embed(pool)
    print(f"n = {len(rows)}, pool = {len(pool)} passages")
    print(f"{'query':26}{'text R@1':>9}{'R@5':>7}{'MRR':>7}{'dense R@1':>11}{'R@5':>7}{'MRR':>7}")
    for name, way in WAYS.items():
        queries = [way(row) for row in rows]
        everything = range(len(rows))
        by_text = summary(text_ranks(queries, pool), everything)
        dense = summary(vector_ranks(embedder.embed(queries), pool_vectors), everything)
        print(f"{name:26}{by_text[0]:9.3f}{by_text[1]:7.3f}{by_text[2]:7.3f}"
              f"{dense[0]:11.3f}{dense[1]:7.3f}{dense[2]:7.3f}")  # fmt: skip
    changed = sum(stand_alone(row.question, row.history).changed for row in rows)
    print(f"changed by the rules: {changed} of {len(rows)} ({changed / len(rows):.1%})")


if __name__ == "__main__":
    main()
