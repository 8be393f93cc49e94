"""Follow-up questions: does our search query find what a human's stand-alone rewrite asks for?

MTRAG (Katsis et al. 2025): the user's questions so far, the last one, and a human's rewrite, but no
answers. So the pool is all the rewrites, stored one by one, and the question is whether a query
finds its own among them; those of the same conversation are the near misses. Data: retrieval_tasks
of https://github.com/IBM/mt-rag-benchmark (DOMAIN_questions.jsonl, DOMAIN_rewrite.jsonl), or
rows with ``questions_so_far`` and ``human_rewrite``. Apache-2.0. Measure only.

TREC CAsT 2021 (Dalton et al. 2021): conversations with answers, a human's rewrite of each turn, and
the passage that answers it: here the pool is all these passages. Data: the file
2021_manual_evaluation_topics_v1.0.json of https://github.com/daltonj/treccastweb. MIT. Measure
only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, mean, rate
from chatbot.evaluation.metrics.answer_words import words
from chatbot.evaluation.metrics.squad import token_f1
from chatbot.types import Turn
from evals.benchmarks.benchmark import Benchmark, Bot, Measured, Published
from evals.benchmarks.data_files import read_json, read_rows
from evals.benchmarks.work import Work, add_texts

_DEPTH = 10
_USER = "|user|:"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """For one follow-up: our query, and the rank of the wanted text by each query (None: not)."""

    query_f1: float
    changed: bool
    needs_history: bool
    ranks: dict[str, int | None]


_WAYS: dict[str, Callable[[FollowUp, str], str]] = {
    "our query": lambda one, ours: ours,
    "last question": lambda one, ours: one.question,
    "all questions": lambda one, ours: " ".join([*one.asked, one.question]),
    "human rewrite": lambda one, ours: one.rewrite,
}


def read_mtrag(paths: Sequence[Path]) -> list[FollowUp]:
    """Read merged rows, or the official pairs of files; first questions are left out.

    Raises:
        SuiteError: if the rows are of neither form.
    """
    found = []
    try:
        for path in paths:
            rewrites = path.with_name(path.name.replace("_questions.", "_rewrite."))
            if rewrites == path:
                pairs = [(r["questions_so_far"], r["human_rewrite"]) for r in read_rows([path])]
            else:
                texts = {row["_id"]: row["text"] for row in read_rows([rewrites])}
                pairs = [(row["text"], texts[row["_id"]]) for row in read_rows([path])]
            found += [one for asked, rewrite in pairs if (one := _follow_up(asked, rewrite))]
    except (KeyError, TypeError, AttributeError) as error:
        raise SuiteError(f"A row is not of MTRAG's form: {error!r}.") from error
    return found


def _follow_up(questions: str, rewrite: str) -> FollowUp | None:
    asked = [part.strip() for part in questions.split(_USER) if part.strip()]
    plain = rewrite.removeprefix(_USER).strip()
    if len(asked) < 2 or not plain:
        return None
    history = tuple(Turn(role="user", content=question) for question in asked[:-1])
    return FollowUp(history=history, question=asked[-1], rewrite=plain, wanted=plain)


def read_cast(path: Path) -> list[FollowUp]:
    """Read the topics of CAsT 2021; the first turn follows nothing up and is left out.

    Raises:
        SuiteError: if the file is not of that form.
    """
    found = []
    try:
        for topic in read_json(path):
            history: tuple[Turn, ...] = ()
            for turn in topic["turn"]:
                question, passage = turn["raw_utterance"], turn["passage"]
                rewrite = turn["manual_rewritten_utterance"]
                if history:
                    found.append(
                        FollowUp(
                            history=history, question=question, rewrite=rewrite, wanted=passage
                        )
                    )
                history += (
                    Turn(role="user", content=question),
                    Turn(role="assistant", content=passage),
                )
    except (KeyError, TypeError) as error:
        raise SuiteError(f"{path} is not of CAsT 2021's form: {error!r}.") from error
    return found


def measure_mtrag(work: Work) -> Measured:
    """Search the pool of all rewrites."""
    return _measure(
        work, read_mtrag(work.files("*_questions.jsonl", "*/*_questions.jsonl", "*.jsonl"))
    )


def measure_cast(work: Work) -> Measured:
    """Search the pool of all passages."""
    return _measure(work, read_cast(work.files("2021_manual*.json", "*.json")[0]))


def _measure(work: Work, everything: Sequence[FollowUp]) -> Measured:
    chosen = work.sample(everything)
    with work.bot() as bot:
        ids = add_texts(bot, {one.wanted: one.wanted for one in everything})
        found = [
            one
            for one in work.map(lambda one: _find(work, bot, one, ids[one.wanted]), chosen)
            if one
        ]
    return Measured(
        cases=len(chosen),
        available=len(everything),
        figures=figures(found),
        notes=(
            f"The pool is {len(set(ids.values()))} texts; "
            f"our query differs from the question in {sum(one.changed for one in found)} cases.",
        ),
    )


def _find(work: Work, bot: Bot, one: FollowUp, wanted: str) -> Found:
    ours = work.counted(bot.ask(one.question, history=one.history)).search_query
    queries = {name: way(one, ours) for name, way in _WAYS.items()}
    return Found(
        query_f1=token_f1(ours, [one.rewrite]),
        changed=ours != one.question,
        needs_history=one.needs_history,
        ranks={name: _rank(bot, query, wanted) for name, query in queries.items()},
    )


def _rank(bot: Bot, query: str, wanted: str) -> int | None:
    """Return the rank from 1 of a document among those that the best sentences are of."""
    sentences = bot.search(query[:2000], limit=3 * _DEPTH)
    documents = list(dict.fromkeys(sentence.document_id for sentence in sentences))[:_DEPTH]
    return documents.index(wanted) + 1 if wanted in documents else None


def figures(found: Sequence[Found]) -> tuple[Measure, ...]:
    """Return R@1, R@5 and MRR@10 for each way to make the query, and how near ours is."""
    needing = [one for one in found if one.needs_history]
    return (
        *(figure for name in _WAYS for figure in _rank_figures(name, name, found)),
        *(
            figure
            for name in ("our query", "last question")
            for figure in _rank_figures(f"{name}, where history is needed", name, needing)
        ),
        mean("our query: word F1 to the rewrite", [one.query_f1 for one in found]),
    )


def _rank_figures(title: str, way: str, found: Sequence[Found]) -> tuple[Measure, ...]:
    ranks = [one.ranks[way] for one in found]
    return (
        rate(f"{title}: R@1", [rank == 1 for rank in ranks]),
        rate(f"{title}: R@5", [rank is not None and rank <= 5 for rank in ranks]),
        mean(f"{title}: MRR@10", [1 / rank if rank else 0.0 for rank in ranks]),
    )


MTRAG = Benchmark(
    name="mtrag",
    title="MTRAG, follow-up questions",
    about=(
        "The search query made for each follow-up question is held against a human's stand-alone "
        "rewrite: the store holds all rewrites, and the query has to find its own. For comparison "
        "the same with the last question alone, with all questions, and with the rewrite itself. "
        "History is needed where the human took a word from the earlier questions. The data has no "
        "answers, so the history holds questions only."
    ),
    measure=measure_mtrag,
    paper="Katsis et al. 2025, arXiv:2501.03468",
    home="https://github.com/IBM/mt-rag-benchmark (human/retrieval_tasks)",
    licence="Apache-2.0",
    files=("multiturn", "mtrag"),
    published=tuple(
        Published(
            system=system,
            figures=figures_,
            source="https://github.com/IBM/mt-rag-benchmark (human/retrieval_tasks/README)",
        )
        for system, figures_ in (
            ("BM25", "passages R@5 .20 with the last turn, .25 with a rewrite"),
            ("BGE-base 1.5", "passages R@5 .30 with the last turn, .37 with a rewrite"),
            ("Elser", "passages R@5 .49 with the last turn, .52 with a rewrite"),
        )
    ),
    comparable=(
        "Published is retrieval of passages from corpora of 50,000 to 180,000; ours is of rewrites "
        "from a small pool. Only the gap between last question and rewrite can be set side by side."
    ),
)

CAST = Benchmark(
    name="cast2021",
    title="TREC CAsT 2021, follow-up questions",
    about=("As MTRAG, with the answers in the history, and the passages that answer as the pool."),
    measure=measure_cast,
    paper="Dalton, Xiong and Callan 2021, TREC CAsT 2021",
    home="https://github.com/daltonj/treccastweb (2021_manual_evaluation_topics_v1.0.json)",
    licence="MIT",
    files=("cast2021", "cast"),
)
