"""What a benchmark is: what is told of it, and the adapter that makes cases of its data.

An adapter yields cases and has scorers of its own. Suites are run by the same harness: what asks,
counts, compares and reports is ``chatbot.evaluation``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import Field, SkipValidation

from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.cases import Case, Expected, Suite
from chatbot.evaluation.scoring import Better, Score, Scorers, scorer
from evals.benchmarks.formulas import detection

Item = TypeVar("Item")
_LONGEST = 20_000
"""Characters of a text that stand in a case as its question."""


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


def gold_of(asked: AnsweredCase) -> Any:  # noqa: ANN401 - each adapter knows its own
    """Return what a case of a benchmark is held against."""
    return cast(BenchmarkCase, asked.case).gold


def expected(answers: Iterable[str]) -> Expected:
    """Return what is expected where any of some answers is right; a refusal where there is none."""
    found = tuple(dict.fromkeys(text for text in answers if text.strip()))
    return Expected(answer=found, refuse=not found)


def shortened(text: str) -> str:
    """Return a text that is checked as the question of its case."""
    return text[:_LONGEST].strip() or "(an empty text)"


@dataclass(slots=True, kw_only=True)
class Data:
    """The data of a benchmark, and what an adapter took of it."""

    path: Path
    limit: int | None = None
    seed: int = 0
    read: list[Path] = field(default_factory=list)
    """Files that were looked at."""
    chosen: int = 0
    available: int = 0
    notes: list[str] = field(default_factory=list)

    def files(self, *patterns: str) -> list[Path]:
        """Return the data's file, or the files of its folder by the first pattern that fits.

        Raises:
            SuiteError: if there is none.
        """
        found = [self.path] if self.path.is_file() else []
        for pattern in patterns:
            found = found or sorted(one for one in self.path.glob(pattern) if one.is_file())
        if not found:
            wanted = f"a file or a folder with {' or '.join(patterns)}"
            raise SuiteError(f"There is no benchmark data at {self.path}: {wanted}.")
        self.read += found
        return found

    def sample(self, items: Sequence[Item]) -> list[Item]:
        """Return the items, or as many as the limit drawn with the seed, in their order.

        Raises:
            SuiteError: if there are none.
        """
        if not items:
            raise SuiteError(f"There is nothing to measure in {self.path}.")
        self.available = len(items)
        self.chosen = min(self.limit or len(items), len(items))
        chosen = random.Random(self.seed).sample(range(len(items)), self.chosen)
        return [items[at] for at in sorted(chosen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Makes cases of a benchmark's data, and scores them."""

    cases: Callable[[Data], Iterable[BenchmarkCase]]
    """May raise what comes of data in another form: LookupError, TypeError and the like."""
    scorers: Scorers
    titled: bool = False
    """Whether the names of its texts are their titles."""


Measuring = TypeVar("Measuring", bound=Callable[..., Any])
"""Takes the case and its gold."""


def measured(
    name: str,
    *registries: Scorers,
    better: Better = "higher",
    total: Callable[[Sequence[Any]], float | None] | None = None,
    store: str | None = "",
) -> Callable[[Measuring], Measuring]:
    """Make a function a scorer of a benchmark.

    It takes the case and its gold, and returns a value, a ``Score``, or None where the measure is
    not about the case. ``total`` makes the measure of what it returned for all cases; without, it
    is the mean. ``store`` are the cases that it is about; None: all.
    """

    def register(function: Measuring) -> Measuring:
        def score(asked: AnsweredCase) -> Score | None:
            case = cast(BenchmarkCase, asked.case)
            found = function(asked, case.gold) if store in (None, case.store) else None
            if found is None or isinstance(found, Score):
                return found
            if total is not None:
                return Score(value=None, why="a measure of all cases together", item=found)
            return Score(value=float(found), why="")

        for registry in registries:
            scorer(name=name, better=better, total=total, among=registry)(score)
        return function

    return register


def measure_refusals(*registries: Scorers) -> None:
    """Make the measures of how well refusals tell answerable questions from the others."""

    @measured("unanswerable refused", *registries)
    def _refused(asked: AnsweredCase, _: object) -> bool | None:
        return asked.answer.refused if asked.case.expected.refuse else None

    @measured("answerable refused", *registries, better="lower")
    def _wrongly_refused(asked: AnsweredCase, _: object) -> bool | None:
        return None if asked.case.expected.refuse else asked.answer.refused

    @measured("AUROC of answerable", *registries, total=detection.auroc)
    def _answerable(asked: AnsweredCase, _: object) -> detection.Scored | None:
        p = asked.answer.p_answered
        return None if p is None else (not asked.case.expected.refuse, p)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What somebody else reached, to stand beside ours."""

    system: str
    figures: str
    """Measures with values, as published."""
    source: str


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
    published: tuple[Published, ...] = ()
    comparable: str = ""
    """What keeps our figures and the published ones apart."""
    files: tuple[str, ...] = ()
    """Where its data lies in a folder of benchmark data, the first that is there."""

    def find_data(self, folder: Path) -> Path | None:
        """Return where the data of this benchmark lies below a folder; None if it is not there."""
        found = (path for pattern in self.files for path in sorted(folder.glob(pattern)))
        return next(found, None)

    def suites(self, data: Data) -> list[Suite]:
        """Return the cases as suites, one for each store.

        Raises:
            SuiteError: if the data is missing or of another form.
        """
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
        texts = {id(case.texts): case.texts for case in cases}
        return Suite(
            name=self.name,
            description=self.title,
            titled=self.adapter.titled,
            texts={name: text for some in texts.values() for name, text in some.items()},
            cases=tuple(cases),
            folder=Path(),
        )
