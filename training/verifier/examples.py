"""Claims with their sources and labels, from the public data sets the verifier learns from.

Each reader takes the folder of the data and yields ``Example``s. Knows no features.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.answering.streaming.claim_spans import claims_of
from chatbot.documents.sentences import sentence_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A claim, the sentences of its source, and whether they support it."""

    claim: str
    pool: tuple[str, ...]
    supported: bool
    group: str
    """What must not be split between training and dev: a source, a document."""
    origin: str
    answer: str = ""
    """The answer (RAGTruth response) that the claim belongs to."""
    given: bool = False
    """True when ``pool`` is the evidence itself (cited sentences), not a source to search."""
    share: float = 0.0
    """RAGTruth: share of the claim's characters marked as hallucinated."""
    conflict: bool = False
    """RAGTruth: what is marked conflicts with the source; else the source does not say it."""


def is_dev(group: str) -> bool:
    """Say whether a group belongs to dev: one in five, by a hash of its name."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % 5 == 0


def is_held(group: str) -> bool:
    """Say whether a training group is kept for calibration: one in ten, by a hash."""
    return int(hashlib.sha256(f"held {group}".encode()).hexdigest(), 16) % 10 == 0


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def split(text: str) -> tuple[str, ...]:
    """Cut a text into sentences as the package does."""
    return tuple(text[span.start : span.end] for span in sentence_spans(text))


def ragtruth(path: Path) -> Iterator[Example]:
    """RAGTruth (MIT): sentences of real answers, unsupported where a hallucination is marked."""
    cache: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows(path)):
        source = row["source"]
        text = source if isinstance(source, str) else source["passages"]
        if row["source_id"] not in cache:
            cache[row["source_id"]] = split(re.sub(r"(?m)^passage \d+:\s*", "", text))
        for span in claims_of(row["response"]):
            claim = row["response"][span.start : span.end]
            inside = [
                max(0, min(span.end, label["end"]) - max(span.start, label["start"]))
                for label in row["labels"]
            ]
            marked = sum(inside)
            first = row["labels"][inside.index(max(inside))] if marked >= 3 else {}
            yield Example(
                claim=claim, pool=cache[row["source_id"]], supported=marked < 3,
                group=f"ragtruth-{row['source_id']}", origin="ragtruth",
                answer=f"{row['task']}-{number}", share=min(1.0, marked / max(1, len(claim))),
                conflict="Conflict" in first.get("label_type", ""),
            )  # fmt: skip


def ragtruth_truth(path: Path, *, dev: bool) -> dict[str, bool]:
    """Return for each RAGTruth answer whether anything in it is marked, by ``Example.answer``.

    Answers without a claim are among them: what is marked there is missed.
    """
    return {
        f"{row['task']}-{number}": bool(row["labels"])
        for number, row in enumerate(rows(path))
        if is_dev(f"ragtruth-{row['source_id']}") == dev
    }
