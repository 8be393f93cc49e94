"""SQuAD 2.0: the short answer and the refusal, over the paragraph or over the whole article.

Rajpurkar, Jia and Liang 2018 ("Know What You Don't Know"). Data: dev-v2.0.json of
https://rajpurkar.github.io/SQuAD-explorer/, or rows of ``id, title, context, question, answers
(text, start), impossible`` (JSON lines). CC BY-SA 4.0. Measure only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import exact, token_f1
from chatbot.types import Answer, RetrievedSentence
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, case_of, expected, measured, once
from evals.benchmarks.data_files import Data, Row, read_json, read_rows

_DEPTHS = (1, 5, 10)
_SEARCHED = "searched"
_FILES = ("*.jsonl.gz", "*.jsonl", "dev*.json")


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
        for rank, sentence in enumerate(found, start=1):
            if any(sentence.start <= place < sentence.end for place in wanted):
                return rank
        return inf


def read_questions(paths: Sequence[Path]) -> list[Question]:
    """Read rows, or the official nested file."""
    if not all(path.suffix == ".json" for path in paths):
        rows = read_rows(paths)
        return [_question(row["title"], row["context"], row, "impossible", "start") for row in rows]
    return [
        _question(article["title"], paragraph["context"], row, "is_impossible", "answer_start")
        for path in paths
        for article in read_json(path)["data"]
        for paragraph in article["paragraphs"]
        for row in paragraph["qas"]
    ]


def _question(title: str, paragraph: str, row: Row, impossible: str, start: str) -> Question:
    """Read a question, which names in its own way what is impossible and where an answer starts."""
    answers = () if row.get(impossible) else tuple((a["text"], a[start]) for a in row["answers"])
    return Question(title=title, paragraph=paragraph, question=row["question"], answers=answers)


def articles(everything: Iterable[Question], questions: Iterable[Question]) -> dict[str, str]:
    """Return the articles that some questions are of, by title, made of their paragraphs."""
    titles = {one.title for one in questions}
    paragraphs: dict[str, dict[str, None]] = {title: {} for title in sorted(titles)}
    for one in everything:
        if one.title in titles:
            paragraphs[one.title][one.paragraph] = None
    return {title: "\n\n".join(texts) for title, texts in paragraphs.items()}


def _of_articles(
    everything: Sequence[Question], questions: Sequence[Question], store: str = ""
) -> Iterator[BenchmarkCase]:
    texts = articles(everything, questions)
    for one in questions:
        yield BenchmarkCase(
            question=one.question,
            documents=(one.title,),
            expected=expected(one.texts),
            gold=one,
            texts=texts,
            store=store,
        )


def _paragraphs(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each question of its own paragraph, and to be searched in its whole article."""
    everything = read_questions(data.files(*_FILES))
    questions = data.sample(everything)
    for one in questions:
        yield case_of(one.paragraph, question=one.question, answers=one.texts, gold=one)
    yield from _of_articles(everything, [one for one in questions if one.answers], _SEARCHED)


def _articles(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each question of the whole article that its paragraph is part of."""
    everything = read_questions(data.files(*_FILES))
    return _of_articles(everything, data.sample(everything))


def _searches(data: Data) -> Iterator[BenchmarkCase]:
    """Yield each answerable question, to be searched in its article and not asked."""
    everything = read_questions(data.files(*_FILES))
    answerable = [one for one in everything if one.answers]
    return _of_articles(everything, data.sample(answerable), _SEARCHED)


PARAGRAPH = Adapter(cases=_paragraphs)
ARTICLE = Adapter(cases=_articles)
SEARCH = Adapter(cases=_searches)
"""Not among the benchmarks: ``benchmarks.retrieval`` compares ways to search with it."""


def short_text(answer: Answer) -> str:
    """Return the shortest answer there is: nothing for a refusal, else a whole cited sentence."""
    if answer.refused:
        return ""
    if answer.short_answer is not None:
        return answer.short_answer.text
    return answer.citations[0].text if answer.citations else answer.text


def _register(name: str, formula: Callable[[str, Sequence[str]], float]) -> None:
    @measured(name, PARAGRAPH, ARTICLE)
    def _all(asked: AnsweredCase, one: Question) -> float:
        return formula(short_text(asked.answer), one.texts)

    @measured(f"{name}, answerable", PARAGRAPH, ARTICLE)
    def _answerable(asked: AnsweredCase, one: Question) -> float | None:
        return _all(asked, one) if one.answers else None


_register("EM", exact)
_register("F1", token_f1)
PARAGRAPH.measure_refusals()
ARTICLE.measure_refusals()


@once
def _rank_searched(asked: AnsweredCase, one: Question) -> float | None:
    found = asked.search(asked.case.question, limit=max(_DEPTHS))
    return one.rank(asked.text_of(one.title), found)


@once
def _rank_read(asked: AnsweredCase, one: Question) -> float | None:
    return one.rank(asked.text_of(one.title), asked.answer.retrieved) if one.answers else None


for _depth in _DEPTHS:

    @measured(f"article, searched: sentence R@{_depth}", PARAGRAPH, SEARCH, store=_SEARCHED)
    def _searched(asked: AnsweredCase, one: Question, depth: int = _depth) -> bool | None:
        rank = _rank_searched(asked, one)
        return None if rank is None else rank <= depth

    @measured(f"article, read: sentence R@{_depth}", ARTICLE)
    def _read(asked: AnsweredCase, one: Question, depth: int = _depth) -> bool | None:
        rank = _rank_read(asked, one)
        return None if rank is None else rank <= depth
