"""SQuAD's paragraphs as files, and questions with answers."""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def read_rows(data: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a ``.jsonl.gz`` with ``title``, ``context``, ``question``, ``answers``."""
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def first_paragraphs(data: Path, count: int) -> dict[str, str]:
    """Return the first ``count`` paragraphs and the title of each."""
    titles: dict[str, str] = {}
    for row in read_rows(data):
        titles.setdefault(row["context"], row["title"])
        if len(titles) == count:
            break
    return titles


def write_texts(data: Path, folder: Path, *, count: int, layout: str = "articles") -> list[str]:
    """Write the first ``count`` paragraphs as files, one for each article or paragraph.

    Returns:
        The paragraphs in the order in which the files hold them.
    """
    articles: dict[str, list[str]] = defaultdict(list)
    for paragraph, title in first_paragraphs(data, count).items():
        articles[title].append(paragraph)
    texts = list(articles.values())
    if layout == "paragraphs":
        texts = [[paragraph] for part in texts for paragraph in part]
    for number, part in enumerate(texts):
        (folder / f"{number:05}.txt").write_text("\n\n".join(part), encoding="utf-8")
    return [paragraph for part in texts for paragraph in part]


def read_questions(data: Path, *, paragraphs: int) -> list[dict[str, Any]]:
    """Return the answerable questions on the first paragraphs, in an order drawn by a seed."""
    known = first_paragraphs(data, paragraphs)
    found = [
        {"question": row["question"], "answers": [answer["text"] for answer in row["answers"]]}
        for row in read_rows(data)
        if row["context"] in known and row["answers"] and not row["impossible"]
    ]
    random.Random(0).shuffle(found)
    return found
