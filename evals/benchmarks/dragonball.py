"""DRAGONBall: questions over finance, law and medicine, with the sentences an answer rests on.

Zhu et al. 2024 ("RAGEval: Scenario Specific RAG Evaluation Dataset Generation Framework"). Data:
dragonball_dataset of https://github.com/OpenBMB/RAGEval (dragonball_docs.jsonl and
dragonball_queries.jsonl). CC BY-NC-SA 4.0: look at the licence before you use it. Measure only. The
English part; the built-in models do not read Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import without_markers
from chatbot.evaluation.scoring import Scorers
from chatbot.types import Citation, RetrievedSentence
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, expected, gold_of, measured
from evals.benchmarks.data_files import Row, find_files, read_rows
from evals.benchmarks.formulas.characters import Place, covered, locate
from evals.benchmarks.formulas.rouge import rouge_l

_COVERED = 0.5
_UNSOLVABLE = "unsolvable"
_SCORERS: Scorers = {}

InDocument = tuple[str, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, its answer, and its references as they are quoted."""

    question: str
    answer: str
    references: tuple[str, ...]
    documents: tuple[str, ...]
    solvable: bool


def read_query(row: Row) -> Query:
    """Read one row of the queries.

    Raises:
        SuiteError: if it is not of DRAGONBall's form.
    """
    try:
        truth = row["ground_truth"]
        return Query(
            question=row["query"]["content"],
            answer=truth["content"],
            references=tuple(truth.get("references") or ()),
            documents=tuple(str(id_) for id_ in truth.get("doc_ids") or ()),
            solvable=_UNSOLVABLE not in row["query"]["query_type"].lower(),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SuiteError(f"A row is not of DRAGONBall's form: {error!r}.") from error


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield the English questions over all English documents together."""
    queries_file = data.files("*queries.jsonl", "*/*queries.jsonl")[0]
    documents_file = find_files(queries_file.parent, "*docs.jsonl")[0]
    data.read.append(documents_file)
    rows = read_rows([queries_file])
    everything = [read_query(row) for row in rows if row.get("language") == "en"]
    texts = _english(read_rows([documents_file]))
    data.notes.append(
        "The English part. A reference that is not in its document word for word is unscored."
    )
    for number, one in enumerate(data.sample(everything)):
        yield BenchmarkCase(
            id=str(number),
            question=one.question,
            expected=expected([one.answer] if one.solvable else []),
            gold=one,
            texts=texts,
        )


def _english(rows: Sequence[Row]) -> dict[str, str]:
    try:
        return {str(row["doc_id"]): row["content"] for row in rows if row["language"] == "en"}
    except KeyError as error:
        raise SuiteError(f"A row is not of DRAGONBall's form: {error!r}.") from error


def _references(asked: AnsweredCase) -> list[InDocument]:
    """Return where the references of a question stand, those left out that stand nowhere."""
    one: Query = gold_of(asked)
    known = [name for name in one.documents if name in asked.ready.ids]
    found = []
    for quote in one.references:
        places = ((asked.id_of(name), locate(asked.stored(name), [quote])[0]) for name in known)
        found += [(id_, place) for id_, place in places if place is not None][:1]
    return found


def _places(items: Iterable[Citation | RetrievedSentence]) -> list[InDocument]:
    return [(item.document_id, (item.start, item.end)) for item in items]


def _share(places: Sequence[InDocument], by: Sequence[InDocument]) -> float:
    """Return the share of places that others of the same document cover at least half."""
    return sum(
        covered(place, [other for id_, other in by if id_ == document]) >= _COVERED
        for document, place in places
    ) / len(places)


@measured("references read (recall of 10 sentences)", _SCORERS)
def _read(asked: AnsweredCase, one: Query) -> float | None:
    gold = asked.share(_references)
    return _share(gold, _places(asked.answer.retrieved)) if one.solvable and gold else None


@measured("references cited: recall", _SCORERS)
def _recall(asked: AnsweredCase, one: Query) -> float | None:
    gold = asked.share(_references)
    return _share(gold, _places(asked.answer.citations)) if one.solvable and gold else None


@measured("references cited: precision", _SCORERS)
def _precision(asked: AnsweredCase, one: Query) -> float | None:
    gold, cited = asked.share(_references), _places(asked.answer.citations)
    return _share(cited, gold) if one.solvable and gold and cited else None


@measured("ROUGE-L", _SCORERS)
def _rouge(asked: AnsweredCase, one: Query) -> float | None:
    said = "" if asked.answer.refused else without_markers(asked.answer.text)
    return rouge_l(said, [one.answer]) if one.solvable else None


@measured("unsolvable refused", _SCORERS)
def _refused(asked: AnsweredCase, one: Query) -> bool | None:
    return None if one.solvable else asked.answer.refused


@measured("solvable refused", _SCORERS, better="lower")
def _wrongly_refused(asked: AnsweredCase, one: Query) -> bool | None:
    return asked.answer.refused if one.solvable else None


ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
