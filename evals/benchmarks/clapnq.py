"""CLAPnq: long answers from a passage, the sentences they rest on, and questions without an answer.

Rosenthal et al. 2024 ("CLAPnq: Cohesive Long-form Answers from Passages in Natural Questions for
RAG systems"). Data: annotated_data/dev of https://github.com/primeqa/clapnq (two files, answerable
and unanswerable). Apache-2.0. Measure only.
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
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.work import Work, add_texts, answerable_auroc, locate, stored_texts

_CITED = 0.5
"""Share of a passage sentence that citations must cover: their sentences are cut otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, its passage as sentences, and each annotator's answer with its sentences.

    An annotator may have marked no sentences: such an answer counts for ROUGE-L alone.
    """

    question: str
    title: str
    sentences: tuple[str, ...]
    golds: tuple[tuple[str, frozenset[int]], ...]

    @property
    def passage(self) -> str:
        """The passage that is asked."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Sentence precision, recall and F1 against the annotator that fits best, and ROUGE-L."""

    answerable: bool
    refused: bool
    p_answered: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    rouge: float | None = None


def read_question(row: Row) -> Question:
    """Read one row.

    Raises:
        SuiteError: if it is not of CLAPnq's form.
    """
    try:
        passage = row["passages"][0]
        sentences = tuple(passage["sentences"])
        golds = []
        for output in row["output"]:
            chosen = {_bare(sentence) for sentence in output.get("selected_sentences") or ()}
            places = frozenset(at for at, text in enumerate(sentences) if _bare(text) in chosen)
            if output.get("answer"):
                golds.append((output["answer"], places))
        return Question(
            question=row["input"],
            title=passage.get("title") or "passage",
            sentences=sentences,
            golds=tuple(golds),
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise SuiteError(f"A row is not of CLAPnq's form: {error!r}.") from error


def _bare(sentence: str) -> str:
    return sentence.rstrip("& ").strip()  # the paper's example ends sentences with "&"


def measure(work: Work) -> Measured:
    """Ask each question of its passage."""
    everything = [read_question(row) for row in read_rows(work.files("*answerable*.jsonl"))]
    questions = work.sample(everything)
    with work.bot() as bot:
        ids = add_texts(bot, {one.passage: one.passage for one in questions})
        stored = stored_texts(bot)

        def ask(one: Question) -> Scores:
            document = ids[one.passage]
            answer = work.counted(bot.ask(one.question, documents=[document]))
            return score(one, answer, locate(stored[document], one.sentences))

        scores = [one for one in work.map(ask, questions) if one is not None]
    return Measured(cases=len(questions), available=len(everything), figures=figures(scores))


def score(one: Question, answer: Answer, places: Sequence[Place | None]) -> Scores:
    """Score one answer; of an unanswerable question only whether it was refused.

    Args:
        one: the question.
        answer: what was said.
        places: where each sentence of the passage stands in the stored text.
    """
    if not one.golds:
        return Scores(answerable=False, refused=answer.refused, p_answered=answer.p_answered)
    if answer.refused:
        none = 0.0 if any(gold for _, gold in one.golds) else None
        return Scores(
            answerable=True,
            refused=True,
            p_answered=answer.p_answered,
            recall=none,
            f1=none,
            rouge=0.0,
        )
    cited = [(citation.start, citation.end) for citation in answer.citations]
    chosen = {at for at, place in enumerate(places) if place and covered(place, cited) >= _CITED}
    fits = [_scores(chosen, gold) for _, gold in one.golds if gold]
    best = max(fits, key=lambda found: found[2], default=(None, None, None))
    text = without_markers(answer.text)
    return Scores(
        answerable=True,
        refused=False,
        p_answered=answer.p_answered,
        precision=best[0],
        recall=best[1],
        f1=best[2],
        rouge=rouge_l(text, [gold for gold, _ in one.golds]),
    )


def _scores(chosen: set[int], gold: frozenset[int]) -> tuple[float, float, float]:
    hits = len(chosen & gold)
    precision = hits / len(chosen) if chosen else 0.0
    return precision, hits / len(gold), 2 * hits / (len(chosen) + len(gold))


def figures(scores: Sequence[Scores]) -> tuple[Measure, ...]:
    """Return the figures over all questions."""
    answerable = [one for one in scores if one.answerable]
    return (
        mean("ROUGE-L", [one.rouge for one in answerable]),
        rate("unanswerable refused", [one.refused for one in scores if not one.answerable]),
        rate("answerable refused", [one.refused for one in answerable], better="lower"),
        answerable_auroc([(one.answerable, one.p_answered) for one in scores]),
        mean("sentence precision", [one.precision for one in answerable]),
        mean("sentence recall", [one.recall for one in answerable]),
        mean("sentence F1", [one.f1 for one in answerable]),
    )


BENCHMARK = Benchmark(
    name="clapnq",
    title="CLAPnq",
    about=(
        "Each question is asked of its gold passage. A passage sentence counts as cited when "
        "citations cover at least half of it; the annotator that fits best counts. A refused "
        "answerable question has ROUGE-L, recall and F1 of 0, and no precision."
    ),
    measure=measure,
    paper="Rosenthal et al. 2024, arXiv:2404.02103",
    home="https://github.com/primeqa/clapnq (annotated_data/dev)",
    licence="Apache-2.0",
    files=("clapnq",),
    published=(
        Published(
            system="GPT-4, prompted",
            figures="dev ROUGE-L 35.9, unanswerable 18.0",
            source="Rosenthal et al. 2024, arXiv:2404.02103",
        ),
        Published(
            system="T5-large, trained on CLAPnq",
            figures="dev ROUGE-L 57.2, unanswerable 89.2",
            source="Rosenthal et al. 2024, arXiv:2404.02103",
        ),
        Published(
            system="the whole passage as the answer",
            figures="dev ROUGE-L 49.5",
            source="Rosenthal et al. 2024, arXiv:2404.02103",
        ),
    ),
    comparable=(
        "Published on all 600 dev questions. Our ROUGE-L is the F-measure without stemming."
    ),
)
