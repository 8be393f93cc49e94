"""What a benchmark is: what is told of it, and the adapter that makes cases of its data.

An adapter yields cases and has scorers of its own. Suites are run by the same harness: what asks,
counts, compares and reports is ``chatbot.evaluation``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import Field, SkipValidation, field_validator

from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Better, Score, Scorers, Total, scorer
from chatbot.evaluation.suites import Case, Expected, Suite
from evals.benchmarks.data_files import Data
from evals.benchmarks.formulas import Scored, auroc

_LONGEST = 20_000
"""Characters of a text that stand in a case as its question."""
_T = TypeVar("_T")


class BenchmarkCase(Case):
    """A case of a benchmark, with what its scorers hold it against."""

    id: str = ""
    """Its number among all cases, which the benchmark gives it."""
    gold: Any = Field(default=None, exclude=True)
    texts: SkipValidation[Mapping[str, str]] = Field(default_factory=dict, exclude=True)
    """The documents it needs, by name. Without ``documents`` it is asked of all that the store has:
    of the texts of every case."""
    store: str = ""
    """Cases of a name are asked in a store of their own, before those without one."""
    needs_expectation = False

    @field_validator("question", mode="before")
    @classmethod
    def _shortened(cls, text: str) -> str:
        """Shorten a text that is checked, which stands as the question of its case."""
        return text[:_LONGEST].strip() or "(an empty text)"


def expected(answers: Iterable[str]) -> Expected:
    """Return what is expected where any of some answers is right; a refusal where there is none."""
    found = tuple(dict.fromkeys(text for text in answers if text.strip()))
    return Expected(answer=found, refuse=not found)


def case_of(
    text: str, *, question: str, gold: object, answers: Iterable[str] | None = None
) -> BenchmarkCase:
    """Return a question that is asked of one text alone."""
    return BenchmarkCase(
        question=question,
        documents=(text,),
        texts={text: text},
        expected=Expected() if answers is None else expected(answers),
        gold=gold,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Makes cases of a benchmark's data, and scores them."""

    cases: Callable[[Data], Iterable[BenchmarkCase]]
    """May raise what comes of data in another form: LookupError, TypeError and the like."""
    scorers: Scorers = field(default_factory=dict)
    titled: bool = False
    """Whether the names of its texts are their titles."""

    def measure_refusals(self) -> None:
        """Add the measures of how well refusals tell answerable questions from the others."""

        @measured("unanswerable refused", self)
        def _refused(asked: AnsweredCase, _: object) -> bool | None:
            return asked.answer.refused if asked.case.expected.refuse else None

        @measured("answerable refused", self, better="lower")
        def _wrongly_refused(asked: AnsweredCase, _: object) -> bool | None:
            return None if asked.case.expected.refuse else asked.answer.refused

        @measured("AUROC of answerable", self, total=auroc)
        def _answerable(asked: AnsweredCase, _: object) -> Scored | None:
            p = asked.answer.p_answered
            return None if p is None else (not asked.case.expected.refuse, p)


OfCase = Callable[[AnsweredCase, Any], _T]
"""Takes the case and its gold."""
Measuring = TypeVar("Measuring", bound=OfCase[Any])


def measured(
    name: str,
    *adapters: Adapter,
    better: Better = "higher",
    total: Total | None = None,
    store: str | None = "",
) -> Callable[[Measuring], Measuring]:
    """Make a function of a case and its gold a scorer of benchmarks.

    It returns a value, a ``Score``, or None where the measure is not about the case. ``total``
    makes the measure of what it returned for all cases; without, it is the mean. ``store`` are the
    cases that it is about; None: all.
    """

    def register(function: Measuring) -> Measuring:
        def score(asked: AnsweredCase) -> Score | None:
            case = cast(BenchmarkCase, asked.case)
            found = function(asked, case.gold) if store in (None, case.store) else None
            if found is None or isinstance(found, Score):
                return found
            if total is not None:
                return Score(None, "a measure of all cases together", item=found)
            return Score(float(found), "")

        for adapter in adapters:
            scorer(name=name, better=better, total=total, among=adapter.scorers)(score)
        return function

    return register


def once(function: OfCase[_T]) -> OfCase[_T]:
    """Let a function be called once for a case, whatever number of measures use it."""
    return lambda asked, gold: asked.share(function, gold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A public benchmark and its adapter."""

    name: str
    title: str
    about: str
    """What is measured and how, in a few sentences."""
    paper: str
    home: str
    """Where the data is to be had."""
    licence: str
    adapter: Adapter
    published: Sequence[Mapping[str, str]] = ()
    """What others reached: ``system``, ``figures`` as published, ``source``."""
    comparable: str = ""
    """What keeps our figures and the published ones apart."""
    files: Sequence[str] = ()
    """Where its data lies in a folder of benchmark data, the first that is there."""

    def find_data(self, folder: Path) -> Path | None:
        """Return where the data of this benchmark lies below a folder; None if it is not there."""
        found = (path for pattern in self.files for path in sorted(folder.glob(pattern)))
        return next(found, None)

    def suites(self, data: Data) -> list[Suite]:
        """Return the cases as suites, one for each store; data of another form is a SuiteError."""
        stores: dict[str, list[BenchmarkCase]] = {}
        try:
            for number, case in enumerate(self.adapter.cases(data)):
                numbered = case.model_copy(update={"id": str(number)})
                stores.setdefault(case.store, []).append(numbered)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            told = " ".join(repr(error).split())[:200]
            raise SuiteError(f"{data.path} is not of the form of {self.title}: {told}.") from error
        return [self._suite(cases) for _, cases in sorted(stores.items(), reverse=True)]

    def _suite(self, cases: Sequence[BenchmarkCase]) -> Suite:
        texts = {id(case.texts): case.texts for case in cases}  # many cases share theirs
        return Suite(
            name=self.name,
            description=self.title,
            titled=self.adapter.titled,
            texts={name: text for some in texts.values() for name, text in some.items()},
            cases=tuple(cases),
            folder=Path(),
        )
