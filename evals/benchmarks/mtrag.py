"""Follow-up questions: does our search query find what a human's stand-alone rewrite asks for?

MTRAG (Katsis et al. 2025): the user's questions so far, the last one, and a human's rewrite, but no
answers. So the pool is all the rewrites, stored one by one, and the question is whether a query
finds its own among them; those of the same conversation are the near misses. Data: retrieval_tasks
of https://github.com/IBM/mt-rag-benchmark (DOMAIN_questions.jsonl, DOMAIN_rewrite.jsonl), or
rows with ``questions_so_far`` and ``human_rewrite``. Apache-2.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.cases import CaseTurn, Expected
from chatbot.evaluation.formulas import token_f1, words
from chatbot.evaluation.scoring import Scorers
from chatbot.types import Turn
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, gold_of, measured
from evals.benchmarks.data_files import read_rows

_DEPTH = 10
_USER = "|user|:"
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question that follows others, a human's rewrite of it, and the text to be found."""

    history: tuple[Turn, ...]
    question: str
    rewrite: str
    wanted: str

    @property
    def asked(self) -> list[str]:
        """The earlier questions."""
        return [turn.content for turn in self.history if turn.role == "user"]

    @property
    def needs_history(self) -> bool:
        """Whether the human took a word of four letters or more from the earlier questions."""
        added = set(words(self.rewrite)) - set(words(self.question))
        return any(len(word) >= 4 for word in added & set(words(" ".join(self.asked))))


_WAYS: dict[str, Callable[[FollowUp, str], str]] = {
    "our query": lambda one, ours: ours,
    "last question": lambda one, ours: one.question,
    "all questions": lambda one, ours: " ".join([*one.asked, one.question]),
    "human rewrite": lambda one, ours: one.rewrite,
}


def read_mtrag(paths: Sequence[Path]) -> list[FollowUp]:
    """Read merged rows, or the official pairs of files; first questions are left out."""
    found = []
    for path in paths:
        rewrites = path.with_name(path.name.replace("_questions.", "_rewrite."))
        if rewrites == path:
            pairs = [(r["questions_so_far"], r["human_rewrite"]) for r in read_rows([path])]
        else:
            texts = {row["_id"]: row["text"] for row in read_rows([rewrites])}
            pairs = [(row["text"], texts[row["_id"]]) for row in read_rows([path])]
        found += [one for asked, rewrite in pairs if (one := _follow_up(asked, rewrite))]
    return found


def _follow_up(questions: str, rewrite: str) -> FollowUp | None:
    asked = [part.strip() for part in questions.split(_USER) if part.strip()]
    plain = rewrite.removeprefix(_USER).strip()
    if len(asked) < 2 or not plain:
        return None
    history = tuple(Turn(role="user", content=question) for question in asked[:-1])
    return FollowUp(history=history, question=asked[-1], rewrite=plain, wanted=plain)


def _cases(data: Data, everything: Sequence[FollowUp]) -> Iterator[BenchmarkCase]:
    """Yield each follow-up over the pool of all texts that are to be found."""
    pool = {one.wanted: one.wanted for one in everything}
    data.notes.append(f"The pool is {len(pool)} texts.")
    for one in data.sample(everything):
        yield BenchmarkCase(
            question=one.question,
            history=tuple(CaseTurn(role=t.role, content=t.content) for t in one.history),
            expected=Expected(rewrite=one.rewrite),
            gold=one,
            texts=pool,
        )


def _query(asked: AnsweredCase) -> str:
    """Return our search query; the data's history goes in as it is, replies or none."""
    one: FollowUp = gold_of(asked)
    return asked.ask(one.question, history=one.history).search_query


def _ranks(asked: AnsweredCase) -> dict[str, int | None]:
    """Return the rank of the text that is to be found, by each query (None: not found)."""
    one: FollowUp = gold_of(asked)
    ours, wanted = asked.share(_query), asked.id_of(one.wanted)
    ranks: dict[str, int | None] = {}
    for name, way in _WAYS.items():
        sentences = asked.search(way(one, ours)[:2000], limit=3 * _DEPTH)
        documents = list(dict.fromkeys(sentence.document_id for sentence in sentences))[:_DEPTH]
        ranks[name] = documents.index(wanted) + 1 if wanted in documents else None
    return ranks


def _register(way: str, title: str, *, needing: bool) -> None:
    measures: dict[str, Callable[[int | None], float]] = {
        "R@1": lambda rank: rank == 1,
        "R@5": lambda rank: rank is not None and rank <= 5,
        "MRR@10": lambda rank: 1 / rank if rank else 0.0,
    }
    for name, formula in measures.items():

        @measured(f"{title}: {name}", _SCORERS)
        def _rank(
            asked: AnsweredCase, one: FollowUp, formula: Callable[[int | None], float] = formula
        ) -> float | None:
            if needing and not one.needs_history:
                return None
            return formula(asked.share(_ranks)[way])


for _way in _WAYS:
    _register(_way, _way, needing=False)
for _way in ("our query", "last question"):
    _register(_way, f"{_way}, where history is needed", needing=True)


@measured("our query: word F1 to the rewrite", _SCORERS)
def _query_f1(asked: AnsweredCase, one: FollowUp) -> float:
    return token_f1(asked.share(_query), [one.rewrite])


@measured("our query is other than the question", _SCORERS, better="neither")
def _changed(asked: AnsweredCase, one: FollowUp) -> bool:
    return asked.share(_query) != one.question


MTRAG = Adapter(
    cases=lambda data: _cases(
        data, read_mtrag(data.files("*_questions.jsonl", "*/*_questions.jsonl", "*.jsonl"))
    ),
    scorers=_SCORERS,
)
