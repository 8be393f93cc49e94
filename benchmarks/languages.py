"""Is the right paragraph found in other languages than English? By words, and as shipped.

    python -m benchmarks.languages --data FOLDER [--languages es de zh ar] [--limit 300]

The folder has ``xquad.LANGUAGE.json`` (https://github.com/google-deepmind/xquad, CC BY-SA 4.0;
measure only): 240 paragraphs with 1,190 questions in the same language. All paragraphs of one
language are in one store, each as a document of its own. ``CHATBOT_EMBEDDING_MODEL`` names another
embedder for "as shipped", such as a multilingual one behind a server.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.retrieval import FullTextOnly
from chatbot.bot import Chatbot
from chatbot.settings import Settings

LANGUAGES = ("es", "de", "zh", "ar")
_DEPTH = 5
_SENTENCES = 50
"""Sentences that are asked for: they are of at least as many paragraphs as count."""


def read(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the paragraphs, and each question with the place of its paragraph."""
    paragraphs: list[str] = []
    questions: list[tuple[str, int]] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(asked["question"], len(paragraphs)) for asked in paragraph["qas"]]
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


def found_within(
    kind: type[Chatbot], paragraphs: list[str], questions: list[tuple[str, int]]
) -> Iterator[bool]:
    """Yield for each question whether its paragraph is among the first."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), corpus_dir=None)
        with kind.from_settings(settings) as bot:
            ids = []
            for number, text in enumerate(paragraphs):
                report = bot.add_text(text, title=f"{number}", source=f"{number}")
                ids += [one.id for one in (*report.added, *report.unchanged)]
            for question, place in questions:
                found = bot.search(question, limit=_SENTENCES)
                first = list(dict.fromkeys(one.document_id for one in found))[:_DEPTH]
                yield ids[place] in first


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES)
    parser.add_argument("--limit", type=int, help="a sample of the questions")
    given = parser.parse_args()
    for language in given.languages:
        paragraphs, questions = read(given.data / f"xquad.{language}.json")
        if given.limit:
            questions = random.Random(0).sample(questions, given.limit)
        for name, kind in (("words alone", FullTextOnly), ("as shipped", Chatbot)):
            hits = list(found_within(kind, paragraphs, questions))
            share = sum(hits) / len(hits)
            print(f"{language}  {name:12} R@{_DEPTH} {share:.3f}  n {len(hits)}", flush=True)


if __name__ == "__main__":
    main()
