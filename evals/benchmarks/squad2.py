"""SQuAD 2.0: the short answer and the refusal, over the paragraph or over the whole article.

Rajpurkar, Jia and Liang 2018 ("Know What You Don't Know"). Data: dev-v2.0.json of
https://rajpurkar.github.io/SQuAD-explorer/, or rows of ``id, title, context, question, answers
(text, start), impossible`` (JSON lines). CC BY-SA 4.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import exact, token_f1
from chatbot.evaluation.scoring import Scorers
from chatbot.types import Answer, RetrievedSentence
from evals.benchmarks.benchmark import (
    Adapter,
    BenchmarkCase,
    Data,
    expected,
    gold_of,
    measure_refusals,
    measured,
)
from evals.benchmarks.data_files import Row, read_json, read_rows

_BREAK = "\n\n"
_DEPTHS = (1, 5, 10)
_SEARCHED = "searched"
_FILES = ("*.jsonl.gz", "*.jsonl", "dev*.json")
_OF_PARAGRAPHS: Scorers = {}
_OF_ARTICLES: Scorers = {}
_OF_SEARCHES: Scorers = {}


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

    def rank(self, article: str, found: Iterable[RetrievedSentence]) -> float | None:
        """Return the rank, from 1, of the first sentence that holds a gold answer's first letter.

        Infinite if it is not among those found; None if the paragraph is not in the article.
        """
        start = article.find(self.paragraph.strip())
        if start < 0:
            return None
        start -= len(self.paragraph) - len(self.paragraph.lstrip())
        wanted = [start + offset for _, offset in self.answers]
        hits = (
            rank
            for rank, sentence in enumerate(found, start=1)
            if any(sentence.start <= place < sentence.end for place in wanted)
        )
        return next(hits, inf)


def read_questions(paths: Sequence[Path]) -> list[Question]:
    """Read rows, or the official nested file."""
    if all(path.suffix == ".json" for path in paths):
        return [one for path in paths for one in _official(read_json(path))]
    return [_question(row) for row in read_rows(paths)]


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


def articles(everything: Iterable[Question], questions: Iterable[Question]) -> dict[str, str]:
    """Return the articles that some questions are of, by title, made of their paragraphs."""
    titles = {one.title for one in questions}
    paragraphs: dict[str, dict[str, None]] = {title: {} for title in sorted(titles)}
    for one in everything:
        if one.title in titles:
            paragraphs[one.title][one.paragraph] = None
    return {title: _BREAK.join(texts) for title, texts in paragraphs.items()}


def _cases(
    questions: Iterable[Question], texts: Mapping[str, str] | None = None, store: str = ""
) -> Iterator[BenchmarkCase]:
    """Yield each question, of its article in ``texts`` or, without texts, of its paragraph."""
    for one in questions:
        name = one.paragraph if texts is None else one.title
        yield BenchmarkCase(
            question=one.question,
            documents=(name,),
            expected=expected(one.texts),
            gold=one,
            texts={name: name} if texts is None else texts,
            store=store,
        )


def _paragraphs(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each question of its own paragraph, and to be searched in its whole article."""
    everything = read_questions(data.files(*_FILES))
    questions = data.sample(everything)
    yield from _cases(questions)
    answerable = [one for one in questions if one.answers]
    yield from _cases(answerable, articles(everything, answerable), _SEARCHED)


def _articles(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each question of the whole article that its paragraph is part of."""
    everything = read_questions(data.files(*_FILES))
    questions = data.sample(everything)
    yield from _cases(questions, articles(everything, questions))


def _searches(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each answerable question, to be searched in its article and not asked."""
    everything = read_questions(data.files(*_FILES))
    questions = data.sample([one for one in everything if one.answers])
    yield from _cases(questions, articles(everything, questions), _SEARCHED)


def short_text(answer: Answer) -> str:
    """Return the shortest answer there is: nothing for a refusal, else a whole cited sentence."""
    if answer.refused:
        return ""
    if answer.short_answer is not None:
        return answer.short_answer.text
    return answer.citations[0].text if answer.citations else answer.text


@measured("EM", _OF_PARAGRAPHS, _OF_ARTICLES)
def _em(asked: AnsweredCase, one: Question) -> float:
    return exact(short_text(asked.answer), one.texts)


@measured("F1", _OF_PARAGRAPHS, _OF_ARTICLES)
def _f1(asked: AnsweredCase, one: Question) -> float:
    return token_f1(short_text(asked.answer), one.texts)


@measured("EM, answerable", _OF_PARAGRAPHS, _OF_ARTICLES)
def _em_answerable(asked: AnsweredCase, one: Question) -> float | None:
    return _em(asked, one) if one.answers else None


@measured("F1, answerable", _OF_PARAGRAPHS, _OF_ARTICLES)
def _f1_answerable(asked: AnsweredCase, one: Question) -> float | None:
    return _f1(asked, one) if one.answers else None


measure_refusals(_OF_PARAGRAPHS, _OF_ARTICLES)


def _rank_searched(asked: AnsweredCase) -> float | None:
    found = asked.search(asked.case.question, limit=max(_DEPTHS))
    one: Question = gold_of(asked)
    return one.rank(asked.stored(one.title), found)


def _within(depth: int, rank: float | None) -> bool | None:
    return None if rank is None else rank <= depth


def _register(depth: int) -> None:
    name = f"article, searched: sentence R@{depth}"

    @measured(name, _OF_PARAGRAPHS, _OF_SEARCHES, store=_SEARCHED)
    def _searched(asked: AnsweredCase, one: Question) -> bool | None:
        return _within(depth, asked.share(_rank_searched))

    @measured(f"article, read: sentence R@{depth}", _OF_ARTICLES)
    def _read(asked: AnsweredCase, one: Question) -> bool | None:
        if not one.answers:
            return None
        return _within(depth, one.rank(asked.stored(one.title), asked.answer.retrieved))


for _depth in _DEPTHS:
    _register(_depth)

PARAGRAPH = Adapter(cases=_paragraphs, scorers=_OF_PARAGRAPHS)
ARTICLE = Adapter(cases=_articles, scorers=_OF_ARTICLES)
SEARCH = Adapter(cases=_searches, scorers=_OF_SEARCHES)
"""Not among the benchmarks: ``benchmarks.retrieval`` compares ways to search with it."""
