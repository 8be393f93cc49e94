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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, mean
from chatbot.evaluation.metrics.characters import Overlap, overlap
from evals.benchmarks.benchmark import Benchmark, Measured, Published
from evals.benchmarks.data_files import read_rows, read_text
from evals.benchmarks.work import Work, add_texts, locate, stored_texts

_DEPTHS = (5, 10, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and the excerpts of one corpus that are relevant to it."""

    corpus: str
    question: str
    excerpts: tuple[str, ...]


def read_questions(work: Work) -> tuple[list[Question], dict[str, str]]:
    """Return the questions, and each corpus by its name.

    Raises:
        SuiteError: if the files are not of the set's form, or a corpus is missing.
    """
    path = work.files("questions.jsonl", "questions_df.csv", "*/questions_df.csv")[0]
    try:
        questions = _from_csv(path) if path.suffix == ".csv" else _from_rows(path)
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise SuiteError(f"{path} is not of the chunking set's form: {error!r}.") from error
    corpora = {}
    for name in sorted({one.corpus for one in questions}):
        places = [path.parent / f"{name}.md", path.parent / "corpora" / f"{name}.md"]
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            raise SuiteError(f"The corpus {name}.md is not beside {path}.")
        work.read.append(file)
        corpora[name] = read_text(file)
    return questions, corpora


def _from_rows(path: Path) -> list[Question]:
    return [
        Question(
            corpus=row["corpus"],
            question=row["question"],
            excerpts=tuple(reference["content"] for reference in row["references"]),
        )
        for row in read_rows([path])
    ]


def _from_csv(path: Path) -> list[Question]:
    return [
        Question(
            corpus=row["corpus_id"],
            question=row["question"],
            excerpts=tuple(reference["content"] for reference in json.loads(row["references"])),
        )
        for row in csv.DictReader(io.StringIO(read_text(path)))
    ]


def measure(work: Work) -> Measured:
    """Search every question in all corpora together."""
    everything, corpora = read_questions(work)
    questions = work.sample(everything)
    with work.bot() as bot:
        ids = add_texts(bot, corpora)
        stored = stored_texts(bot)

        def search(one: Question) -> list[Overlap] | None:
            document = ids[one.corpus]
            gold = locate_excerpts(stored[document], one.excerpts)
            if gold is None:
                return None
            found = bot.search(one.question, limit=max(_DEPTHS))
            return [
                _overlap([(s.document_id, s.start, s.end) for s in found[:depth]], document, gold)
                for depth in _DEPTHS
            ]

        found = work.map(search, questions)
    scored = [one for one in found if one is not None]
    lost = len(questions) - len(scored)
    notes = (f"Unscored, an excerpt is not in the stored text: {lost}.",)
    return Measured(
        cases=len(questions),
        available=len(everything),
        figures=figures(scored),
        notes=notes if lost else (),
    )


def locate_excerpts(text: str, excerpts: Sequence[str]) -> list[tuple[int, int]] | None:
    """Return where the excerpts stand; None if one of them does not."""
    places = [place for excerpt in excerpts for place in locate(text, [excerpt])]
    known = [place for place in places if place is not None]
    return known if known and len(known) == len(places) else None


def _overlap(
    found: Sequence[tuple[str, int, int]], document: str, gold: Sequence[tuple[int, int]]
) -> Overlap:
    inside = overlap([(start, end) for id_, start, end in found if id_ == document], gold)
    elsewhere = sum(end - start for id_, start, end in found if id_ != document)
    return inside + Overlap(found=elsewhere)


def figures(scored: Sequence[Sequence[Overlap]]) -> tuple[Measure, ...]:
    """Return recall, precision and IoU for each number of sentences retrieved."""
    return tuple(
        figure
        for at, depth in enumerate(_DEPTHS)
        for figure in (
            mean(f"{depth} sentences: recall", [one[at].recall for one in scored]),
            mean(f"{depth} sentences: precision", [one[at].precision for one in scored]),
            mean(f"{depth} sentences: IoU", [one[at].iou for one in scored]),
        )
    )


BENCHMARK = Benchmark(
    name="chunking",
    title="Chroma's chunking set",
    about=(
        "All corpora are in one store. Each question is searched, and the characters of the first "
        "5, 10 and 20 sentences are held against those of the reference excerpts."
    ),
    measure=measure,
    paper="Smith and Troynikov 2024, https://research.trychroma.com/evaluating-chunking",
    home="https://github.com/brandonstarxel/chunking_evaluation (general_evaluation_data)",
    licence="MIT",
    files=("chunking",),
    published=tuple(
        Published(
            system=f"{system}, text-embedding-3-large, 5 chunks",
            figures=figures_,
            source="Smith and Troynikov 2024, https://research.trychroma.com/evaluating-chunking",
        )
        for system, figures_ in (
            ("RecursiveCharacterTextSplitter, 200 tokens", "recall 88.1, precision 7.0, IoU 6.9"),
            ("ClusterSemanticChunker, 200 tokens", "recall 87.3, precision 8.0, IoU 8.0"),
            ("LLMSemanticChunker, about 240 tokens", "recall 91.9, precision 3.9, IoU 3.9"),
        )
    ),
    comparable=(
        "Published over five corpora and by tokens. Five chunks of 200 tokens hold far more text "
        "than five sentences: 20 sentences are the fairer neighbour."
    ),
)
