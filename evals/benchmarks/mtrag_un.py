"""Questions that fit several things: are they asked back, and only they?

MTRAG-UN (Rosenthal et al. 2026): the last turn of a conversation is answerable, unanswerable, or
underspecified ("What did the actor win?", where the passages are of several actors); for that one
the right reply asks which is meant, or says it for each. The documents are the passages of all
tasks of a collection, those of one title together. Data: mtragun-human/generation_tasks/
reference.jsonl of https://github.com/IBM/mt-rag-benchmark. Apache-2.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.cases import CaseTurn, Expected
from chatbot.evaluation.scoring import Scorers
from chatbot.types import Verdict
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, measured
from evals.benchmarks.data_files import Row, read_rows

_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The last turn of a conversation, with what humans said of it."""

    collection: str
    label: str
    """``ANSWERABLE``, ``PARTIAL``, ``UNDERSPECIFIED`` or ``UNANSWERABLE``."""
    turns: tuple[CaseTurn, ...]
    question: str
    passages: tuple[tuple[str, str], ...]
    """Title and text; where a passage has no title, its id."""


def read_task(row: Row) -> Task:
    """Read one row."""
    *before, last = row["input"]
    return Task(
        collection=row["Collection"],
        label=row["answerability"][0],
        turns=tuple(
            CaseTurn(
                role="user" if turn["speaker"] == "user" else "assistant", content=turn["text"]
            )
            for turn in before
            if turn["text"].strip()
        ),
        question=last["text"].strip(),
        passages=tuple(
            (one.get("title") or one["document_id"], one["text"].strip())
            for one in row["contexts"]
            if one["text"].strip()
        ),
    )


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each last turn over the documents of its collection; one without passages is left out.

    An unanswerable turn has none, and is asked of what the others have.
    """
    everything = [read_task(row) for row in read_rows(data.files("reference.jsonl", "*.jsonl"))]
    documents = {
        name: _documents(everything, name) for name in {one.collection for one in everything}
    }
    usable = [one for one in everything if one.passages or one.label == "UNANSWERABLE"]
    for one in data.sample(usable):
        yield BenchmarkCase(
            question=one.question,
            history=one.turns,
            expected=Expected(refuse=one.label == "UNANSWERABLE"),
            gold=one,
            texts=documents[one.collection],
            store=one.collection,
        )


def _documents(tasks: Sequence[Task], collection: str) -> dict[str, str]:
    """Return the texts of a collection by title, each passage once."""
    passages: dict[str, dict[str, None]] = {}
    for one in tasks:
        for title, text in one.passages if one.collection == collection else ():
            passages.setdefault(title, {})[text] = None
    return {title: "\n\n".join(texts) for title, texts in passages.items()}


def _asks_back(asked: AnsweredCase) -> bool:
    """Whether the answer asks which of several things is meant, or tells it of each."""
    answer = asked.answer
    if answer.refused or answer.choices:
        return not answer.refused
    introduced = answer.claims[0].verdict is Verdict.NO_CLAIM
    return introduced and len(answer.citations) > 1


def _register(name: str, labels: Sequence[str], *, good: bool) -> None:
    @measured(name, _SCORERS, better="higher" if good else "lower", store=None)
    def _share(asked: AnsweredCase, one: Task) -> bool | None:
        return _asks_back(asked) if one.label in labels else None


_register("underspecified: asked back or each shown", ("UNDERSPECIFIED",), good=True)
_register("answerable: asked back or several shown", ("ANSWERABLE", "PARTIAL"), good=False)


@measured("asked back with choices", _SCORERS, better="neither", store=None)
def _choices(asked: AnsweredCase, one: Task) -> bool:
    return bool(asked.answer.choices)


@measured("unanswerable refused", _SCORERS, store=None)
def _refused(asked: AnsweredCase, one: Task) -> bool | None:
    return asked.answer.refused if one.label == "UNANSWERABLE" else None


ADAPTER = Adapter(cases=_cases, scorers=_SCORERS, titled=True)
