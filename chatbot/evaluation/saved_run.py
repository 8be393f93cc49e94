"""A run and its one file format: everything that a report or a comparison needs, in JSON.

A run of a suite, of a benchmark, or a half-finished one that can go on. Knows no bot.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from chatbot.errors import SuiteError
from chatbot.evaluation.scoring import Better, Score
from chatbot.evaluation.statistics import Interval
from chatbot.types import Verdict

FORMAT = 1
"""Raised when a reader of the old format would read the new one wrongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """What was run, with what, and when."""

    suite: str
    """The suite, or the benchmark."""
    description: str = ""
    split: str = ""
    """The part of a benchmark that was asked."""
    data: str = ""
    """Fingerprint of cases and documents: two runs with the same can be compared case by case."""
    mode: str = "extractive"
    """``extractive``, or the model's name."""
    judge: str | None = None
    prompt: str | None = None
    """``name@version/fingerprint`` of the prompt, where a model answered."""
    settings: dict[str, Any] = field(default_factory=dict)
    """The settings that can change an answer; no key, no path, no address."""
    version: str = ""
    """Of the chatbot."""
    machine: str = ""
    """Python, system and number of cores: latencies hold for these."""
    started: str = ""
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPlace:
    """A place at which a quote stands that was to be cited."""

    document_id: str
    start: int
    end: int
    text: str = ""
    sentences: Annotated[tuple[int, ...], Field(exclude=True)] = ()
    """The sentences that it touches. They are not saved."""

    @property
    def keys(self) -> set[tuple[str, int]]:
        """The sentences as (document id, index)."""
        return {(self.document_id, index) for index in self.sentences}


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClaim:
    """A claim of the answer, held against the sentences it cites."""

    text: str
    cited: tuple[str, ...]
    """The cited sentences."""
    verdict: Verdict
    """Of the offline check against ``cited`` alone; unsupported where nothing is cited."""
    score: float | None = None
    """P(supported) by the same check; None for quotes and for claims without citation."""
    judged: bool | None = None
    """Whether the judge finds it supported; None where it was not asked or did not answer."""
    judge_why: str = ""
    cites_gold: bool = False

    @property
    def supported(self) -> bool:
        """Whether the offline check finds it supported."""
        return self.verdict in (Verdict.QUOTED, Verdict.SUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case with its answer and scores; ``error`` instead of an answer if asking failed."""

    id: str
    question: str
    history: tuple[tuple[str, str], ...] = ()
    """(role, content) of the earlier messages, with the chatbot's own replies filled in."""
    tags: tuple[str, ...] = ()
    expected: dict[str, Any] = field(default_factory=dict)
    """``expected`` of the case as it stands in its file."""
    gold: tuple[GoldPlace, ...] = ()
    answer: dict[str, Any] | None = None
    """``Answer.to_dict()``."""
    error: str | None = None
    scores: dict[str, Score] = field(default_factory=dict)
    claims: tuple[CitedClaim, ...] = ()
    confidence: float | None = None
    """What orders answers for the risk-coverage curve."""
    verdicts: tuple[tuple[float, bool], ...] = ()
    """(P(supported), right) of each claim that was scored and is known to be right or wrong."""
    seconds: float = 0.0
    group: str = ""
    """Of the case: what hangs together."""
    fell_back: int = 0
    """Answers in which the model failed and quoting took over."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same case in two runs."""
        return self.id, self.question

    @property
    def said(self) -> str:
        """The text of the answer, or why there is none."""
        return str(self.answer["text"]) if self.answer else self.error or ""

    @property
    def is_wrong(self) -> bool:
        """Whether it was answered, and not right."""
        return self.error is None and self.value("right") == 0.0

    def value(self, measure: str) -> float | None:
        """Return the score of a measure; None where it is unscored or not there."""
        score = self.scores.get(measure)
        return None if score is None else score.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of one run."""

    name: str
    value: float | None
    """None where no case could be scored."""
    interval: Interval | None = None
    scored: int
    unscored: int = 0
    is_rate: bool = False
    better: Better = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How much of a benchmark's data was measured."""

    cases: int
    """Cases measured."""
    available: int
    """Cases that the data holds; more than ``cases`` where only a sample was measured."""
    seed: int
    unscored: int = 0
    """Cases that raised an error instead of an answer; they count in no measure."""
    fallbacks: int = 0
    """Answers in which the model failed and quoting took over; they count as they came."""

    def sentence(self) -> str:
        """Return it in words."""
        part = f"{self.cases:,} cases"
        if self.cases < self.available:
            part = f"a sample of {self.cases:,} of {self.available:,} cases (seed {self.seed})"
        unscored = f", {self.unscored} of them unscored" if self.unscored else ""
        fell = f", {self.fallbacks} answers fell back to quoting" if self.fallbacks else ""
        return f"{part}{unscored}{fell}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The results of a suite, in the order of its cases, or the measures of a benchmark."""

    head: RunHead
    results: tuple[CaseResult, ...] = ()
    """Of a suite. A benchmark's run holds no question, no answer and no text of the data, so that
    it can stand in a repository."""
    sample: Sample | None = None
    """Of a benchmark, and so are ``measures`` and ``notes``."""
    measures: tuple[Measure, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True
    """False for a run that was interrupted; it can be resumed."""
    seconds: float = 0.0

    @property
    def failed(self) -> list[CaseResult]:
        """The cases that could not be asked."""
        return [result for result in self.results if result.error is not None]

    @property
    def keys(self) -> set[tuple[str, str]]:
        """What makes its cases the same as those of another run."""
        return {result.key for result in self.results}

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {"format": FORMAT, **_RUN.dump_python(self, mode="json")}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Run":
        """Restore what ``to_dict`` wrote, or a benchmark's run of before 0.2; else a ValueError."""
        if not isinstance(data, Mapping) or (
            "figures" not in data and data.get("format") != FORMAT
        ):
            raise ValueError(f"it is not a run of format {FORMAT}")
        return _RUN.validate_python(_from_figures(data) if "figures" in data else data)


_RUN = TypeAdapter(Run)


def _from_figures(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a benchmark's run of before 0.2 in the shape of today; ValueError if it is none."""
    try:
        head = {**data, "suite": data["benchmark"], "started": data["date"]}
        measures = [
            {"scored": one["n"], "interval": None if one["low"] is None else one, **one}
            for one in data["figures"]
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"it lacks {error}") from error
    return {**data, "head": head, "sample": data, "measures": measures}


def _lines(run: Run) -> str:
    """Return a run as JSON, each case and each measure on a line: it may be committed."""

    def text(value: object) -> str:
        if isinstance(value, list) and value:
            return "[\n" + ",\n".join(map(text, value)) + "\n]"
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    fields = (f'"{name}": {text(value)}' for name, value in run.to_dict().items())
    return "{" + ",\n".join(fields) + "}\n"


def save_run(run: Run, path: Path) -> None:
    """Write a run; an interrupted write leaves the file that was there before."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(_lines(run), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise SuiteError(f"The run cannot be written to {path}: {error.strerror}.") from error


def load_run(path: Path) -> Run:
    """Read a run; SuiteError if the file cannot be read or is none."""
    try:
        return Run.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        first = str(error).replace("\n", ", ", 1).partition("\n")[0].rstrip(".")
        raise SuiteError(f"{path} is not a saved run: {first}.") from error
