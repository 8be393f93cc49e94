"""Claims with their sources and labels, from the public data sets the verifier learns from.

Each reader takes the folder of the data and yields ``Example``s. Knows no features.
"""

from __future__ import annotations

import difflib
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
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


def is_dev(group: str) -> bool:
    """Say whether a group belongs to dev: one in five, by a hash of its name."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % 5 == 0


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
            marked = sum(
                max(0, min(span.end, label["end"]) - max(span.start, label["start"]))
                for label in row["labels"]
            )
            yield Example(
                claim=claim, pool=cache[row["source_id"]], supported=marked < 3,
                group=f"ragtruth-{row['source_id']}", origin="ragtruth",
                answer=f"{row['task']}-{number}", share=min(1.0, marked / max(1, len(claim))),
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


def fool_me_twice(path: Path) -> Iterator[Example]:
    """Fool Me Twice (Apache-2.0): claims written to be hard, against Wikipedia sentences."""
    for row in rows(path):
        gold = tuple(item["text"] for item in row["gold_evidence"])
        rest = tuple(item["text"] for item in row["retrieved_evidence"])
        for pool, given in ((gold, True), (tuple(dict.fromkeys(gold + rest)), False)):
            yield Example(
                claim=row["text"], pool=pool, supported=row["label"] == "SUPPORTS",
                group=f"fm2-{row['wikipedia_page']}", origin="fool_me_twice", given=given,
            )  # fmt: skip


def wice(path: Path) -> Iterator[Example]:
    """WiCE dev (CC BY-SA 4.0): Wikipedia claims against the pages they cite."""
    for number, row in enumerate(rows(path)):
        yield Example(
            claim=row["claim"], pool=tuple(text for text in row["evidence"] if text.strip()),
            supported=row["label"] == "supported", group=f"wice-{number}", origin="wice",
        )  # fmt: skip


def factcheck_gpt(path: Path) -> Iterator[Example]:
    """FactCheck-GPT stance (Apache-2.0): claims against web passages; partial support left out."""
    for row in rows(path):
        if row["stance"] != "partially-support" and row["evidence"].strip():
            yield Example(
                claim=row["claim"], pool=split(row["evidence"]),
                supported=row["stance"] == "completely-support",
                group=f"factcheck-{row['claim']}", origin="factcheck_gpt",
            )  # fmt: skip


def summedits(paths: Sequence[Path]) -> Iterator[Example]:
    """SummEdits (Apache-2.0): summary sentences with a small edit that keeps or breaks them."""
    seen: set[tuple[str, str]] = set()
    for path in paths:
        for row in rows(path):
            group = "summedits-" + hashlib.sha256(row["doc"].encode()).hexdigest()[:12]
            pool = split(row["doc"])
            original = split(row["original_summary"])
            for claim, changed in _edited(original, split(row["summary"])):
                if (group, claim) in seen or (not changed and not row["label"]):
                    continue
                seen.add((group, claim))
                yield Example(
                    claim=claim, pool=pool, supported=bool(row["label"]), group=group,
                    origin="summedits",
                )  # fmt: skip


def _edited(original: Sequence[str], edited: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield the sentences of an edited summary with whether they differ from the original.

    An inconsistent summary with several changed sentences does not say which one is wrong: those
    are left out.
    """
    changed = [sentence for sentence in edited if sentence not in original]
    for sentence in edited:
        if sentence not in changed:
            yield sentence, False
        elif len(changed) == 1 and difflib.get_close_matches(sentence, original, cutoff=0.4):
            yield sentence, True
