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
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured, once
from evals.benchmarks.data_files import Data, Row, read_rows, read_text
from evals.benchmarks.formulas import Overlap, locate, overlap, places_of

_DEPTHS = (5, 10, 20)


def _read_questions(path: Path) -> list[Row]:
    """Return rows of ``corpus``, ``question`` and ``references``: the excerpts that answer."""
    if path.suffix != ".csv":
        return read_rows([path])
    table = csv.DictReader(io.StringIO(read_text(path)))
    return [
        {**row, "corpus": row["corpus_id"], "references": json.loads(row["references"])}
        for row in table
    ]


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every question, to be searched in all corpora together."""
    path = data.files("questions.jsonl", "questions_df.csv", "*/questions_df.csv")[0]
    everything = _read_questions(path)
    corpora = {}
    for name in sorted({row["corpus"] for row in everything}):
        places = [path.parent / f"{name}.md", path.parent / "corpora" / f"{name}.md"]
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            raise SuiteError(f"The corpus {name}.md is not beside {path}.")
        data.read.append(file)
        corpora[name] = read_text(file)
    for row in data.sample(everything):
        yield BenchmarkCase(question=row["question"], gold=row, texts=corpora)


ADAPTER = Adapter(cases=_cases)


@once
def _overlaps(asked: AnsweredCase, row: Row) -> dict[int, Overlap] | None:
    """Return what the first sentences found have of the excerpts, at each depth."""
    document, text = asked.id_of(row["corpus"]), asked.text_of(row["corpus"])
    places = [place for each in row["references"] for place in locate(text, [each["content"]])]
    gold = [place for place in places if place is not None]
    if not gold or len(gold) < len(places):
        return None
    found, counts = asked.search(row["question"], limit=max(_DEPTHS)), {}
    for depth in _DEPTHS:
        inside = [one for one in found[:depth] if one.document_id == document]
        outside = [one for one in found[:depth] if one.document_id != document]
        elsewhere = sum(one.end - one.start for one in outside)
        counts[depth] = overlap(places_of(inside), gold) + Overlap(found=elsewhere)
    return counts


for _at in product(_DEPTHS, ("recall", "precision", "IoU")):

    @measured(f"{_at[0]} sentences: {_at[1]}", ADAPTER)
    def _share(asked: AnsweredCase, row: Row, at: tuple[int, str] = _at) -> float | Score:
        found = _overlaps(asked, row)
        if found is None:
            return Score(None, "an excerpt is not in the stored text")
        return float(getattr(found[at[0]], at[1].lower()))
