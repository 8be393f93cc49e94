"""CLAPnq: long answers from a passage, the sentences they rest on, and questions without an answer.

Rosenthal et al. 2024 ("CLAPnq: Cohesive Long-form Answers from Passages in Natural Questions for
RAG systems"). Data: annotated_data/dev of https://github.com/primeqa/clapnq (two files, answerable
and unanswerable). Apache-2.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import without_markers
from chatbot.evaluation.scoring import Scorers
from evals.benchmarks.benchmark import (
    Adapter,
    BenchmarkCase,
    Data,
    expected,
    gold_of,
    measure_refusals,
    measured,
)
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.formulas.characters import covered, locate
from evals.benchmarks.formulas.rouge import rouge_l

_CITED = 0.5
"""Share of a passage sentence that citations must cover: their sentences are cut otherwise."""
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, its passage as sentences, and each annotator's answer with its sentences.

    An annotator may have marked no sentences: such an answer counts for ROUGE-L alone.
    """

    question: str
    sentences: tuple[str, ...]
    golds: tuple[tuple[str, frozenset[int]], ...]

    @property
    def is_marked(self) -> bool:
        """Whether an annotator marked sentences."""
        return any(gold for _, gold in self.golds)


def read_question(row: Row) -> Question:
    """Read one row."""
    sentences = tuple(row["passages"][0]["sentences"])
    golds = []
    for output in row["output"]:
        chosen = {_bare(sentence) for sentence in output.get("selected_sentences") or ()}
        places = frozenset(at for at, text in enumerate(sentences) if _bare(text) in chosen)
        if output.get("answer"):
            golds.append((output["answer"], places))
    return Question(question=row["input"], sentences=sentences, golds=tuple(golds))


def _bare(sentence: str) -> str:
    return sentence.rstrip("& ").strip()  # the paper's example ends sentences with "&"


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each question of its passage."""
    everything = [read_question(row) for row in read_rows(data.files("*answerable*.jsonl"))]
    for one in data.sample(everything):
        passage = " ".join(one.sentences)
        yield BenchmarkCase(
            question=one.question,
            documents=(passage,),
            expected=expected(text for text, _ in one.golds),
            gold=one,
            texts={passage: passage},
        )


@measured("ROUGE-L", _SCORERS)
def _rouge(asked: AnsweredCase, one: Question) -> float | None:
    if not one.golds:
        return None
    said = "" if asked.answer.refused else without_markers(asked.answer.text)
    return rouge_l(said, [gold for gold, _ in one.golds])


measure_refusals(_SCORERS)


def _shares(asked: AnsweredCase) -> tuple[float | None, float, float]:
    """Return precision, recall and F1 of the cited sentences for the annotator that fits best."""
    one: Question = gold_of(asked)
    if asked.answer.refused:
        return None, 0.0, 0.0
    cited = [(citation.start, citation.end) for citation in asked.answer.citations]
    places = locate(asked.stored(asked.case.documents[0]), one.sentences)
    chosen = {at for at, place in enumerate(places) if place and covered(place, cited) >= _CITED}
    fits = []
    for _, gold in one.golds:
        if gold:
            hits = len(chosen & gold)
            precision = hits / len(chosen) if chosen else 0.0
            fits.append((precision, hits / len(gold), 2 * hits / (len(chosen) + len(gold))))
    return max(fits, key=lambda found: found[2])


for _at, _name in enumerate(("precision", "recall", "F1")):

    @measured(f"sentence {_name}", _SCORERS)
    def _share(asked: AnsweredCase, one: Question, at: int = _at) -> float | None:
        return asked.share(_shares)[at] if one.is_marked else None


ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
