"""Questions that fit several things: are they asked back, and only they?

MTRAG-UN (Rosenthal et al. 2026): the last turn of a conversation is answerable, unanswerable, or
underspecified ("What did the actor win?", where the passages are of several actors); for that one
the right reply asks which is meant, or says it for each. The documents are the passages of all
tasks of a collection, those of one title together. Data: mtragun-human/generation_tasks/
reference.jsonl of https://github.com/IBM/mt-rag-benchmark. Apache-2.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.cases import CaseTurn, Expected
from chatbot.types import Verdict
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured
from evals.benchmarks.data_files import Data, Row


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each last turn over the documents of its collection; one without passages is left out.

    An unanswerable turn has none, and is asked of what the others have.
    """
    rows = data.rows("reference.jsonl", "*.jsonl")
    documents = _documents(rows)
    usable = [
        row
        for row in rows
        if _label(row) == "UNANSWERABLE" or any(one["text"].strip() for one in row["contexts"])
    ]
    for row in data.sample(usable):
        *before, last = row["input"]
        yield BenchmarkCase(
            question=last["text"],
            history=tuple(
                CaseTurn(
                    role="user" if turn["speaker"] == "user" else "assistant", content=turn["text"]
                )
                for turn in before
                if turn["text"].strip()
            ),
            expected=Expected(refuse=_label(row) == "UNANSWERABLE"),
            gold=_label(row),
            texts=documents[row["Collection"]],
            store=row["Collection"],
        )


def _label(row: Row) -> str:
    """Return ``ANSWERABLE``, ``PARTIAL``, ``UNDERSPECIFIED`` or ``UNANSWERABLE``."""
    return str(row["answerability"][0])


def _documents(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Return the texts of each collection by title (a passage without one: its id)."""
    found: dict[str, dict[str, str]] = {row["Collection"]: {} for row in rows}
    passages = {
        (row["Collection"], one.get("title") or one["document_id"], one["text"].strip()): None
        for row in rows
        for one in row["contexts"]
    }
    for collection, title, text in passages:
        if text:
            known = found[collection].get(title)
            found[collection][title] = f"{known}\n\n{text}" if known else text
    return found


ADAPTER = Adapter(cases=_cases, titled=True)


def _asks_back(asked: AnsweredCase) -> bool:
    """Whether the answer asks which of several things is meant, or tells it of each."""
    answer = asked.answer
    if answer.refused or answer.choices:
        return not answer.refused
    introduced = answer.claims[0].verdict is Verdict.NO_CLAIM
    return introduced and len(answer.citations) > 1


@measured("underspecified: asked back or each shown", ADAPTER, store=None)
def _rightly(asked: AnsweredCase, label: str) -> bool | None:
    return _asks_back(asked) if label == "UNDERSPECIFIED" else None


@measured("answerable: asked back or several shown", ADAPTER, better="lower", store=None)
def _wrongly(asked: AnsweredCase, label: str) -> bool | None:
    return _asks_back(asked) if label in ("ANSWERABLE", "PARTIAL") else None


@measured("asked back with choices", ADAPTER, better="neither", store=None)
def _choices(asked: AnsweredCase, label: str) -> bool:
    return bool(asked.answer.choices)


@measured("unanswerable refused", ADAPTER, store=None)
def _refused(asked: AnsweredCase, label: str) -> bool | None:
    return asked.answer.refused if label == "UNANSWERABLE" else None
