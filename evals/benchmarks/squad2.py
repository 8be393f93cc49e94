"""SQuAD 2.0: the short answer and the refusal, over the paragraph or over the whole article.

Rajpurkar, Jia and Liang 2018 ("Know What You Don't Know"). Data: dev-v2.0.json of
https://rajpurkar.github.io/SQuAD-explorer/, or rows of ``id, title, context, question, answers
(text, start), impossible`` (JSON lines). CC BY-SA 4.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, mean, rate
from chatbot.evaluation.metrics.squad import exact, token_f1
from chatbot.types import Answer, RetrievedSentence
from evals.benchmarks.benchmark import Benchmark, Bot, Measured, Published
from evals.benchmarks.data_files import Row, read_json, read_rows
from evals.benchmarks.work import Work, add_texts, answerable_auroc, locate, stored_texts

_BREAK = "\n\n"
_DEPTHS = (1, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its gold answers: texts and where they start in the paragraph."""

    title: str
    paragraph: str
    question: str
    answers: tuple[tuple[str, int], ...]

    @property
    def texts(self) -> list[str]:
        """The accepted answers; empty where the paragraph has none."""
        return [text for text, _ in self.answers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came out for one question."""

    question: Question
    refused: bool = False
    prediction: str = ""
    p_answered: float | None = None
    rank: float | None = None
    """Of the sentence with the answer, from 1, infinite if it was not among those looked at; None
    if nothing was ranked or its paragraph is not in the stored text (unscored)."""


def read_questions(paths: Sequence[Path]) -> list[Question]:
    """Read rows, or the official nested file.

    Raises:
        SuiteError: if a file is neither.
    """
    try:
        if all(path.suffix == ".json" for path in paths):
            return [one for path in paths for one in _official(read_json(path))]
        return [_question(row) for row in read_rows(paths)]
    except (KeyError, TypeError) as error:
        raise SuiteError(
            f"{paths[0]} is not SQuAD: {error} is missing or of another kind."
        ) from error


def _question(row: Row) -> Question:
    answers = () if row["impossible"] else tuple((a["text"], a["start"]) for a in row["answers"])
    return Question(
        title=row["title"], paragraph=row["context"], question=row["question"], answers=answers
    )


def _official(data: Row) -> list[Question]:
    return [
        Question(
            title=article["title"],
            paragraph=paragraph["context"],
            question=asked["question"],
            answers=()
            if asked.get("is_impossible")
            else tuple((a["text"], a["answer_start"]) for a in asked["answers"]),
        )
        for article in data["data"]
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
    ]


def measure_paragraph(work: Work) -> Measured:
    """Ask each question of its own paragraph, as SQuAD does; then search its article for it."""
    everything = read_questions(work.files("*.jsonl.gz", "*.jsonl", "dev*.json"))
    questions = work.sample(everything)
    with work.bot() as bot:
        paragraphs = add_texts(bot, {one.paragraph: one.paragraph for one in questions})

        def ask(one: Question) -> Asked:
            answer = work.counted(bot.ask(one.question, documents=[paragraphs[one.paragraph]]))
            return _asked(one, answer)

        asked = [one for one in work.map(ask, questions) if one is not None]
    found = _search_articles(work, everything, [one for one in questions if one.answers])
    return Measured(
        cases=len(questions),
        available=len(everything),
        figures=(*answer_figures(asked), *rank_figures("article, searched", found)),
    )


def measure_search(work: Work) -> Measured:
    """Search only: each answerable question in its article."""
    everything = read_questions(work.files("*.jsonl.gz", "*.jsonl", "dev*.json"))
    answerable = [one for one in everything if one.answers]
    questions = work.sample(answerable)
    found = _search_articles(work, everything, questions)
    return Measured(
        cases=len(questions),
        available=len(answerable),
        figures=rank_figures("article, searched", found),
    )


def measure_article(work: Work) -> Measured:
    """Ask each question of the whole article that its paragraph is part of."""
    everything = read_questions(work.files("*.jsonl.gz", "*.jsonl", "dev*.json"))
    questions = work.sample(everything)
    with work.bot() as bot:
        articles = Articles(bot, everything, questions)

        def ask(one: Question) -> Asked:
            answer = work.counted(bot.ask(one.question, documents=[articles.ids[one.title]]))
            return _asked(one, answer, rank=articles.rank(one, answer.retrieved))

        asked = [one for one in work.map(ask, questions) if one is not None]
    ranked = [one for one in asked if one.question.answers]
    return Measured(
        cases=len(questions),
        available=len(everything),
        figures=(*answer_figures(asked), *rank_figures("article, read", ranked)),
    )


class Articles:
    """The articles of some questions in a store, and where each paragraph stands in them."""

    def __init__(
        self, bot: Bot, everything: Sequence[Question], questions: Sequence[Question]
    ) -> None:
        titles = {one.title for one in questions}
        paragraphs: dict[str, dict[str, None]] = {title: {} for title in titles}
        for one in everything:
            if one.title in titles:
                paragraphs[one.title][one.paragraph] = None
        self.ids = add_texts(
            bot, {title: _BREAK.join(texts) for title, texts in sorted(paragraphs.items())}
        )
        stored = stored_texts(bot)
        self._starts: dict[tuple[str, str], int | None] = {}
        for title, texts in paragraphs.items():
            places = locate(stored[self.ids[title]], list(texts))
            for text, place in zip(texts, places, strict=True):
                stripped = len(text) - len(text.lstrip())
                self._starts[title, text] = None if place is None else place[0] - stripped

    def rank(self, one: Question, found: Sequence[RetrievedSentence]) -> float | None:
        """Return the rank of the first sentence that holds a gold answer's first letter."""
        start = self._starts[one.title, one.paragraph]
        if start is None:
            return None
        wanted = [start + offset for _, offset in one.answers]
        hits = (
            rank
            for rank, sentence in enumerate(found, start=1)
            if any(sentence.start <= place < sentence.end for place in wanted)
        )
        return next(hits, inf)


def _search_articles(
    work: Work, everything: Sequence[Question], questions: Sequence[Question]
) -> list[Asked]:
    if not questions:
        return []
    with work.bot() as bot:
        articles = Articles(bot, everything, questions)

        def search(one: Question) -> Asked:
            found = bot.search(
                one.question, limit=max(_DEPTHS), documents=[articles.ids[one.title]]
            )
            return Asked(question=one, rank=articles.rank(one, found))

        return [one for one in work.map(search, questions) if one is not None]


def _asked(one: Question, answer: Answer, *, rank: float | None = None) -> Asked:
    return Asked(
        question=one,
        refused=answer.refused,
        prediction=short_text(answer),
        p_answered=answer.p_answered,
        rank=rank,
    )


def short_text(answer: Answer) -> str:
    """Return the shortest answer there is: nothing for a refusal, else a whole cited sentence."""
    if answer.refused:
        return ""
    if answer.short_answer is not None:
        return answer.short_answer.text
    return answer.citations[0].text if answer.citations else answer.text


def answer_figures(asked: Sequence[Asked]) -> tuple[Measure, ...]:
    """Return EM, F1 and how the refusals fell."""
    answerable = [one for one in asked if one.question.answers]
    others = [one for one in asked if not one.question.answers]
    return (
        mean("EM", [exact(one.prediction, one.question.texts) for one in asked]),
        mean("F1", [token_f1(one.prediction, one.question.texts) for one in asked]),
        mean("EM, answerable", [exact(one.prediction, one.question.texts) for one in answerable]),
        mean(
            "F1, answerable", [token_f1(one.prediction, one.question.texts) for one in answerable]
        ),
        rate("unanswerable refused", [one.refused for one in others]),
        rate("answerable refused", [one.refused for one in answerable], better="lower"),
        answerable_auroc([(bool(one.question.answers), one.p_answered) for one in asked]),
    )


def rank_figures(where: str, found: Sequence[Asked]) -> tuple[Measure, ...]:
    """Return how often the sentence with the answer was among the first."""
    ranks = [one.rank for one in found if one.rank is not None]
    return tuple(
        rate(f"{where}: sentence R@{depth}", [rank <= depth for rank in ranks]) for depth in _DEPTHS
    )


_PAPER = "Rajpurkar, Jia and Liang 2018, arXiv:1806.03822"
_HOME = "https://rajpurkar.github.io/SQuAD-explorer/ (dev-v2.0.json)"
_LICENCE = "CC BY-SA 4.0"
_FILES = ("squad2/*.jsonl.gz", "squad2/*.jsonl", "squad2/dev*.json")

PARAGRAPH = Benchmark(
    name="squad2",
    title="SQuAD 2.0, the paragraph",
    about=(
        "Each question is asked of its own paragraph. EM and F1 are of the short answer, a refusal "
        "is the empty answer. Then each answerable question is searched in its whole article: is "
        "the sentence that holds the answer among the first?"
    ),
    measure=measure_paragraph,
    paper=_PAPER,
    home=_HOME,
    licence=_LICENCE,
    files=_FILES,
    published=(
        Published(
            system="BiDAF + ELMo",
            figures="dev F1 67.9",
            source="Rajpurkar et al. 2018, arXiv:1806.03822",
        ),
        Published(
            system="MiniLM-L6 (22 M parameters), trained on SQuAD 2.0",
            figures="dev F1 75.6",
            source="Wang et al. 2020, arXiv:2002.10957",
        ),
    ),
    comparable="Those were trained on SQuAD 2.0 itself and measured on all of dev (11,873).",
)

ARTICLE = Benchmark(
    name="squad2-article",
    title="SQuAD 2.0, the whole article",
    about=(
        "The same questions asked of the whole article, as a user would. R@k is over the sentences "
        "that were read for the answer, in the order of reading."
    ),
    measure=measure_article,
    paper=_PAPER,
    home=_HOME,
    licence=_LICENCE,
    files=_FILES,
)
