"""Conversations: follow-up questions, and questions that fit several things.

MTRAG (Katsis et al. 2025) asks whether our search query finds what a human's stand-alone rewrite
asks for. It has the user's questions so far, the last one, and a human's rewrite, but no
answers. So the pool is all the rewrites, stored one by one, and the question is whether a query
finds its own among them; those of the same conversation are the near misses. Data: retrieval_tasks
of https://github.com/IBM/mt-rag-benchmark (DOMAIN_questions.jsonl, DOMAIN_rewrite.jsonl), or
rows with ``questions_so_far`` and ``human_rewrite``. Apache-2.0. Measure only.

MTRAG-UN (Rosenthal et al. 2026) asks whether questions that fit several things are asked back, and
only they: the last turn of a conversation is answerable, unanswerable, or
underspecified ("What did the actor win?", where the passages are of several actors); for that one
the right reply asks which is meant, or says it for each. The documents are the passages of all
tasks of a collection, those of one title together. Data: mtragun-human/generation_tasks/
reference.jsonl of https://github.com/IBM/mt-rag-benchmark. Apache-2.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import token_f1, words
from chatbot.evaluation.suites import Expected
from chatbot.types import Turn, Verdict
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured, once
from evals.benchmarks.data_files import Data, Row, read_rows

_DEPTH = 10
_USER = "|user|:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question that follows others, and a human's rewrite of it, which is to be found."""

    earlier: tuple[str, ...]
    question: str
    rewrite: str

    @property
    def needs_history(self) -> bool:
        """Whether the human took a word of four letters or more from the earlier questions."""
        added = set(words(self.rewrite)) - set(words(self.question))
        return any(len(word) >= 4 for word in added & set(words(" ".join(self.earlier))))


_WAYS: dict[str, Callable[[FollowUp, str], str]] = {
    "our query": lambda one, ours: ours,
    "last question": lambda one, ours: one.question,
    "all questions": lambda one, ours: " ".join([*one.earlier, one.question]),
    "human rewrite": lambda one, ours: one.rewrite,
}
_FORMULAS: dict[str, Callable[[int | None], float]] = {
    "R@1": lambda rank: rank == 1,
    "R@5": lambda rank: rank is not None and rank <= 5,
    "MRR@10": lambda rank: 1 / rank if rank else 0.0,
}


def _read(data: Data) -> Iterator[FollowUp]:
    """Read merged rows, or the official pairs of files; first questions are left out."""
    for path in data.files("*_questions.jsonl", "*/*_questions.jsonl", "*.jsonl"):
        rewrites = path.with_name(path.name.replace("_questions.", "_rewrite."))
        if rewrites == path:
            pairs = [(r["questions_so_far"], r["human_rewrite"]) for r in read_rows([path])]
        else:
            texts = {row["_id"]: row["text"] for row in read_rows([rewrites])}
            pairs = [(row["text"], texts[row["_id"]]) for row in read_rows([path])]
        for questions, rewrite in pairs:
            asked = [part.strip() for part in questions.split(_USER) if part.strip()]
            plain = rewrite.removeprefix(_USER).strip()
            if len(asked) > 1 and plain:
                yield FollowUp(earlier=tuple(asked[:-1]), question=asked[-1], rewrite=plain)


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each follow-up over the pool of all rewrites."""
    everything = list(_read(data))
    pool = {one.rewrite: one.rewrite for one in everything}
    data.notes.append(f"The pool is {len(pool)} texts.")
    for one in data.sample(everything):
        yield BenchmarkCase(
            question=one.question,
            history=tuple(Turn(role="user", content=question) for question in one.earlier),
            expected=Expected(rewrite=one.rewrite),
            gold=one,
            texts=pool,
        )


FOLLOW_UPS = Adapter(cases=_cases)


@once
def _query(asked: AnsweredCase, one: FollowUp) -> str:
    """Return our search query; the data's history goes in as it is, without replies."""
    history = [Turn(role="user", content=question) for question in one.earlier]
    return asked.ask(one.question, history=history).search_query


@once
def _ranks(asked: AnsweredCase, one: FollowUp) -> dict[str, int | None]:
    """Return the rank of the text that is to be found, by each query (None: not found)."""
    ours, wanted = _query(asked, one), asked.id_of(one.rewrite)
    ranks: dict[str, int | None] = {}
    for name, way in _WAYS.items():
        sentences = asked.search(way(one, ours)[:2000], limit=3 * _DEPTH)
        documents = list(dict.fromkeys(sentence.document_id for sentence in sentences))[:_DEPTH]
        ranks[name] = documents.index(wanted) + 1 if wanted in documents else None
    return ranks


def _register(way: str, title: str, *, needing: bool) -> None:
    for name, formula in _FORMULAS.items():

        @measured(f"{title}: {name}", FOLLOW_UPS)
        def _rank(
            asked: AnsweredCase, one: FollowUp, formula: Callable[[int | None], float] = formula
        ) -> float | None:
            return None if needing and not one.needs_history else formula(_ranks(asked, one)[way])


for _way in _WAYS:
    _register(_way, _way, needing=False)
for _way in ("our query", "last question"):
    _register(_way, f"{_way}, where history is needed", needing=True)


@measured("our query: word F1 to the rewrite", FOLLOW_UPS)
def _query_f1(asked: AnsweredCase, one: FollowUp) -> float:
    return token_f1(_query(asked, one), [one.rewrite])


@measured("our query is other than the question", FOLLOW_UPS, better="neither")
def _changed(asked: AnsweredCase, one: FollowUp) -> bool:
    return _query(asked, one) != one.question


def _last_turns(data: Data) -> Iterator[BenchmarkCase]:
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
                Turn(
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


UNDERSPECIFIED = Adapter(cases=_last_turns, titled=True)


def _asks_back(asked: AnsweredCase) -> bool:
    """Whether the answer asks which of several things is meant, or tells it of each."""
    answer = asked.answer
    if answer.refused or answer.choices:
        return not answer.refused
    introduced = answer.claims[0].verdict is Verdict.NO_CLAIM
    return introduced and len(answer.citations) > 1


@measured("underspecified: asked back or each shown", UNDERSPECIFIED, store=None)
def _rightly(asked: AnsweredCase, label: str) -> bool | None:
    return _asks_back(asked) if label == "UNDERSPECIFIED" else None


@measured("answerable: asked back or several shown", UNDERSPECIFIED, better="lower", store=None)
def _wrongly(asked: AnsweredCase, label: str) -> bool | None:
    return _asks_back(asked) if label in ("ANSWERABLE", "PARTIAL") else None


@measured("asked back with choices", UNDERSPECIFIED, better="neither", store=None)
def _choices(asked: AnsweredCase, label: str) -> bool:
    return bool(asked.answer.choices)


@measured("unanswerable refused", UNDERSPECIFIED, store=None)
def _refused(asked: AnsweredCase, label: str) -> bool | None:
    return asked.answer.refused if label == "UNANSWERABLE" else None
