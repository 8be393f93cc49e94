"""Follow-up questions: does our search query find what a human's stand-alone rewrite asks for?

MTRAG (Katsis et al. 2025): the user's questions so far, the last one, and a human's rewrite, but no
answers. So the pool is all the rewrites, stored one by one, and the question is whether a query
finds its own among them; those of the same conversation are the near misses. Data: retrieval_tasks
of https://github.com/IBM/mt-rag-benchmark (DOMAIN_questions.jsonl, DOMAIN_rewrite.jsonl), or
rows with ``questions_so_far`` and ``human_rewrite``. Apache-2.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.cases import CaseTurn, Expected
from chatbot.evaluation.formulas import token_f1, words
from chatbot.types import Turn
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured, once
from evals.benchmarks.data_files import Data, read_rows

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
            history=tuple(CaseTurn(role="user", content=question) for question in one.earlier),
            expected=Expected(rewrite=one.rewrite),
            gold=one,
            texts=pool,
        )


ADAPTER = Adapter(cases=_cases)


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

        @measured(f"{title}: {name}", ADAPTER)
        def _rank(
            asked: AnsweredCase, one: FollowUp, formula: Callable[[int | None], float] = formula
        ) -> float | None:
            return None if needing and not one.needs_history else formula(_ranks(asked, one)[way])


for _way in _WAYS:
    _register(_way, _way, needing=False)
for _way in ("our query", "last question"):
    _register(_way, f"{_way}, where history is needed", needing=True)


@measured("our query: word F1 to the rewrite", ADAPTER)
def _query_f1(asked: AnsweredCase, one: FollowUp) -> float:
    return token_f1(_query(asked, one), [one.rewrite])


@measured("our query is other than the question", ADAPTER, better="neither")
def _changed(asked: AnsweredCase, one: FollowUp) -> bool:
    return _query(asked, one) != one.question
