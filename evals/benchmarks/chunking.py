"""Chroma's chunking set: does retrieval bring the relevant characters, and only those?

Smith and Troynikov 2024 ("Evaluating Chunking Strategies for Retrieval"). Data: the folder
general_evaluation_data (questions_df.csv and corpora/*.md) of
https://github.com/brandonstarxel/chunking_evaluation, or a folder with questions.jsonl beside the
corpora. MIT. Measure only.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, Scorers, unscored
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, gold_of, measured
from evals.benchmarks.data_files import read_rows, read_text
from evals.benchmarks.formulas.characters import Overlap, locate, overlap

_DEPTHS = (5, 10, 20)
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and the excerpts of one corpus that are relevant to it."""

    corpus: str
    question: str
    excerpts: tuple[str, ...]


def _read_questions(path: Path) -> list[Question]:
    if path.suffix == ".csv":
        table = csv.DictReader(io.StringIO(read_text(path)))
        rows = [(row["corpus_id"], row["question"], row["references"]) for row in table]
        found = [(corpus, text, json.loads(references)) for corpus, text, references in rows]
    else:
        found = [(r["corpus"], r["question"], r["references"]) for r in read_rows([path])]
    return [
        Question(
            corpus=corpus,
            question=question,
            excerpts=tuple(reference["content"] for reference in references),
        )
        for corpus, question, references in found
    ]


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every question, to be searched in all corpora together."""
    path = data.files("questions.jsonl", "questions_df.csv", "*/questions_df.csv")[0]
    everything = _read_questions(path)
    corpora = {}
    for name in sorted({one.corpus for one in everything}):
        places = [path.parent / f"{name}.md", path.parent / "corpora" / f"{name}.md"]
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            raise SuiteError(f"The corpus {name}.md is not beside {path}.")
        data.read.append(file)
        corpora[name] = read_text(file)
    for one in data.sample(everything):
        yield BenchmarkCase(question=one.question, gold=one, texts=corpora)


def _overlaps(asked: AnsweredCase) -> list[Overlap] | None:
    """Return what the first sentences found have of the excerpts, at each depth."""
    one: Question = gold_of(asked)
    places = [p for each in one.excerpts for p in locate(asked.stored(one.corpus), [each])]
    gold = [place for place in places if place is not None]
    if not gold or len(gold) < len(places):
        return None
    document = asked.id_of(one.corpus)
    found = asked.search(one.question, limit=max(_DEPTHS))
    spans = [(s.document_id == document, s.start, s.end) for s in found]
    return [_overlap(spans[:depth], gold) for depth in _DEPTHS]


def _overlap(spans: Sequence[tuple[bool, int, int]], gold: Sequence[tuple[int, int]]) -> Overlap:
    inside = overlap([(start, end) for is_there, start, end in spans if is_there], gold)
    elsewhere = sum(end - start for is_there, start, end in spans if not is_there)
    return inside + Overlap(found=elsewhere)


def _register(at: int, depth: int, name: str) -> None:
    @measured(f"{depth} sentences: {name}", _SCORERS)
    def _share(asked: AnsweredCase, one: Question) -> float | Score:
        found = asked.share(_overlaps)
        if found is None:
            return unscored("an excerpt is not in the stored text")
        value: float = getattr(found[at], name.lower())
        return value


for _at, _depth in enumerate(_DEPTHS):
    for _name in ("recall", "precision", "IoU"):
        _register(_at, _depth, _name)

ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
