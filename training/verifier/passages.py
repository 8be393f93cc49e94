"""Passages of clean licence from which made examples are cut. Knows no labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from training.verifier.examples import Example, rows, split

SETS = {
    "squadshifts_new_wiki": 1500,
    "squadshifts_reddit": 150,
    "squadshifts_amazon_reviews": 100,
    "policyqa": 150,
    "nq_open_oracle": 2600,
}
"""Passages taken of each set: Wikipedia and questions' passages most, chatter least."""


def passages(data: Path, ragtruth: list[Example]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (group, sentences) for each passage; those of RAGTruth keep their group."""
    for name, limit in SETS.items():
        seen: set[str] = set()
        for row in rows(data / "train" / f"{name}.jsonl.gz"):
            title = row.get("title") or row.get("ctxs", [{}])[0].get("title", "")
            text = row["context"] if "context" in row else row["ctxs"][0]["text"]
            if text in seen:
                continue
            seen.add(text)
            sentences = split(text)
            if len(sentences) >= 2:
                yield f"{name}-{title}", sentences
            if len(seen) >= limit:
                break
    pools = dict.fromkeys((example.group, example.pool) for example in ragtruth)
    yield from ((group, pool) for group, pool in pools if len(pool) >= 2)
