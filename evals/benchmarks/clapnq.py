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
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, case_of, measured, once
from evals.benchmarks.data_files import Data, Row
from evals.benchmarks.formulas import Overlap, covered, overlap_of_sets, places_of, rouge_l


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """The sentences of a passage, and each annotator's answer with the numbers of its sentences.

    An annotator may have marked no sentences: such an answer counts for ROUGE-L alone.
    """

    sentences: tuple[str, ...]
    golds: tuple[tuple[str, frozenset[int]], ...]


def _read(row: Row) -> Annotated:
    sentences = tuple(row["passages"][0]["sentences"])
    golds = []
    for output in row["output"]:
        chosen = {_bare(sentence) for sentence in output.get("selected_sentences") or ()}
        places = frozenset(at for at, text in enumerate(sentences) if _bare(text) in chosen)
        if output.get("answer"):
            golds.append((output["answer"], places))
    return Annotated(sentences=sentences, golds=tuple(golds))


def _bare(sentence: str) -> str:
    return sentence.rstrip("& ").strip()  # the paper's example ends sentences with "&"


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each question of its passage."""
    everything = [(row["input"], _read(row)) for row in data.rows("*answerable*.jsonl")]
    for question, one in data.sample(everything):
        answers = [text for text, _ in one.golds]
        yield case_of(" ".join(one.sentences), question=question, answers=answers, gold=one)


ADAPTER = Adapter(cases=_cases)


@measured("ROUGE-L", ADAPTER)
def _rouge(asked: AnsweredCase, one: Annotated) -> float | None:
    if not one.golds:
        return None
    said = "" if asked.answer.refused else without_markers(asked.answer.text)
    return rouge_l(said, [gold for gold, _ in one.golds])


ADAPTER.measure_refusals()


@once
def _cited(asked: AnsweredCase, one: Annotated) -> Overlap | None:
    """Return the cited sentences beside those of the annotator that fits best, if one marked any.

    A sentence is cited when citations cover half of it: their sentences are cut otherwise.
    """
    text = asked.text_of(asked.case.documents[0])
    cited = covered(text, one.sentences, places_of(asked.answer.citations))
    counts = [overlap_of_sets(cited, gold) for _, gold in one.golds if gold]
    return max(counts, key=lambda count: count.f1, default=None)


for _name in ("precision", "recall", "F1"):

    @measured(f"sentence {_name}", ADAPTER)
    def _share(asked: AnsweredCase, one: Annotated, name: str = _name.lower()) -> float | None:
        count = _cited(asked, one)
        if count is None or (asked.answer.refused and name == "precision"):
            return None
        return float(getattr(count, name))
