"""RAGTruth: is an answer that a language model wrote from sources hallucinated, and where?

Niu et al. 2024 ("RAGTruth: A Hallucination Corpus for Developing Trustworthy Retrieval-Augmented
Language Models"). Data: dataset/ of https://github.com/ParticleMedia/RAGTruth (response.jsonl and
source_info.jsonl), or rows with ``source_id, task, response, labels, source, split``. MIT.

The check's own verdicts need no threshold. Besides, thresholds on its score are set on train rows
alone and used on the others: test rows where there are any, else a fifth of the sources.

The score of a claim is P(supported); here 1 minus it, the doubt, is how much it looks hallucinated,
and an answer looks as bad as its worst claim. Headings and glue, without a score, count nowhere.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Better
from chatbot.types import CheckedClaim, Verdict
from evals.benchmarks import formulas
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured, once
from evals.benchmarks.data_files import Data, read_rows

TASKS = ("QA", "Summary", "Data2txt")
_FITTED = "fitted"
_FITTED_ON = 1000
"""Train responses that thresholds are set on; more of them move a threshold little."""
_CANDIDATES = 40
"""Thresholds tried for spans."""
_ALARMS = "faithful answers with an alarm, as shipped"
_BAD = (Verdict.PARTLY, Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A text that was written from a source, and the places in it that annotators marked."""

    text: str
    source: str
    marked: tuple[formulas.Place, ...]
    source_id: str = ""
    """Responses to one source hang together."""
    task: str = ""
    split: str = ""
    family: str = ""
    """Who made the model that wrote it."""

    def case(self, store: str = "") -> BenchmarkCase:
        """Return it as a case, to be checked against its source."""
        return BenchmarkCase(question=self.text, gold=self, group=self.source_id, store=store)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The checked claims of a response, beside its marked places."""

    claims: tuple[CheckedClaim, ...]
    gold: tuple[formulas.Place, ...]

    @cached_property
    def doubts(self) -> list[tuple[formulas.Place, float]]:
        """The place and the doubt, in [0, 1], of each claim that has a score."""
        return [((c.start, c.end), 1.0 - c.score) for c in self.claims if c.score is not None]

    @cached_property
    def scored(self) -> formulas.Scored:
        """Whether the answer is hallucinated, and the doubt of its worst claim."""
        return bool(self.gold), max((doubt for _, doubt in self.doubts), default=0.0)

    @cached_property
    def decided(self) -> formulas.Decision:
        """Whether the answer is hallucinated, and whether a verdict says so."""
        return bool(self.gold), any(claim.verdict in _BAD for claim in self.claims)

    @cached_property
    def claim_pairs(self) -> list[formulas.Scored]:
        """For each scored claim whether a marked place reaches into it, and its doubt."""
        return [
            (bool(formulas.overlap([place], self.gold).common), doubt)
            for place, doubt in self.doubts
        ]

    def spans(self, threshold: float) -> formulas.Overlap:
        """Count the marked characters: whole claims from a doubt on are called marked."""
        return formulas.overlap(
            [place for place, doubt in self.doubts if doubt >= threshold], self.gold
        )


@once
def judged(asked: AnsweredCase, one: Response) -> Judged:
    """Check a response against its source."""
    return Judged(claims=asked.bot.check(one.text, [one.source]).claims, gold=one.marked)


@dataclass(kw_only=True)
class Thresholds:
    """The doubts that give the best F1 on answers which may be fitted to."""

    fitted_on: list[Judged] = field(default_factory=list)

    @cached_property
    def of_answers(self) -> float | None:
        """The doubt from which on an answer is called hallucinated; None for no hallucination."""
        return formulas.best_threshold([case.scored for case in self.fitted_on])

    @cached_property
    def of_claims(self) -> float | None:
        """The doubt from which on a claim is called marked; None for no hallucination."""
        doubts = sorted({doubt for case in self.fitted_on for _, doubt in case.doubts})
        if not doubts or not any(case.gold for case in self.fitted_on):
            return None
        candidates = doubts[:: max(1, len(doubts) // _CANDIDATES)]
        return max(candidates, key=lambda at: _f1_of([one.spans(at) for one in self.fitted_on]))


def _f1_of(spans: Sequence[formulas.Overlap]) -> float:
    """Return F1 of the characters of all answers together."""
    return sum(spans, start=formulas.Overlap()).f1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Response):
    """A response with the thresholds that are used on it, or set on it."""

    thresholds: Thresholds
    is_fitted: bool = False


def is_held_out(source_id: str) -> bool:
    """Return whether a source is among the fifth that is kept from training (by hash)."""
    return int(hashlib.sha256(f"ragtruth-{source_id}".encode()).hexdigest(), 16) % 5 == 0


def _read_responses(data: Data) -> list[Rated]:
    """Read the official two files, or rows that hold their source."""
    files = data.files("response.jsonl", "*.jsonl.gz", "*.jsonl")
    rows = read_rows(files)
    if files[0].name == "response.jsonl":
        info = files[0].with_name("source_info.jsonl")
        data.read.append(info)
        told = {
            row["source_id"]: {"task": row["task_type"], "source": row["source_info"]}
            for row in read_rows([info])
        }
        rows = [{**row, **told[row["source_id"]]} for row in rows]
    thresholds = Thresholds()
    return [
        Rated(
            source_id=str(row["source_id"]),
            task=row["task"],
            source=source_text(row["source"]),
            text=row["response"],
            marked=tuple((label["start"], label["end"]) for label in row["labels"]),
            split=row.get("split", "train"),
            thresholds=thresholds,
        )
        for row in rows
    ]


def source_text(source: Any) -> str:  # noqa: ANN401 - a text, or structured data of any shape
    """Return the source as text: passages, or structured data as lines of ``key: value``."""
    if isinstance(source, str):
        return source
    if "passages" in source:
        return re.sub(r"(?m)^passage \d+:\s*", "", source["passages"])
    return "\n".join(chain.from_iterable(_lines(key, value) for key, value in source.items()))


def _lines(key: str, value: Any) -> list[str]:  # noqa: ANN401
    if isinstance(value, dict):
        return [line for name, item in value.items() for line in _lines(f"{key} {name}", item)]
    if isinstance(value, list):
        return [line for item in value for line in _lines(key, item)]
    return [] if value is None else [f"{key}: {value}"]


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every response that is measured, and first those that thresholds are set on."""
    everything = _read_responses(data)
    has_test = any(one.split == "test" for one in everything)

    def is_held(one: Rated) -> bool:
        return one.split == "test" if has_test else is_held_out(one.source_id)

    rest = [one for one in everything if one.split == "train" and not is_held(one)]
    chosen = data.sample([one for one in everything if is_held(one)])
    count = min(data.limit or _FITTED_ON, _FITTED_ON, len(rest))
    fitted = random.Random(data.seed).sample(rest, count)
    part = "test" if has_test else "a fifth of the sources of train, by hash"
    data.notes.append(f"Measured on {part}; thresholds from {count} other train responses.")
    yield from (replace(one, is_fitted=True).case(_FITTED) for one in fitted)
    yield from (one.case() for one in chosen)


ADAPTER = Adapter(cases=_cases)


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A measured answer with the thresholds; they are known only when all answers are checked."""

    judged: Judged
    thresholds: Thresholds

    @property
    def decided(self) -> formulas.Decision | None:
        """Whether the answer is hallucinated, and whether it is called so from the threshold on."""
        truth, doubt = self.judged.scored
        threshold = self.thresholds.of_answers
        return None if threshold is None else (truth, doubt >= threshold)

    @cached_property
    def spans(self) -> formulas.Overlap | None:
        """The marked characters, and those that are called marked from the threshold on."""
        threshold = self.thresholds.of_claims
        return None if threshold is None else self.judged.spans(threshold)


@once
def _rate(asked: AnsweredCase, one: Rated) -> Rating | None:
    """Check a response; None for one that thresholds are set on."""
    found = judged(asked, one)
    if one.is_fitted:
        one.thresholds.fitted_on.append(found)
        return None
    return Rating(judged=found, thresholds=one.thresholds)


def _at_threshold(
    statistic: Callable[[Sequence[formulas.Decision]], float | None],
) -> Callable[[Sequence[Rating]], float | None]:
    return lambda some: statistic([found for one in some if (found := one.decided) is not None])


def _span_f1(some: Sequence[Rating]) -> float | None:
    spans = [found for one in some if (found := one.spans) is not None]
    return _f1_of(spans) if spans else None


_TOTALS: dict[str, Callable[[Sequence[Rating]], float | None]] = {
    "answer F1, as shipped": lambda some: formulas.f1([one.judged.decided for one in some]),
    "answer recall, as shipped": lambda some: formulas.recall([one.judged.decided for one in some]),
    _ALARMS: lambda some: formulas.false_alarms([one.judged.decided for one in some]),
    "answer AUROC": lambda some: formulas.auroc([one.judged.scored for one in some]),
    "claim AUROC": lambda some: formulas.auroc(
        [pair for one in some for pair in one.judged.claim_pairs]
    ),
    "answer precision": _at_threshold(formulas.precision),
    "answer recall": _at_threshold(formulas.recall),
    "answer F1": _at_threshold(formulas.f1),
    "span F1, by characters": _span_f1,
}


def _register(task: str, name: str) -> None:
    better: Better = "lower" if name == _ALARMS else "higher"

    @measured(f"{task}: {name}", ADAPTER, better=better, total=_TOTALS[name], store=None)
    def _rating(asked: AnsweredCase, one: Rated) -> Rating | None:
        found = _rate(asked, one)
        return found if task in ("all", one.task) else None


for _task in ("all", *TASKS):
    for _name in _TOTALS:
        _register(_task, _name)
