"""DRAGONBall: questions over finance, law and medicine, with the sentences an answer rests on.

Zhu et al. 2024 ("RAGEval: Scenario Specific RAG Evaluation Dataset Generation Framework"). Data:
dragonball_dataset of https://github.com/OpenBMB/RAGEval (dragonball_docs.jsonl and
dragonball_queries.jsonl). CC BY-NC-SA 4.0: look at the licence before you use it. Measure only. The
English part; the built-in models do not read Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, mean, rate
from chatbot.evaluation.metrics.answer_words import without_markers
from chatbot.evaluation.metrics.characters import Place, covered
from chatbot.evaluation.metrics.rouge import rouge_l
from chatbot.types import Answer
from evals.benchmarks.benchmark import Benchmark, Measured, Published
from evals.benchmarks.data_files import Row, find_files, read_rows
from evals.benchmarks.work import Work, add_texts, locate, stored_texts

_COVERED = 0.5
_UNSOLVABLE = "unsolvable"

InDocument = tuple[str, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, its answer, and its references as they are quoted."""

    question: str
    answer: str
    references: tuple[str, ...]
    documents: tuple[str, ...]
    solvable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What came out for one question; None where a score does not apply."""

    solvable: bool
    refused: bool
    precision: float | None = None
    recall: float | None = None
    retrieved: float | None = None
    rouge: float | None = None


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


def measure(work: Work) -> Measured:
    """Ask the English questions over all English documents together."""
    queries_file = work.files("*queries.jsonl", "*/*queries.jsonl")[0]
    documents_file = find_files(queries_file.parent, "*docs.jsonl")[0]
    work.read.append(documents_file)
    everything = [
        read_query(row) for row in read_rows([queries_file]) if row.get("language") == "en"
    ]
    queries = work.sample(everything)
    with work.bot() as bot:
        ids = add_texts(bot, _english(read_rows([documents_file])))
        stored = stored_texts(bot)

        def ask(one: Query) -> Scores:
            known = {ids[id_] for id_ in one.documents if id_ in ids}
            gold = [
                find_reference(text, {id_: stored[id_] for id_ in known}) for text in one.references
            ]
            return score(one, work.counted(bot.ask(one.question)), gold)

        scores = [one for one in work.map(ask, queries) if one is not None]
    return Measured(
        cases=len(queries),
        available=len(everything),
        figures=figures(scores),
        notes=(
            "The English part. A reference that is not in its document word for word is unscored.",
        ),
    )


def _english(rows: Sequence[Row]) -> dict[str, str]:
    try:
        return {str(row["doc_id"]): row["content"] for row in rows if row["language"] == "en"}
    except KeyError as error:
        raise SuiteError(f"A row is not of DRAGONBall's form: {error!r}.") from error


def find_reference(quote: str, texts: dict[str, str]) -> InDocument | None:
    """Return the document and the place in it of a quoted sentence; None if it is in none."""
    for document, text in texts.items():
        place = locate(text, [quote])[0]
        if place is not None:
            return document, place
    return None


def score(one: Query, answer: Answer, gold: Sequence[InDocument | None]) -> Scores:
    """Score one answer.

    Args:
        one: the question.
        answer: what was said.
        gold: where its references stand.
    """
    if not one.solvable:
        return Scores(solvable=False, refused=answer.refused)
    known = [place for place in gold if place is not None]
    cited = [(c.document_id, (c.start, c.end)) for c in answer.citations]
    read = [(s.document_id, (s.start, s.end)) for s in answer.retrieved]
    text = "" if answer.refused else without_markers(answer.text)
    return Scores(
        solvable=True,
        refused=answer.refused,
        precision=_share(cited, known) if cited and known else None,
        recall=_share(known, cited) if known else None,
        retrieved=_share(known, read) if known else None,
        rouge=rouge_l(text, [one.answer]),
    )


def _share(places: Sequence[InDocument], by: Sequence[InDocument]) -> float:
    """Return the share of places that others of the same document cover at least half."""
    return sum(
        covered(place, [other for id_, other in by if id_ == document]) >= _COVERED
        for document, place in places
    ) / len(places)


def figures(scores: Sequence[Scores]) -> tuple[Measure, ...]:
    """Return the figures over all questions."""
    solvable = [one for one in scores if one.solvable]
    return (
        mean("references read (recall of 10 sentences)", [one.retrieved for one in solvable]),
        mean("references cited: recall", [one.recall for one in solvable]),
        mean("references cited: precision", [one.precision for one in solvable]),
        mean("ROUGE-L", [one.rouge for one in solvable]),
        rate("unsolvable refused", [one.refused for one in scores if not one.solvable]),
        rate("solvable refused", [one.refused for one in solvable], better="lower"),
    )


BENCHMARK = Benchmark(
    name="dragonball",
    title="DRAGONBall (RAGEval)",
    about=(
        "All English documents are in one store; each English question is asked of all of them. A "
        "reference counts as found when citations, or the sentences read, cover at least half of "
        "it."
    ),
    measure=measure,
    paper="Zhu et al. 2024, arXiv:2408.01262",
    home="https://github.com/OpenBMB/RAGEval (dragonball_dataset)",
    licence="CC BY-NC-SA 4.0",
    files=("dragonball",),
    published=(
        Published(
            system="the authors' example (finance, English, GPT-4o)",
            figures="references retrieved: recall 58.6, precision 50.6; ROUGE-L 13.2",
            source="https://github.com/OpenBMB/RAGEval (rageval/evaluation/result)",
        ),
    ),
    comparable=(
        "The example's retrieval is of passages. The paper's own measures (completeness, "
        "hallucination, irrelevance) need a language model as judge and are not computed here."
    ),
)
