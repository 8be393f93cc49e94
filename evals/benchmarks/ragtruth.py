"""RAGTruth: is an answer that a language model wrote from sources hallucinated, and where?

Niu et al. 2024 ("RAGTruth: A Hallucination Corpus for Developing Trustworthy Retrieval-Augmented
Language Models"). Data: dataset/ of https://github.com/ParticleMedia/RAGTruth (response.jsonl and
source_info.jsonl), or rows with ``source_id, task, response, labels, source, split``. MIT.

The check's own verdicts need no threshold. Besides, thresholds on its score are set on train rows
alone and used on the others: test rows where there are any, else a fifth of the sources.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Scorers
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, gold_of, measured, shortened
from evals.benchmarks.checked_answers import (
    Judged,
    Response,
    Thresholds,
    auroc_of_claims,
    claim_pairs,
    decided,
    judged,
    scored,
    span_f1,
)
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.formulas import detection

TASKS = ("QA", "Summary", "Data2txt")
_FITTED = "fitted"
_FITTED_ON = 1000
"""Train responses that thresholds are set on; more of them move a threshold little."""
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Response):
    """A response with the thresholds that are used on it, or set on it."""

    thresholds: Thresholds


def is_held_out(one: Response) -> bool:
    """Return whether its source is among the fifth that is kept from training (by hash)."""
    digest = hashlib.sha256(f"ragtruth-{one.source_id}".encode()).hexdigest()
    return int(digest, 16) % 5 == 0


def _read_responses(data: Data) -> list[Rated]:
    """Read the official two files, or rows that hold their source."""
    files = data.files("response.jsonl", "*.jsonl.gz", "*.jsonl")
    rows = read_rows(files)
    sources: dict[str, Row] = {}
    if files[0].name == "response.jsonl":
        info = files[0].with_name("source_info.jsonl")
        data.read.append(info)
        sources = {row["source_id"]: row for row in read_rows([info])}
    thresholds = Thresholds()
    return [_response(row, sources, thresholds) for row in rows]


def _response(row: Row, sources: dict[str, Row], thresholds: Thresholds) -> Rated:
    info = sources[row["source_id"]] if sources else row
    return Rated(
        source_id=str(row["source_id"]),
        task=info["task_type"] if sources else row["task"],
        source=source_text(info["source_info"] if sources else row["source"]),
        text=row["response"],
        marked=tuple((label["start"], label["end"]) for label in row["labels"]),
        split=row.get("split", "train"),
        thresholds=thresholds,
    )


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
    held = [one for one in everything if (one.split == "test" if has_test else is_held_out(one))]
    rest = [
        one for one in everything if one.split == "train" and (has_test or not is_held_out(one))
    ]
    chosen = data.sample(held)
    count = min(data.limit or _FITTED_ON, _FITTED_ON, len(rest))
    fitted = random.Random(data.seed).sample(rest, count)
    part = "test" if has_test else "a fifth of the sources of train, by hash"
    data.notes.append(f"Measured on {part}; thresholds from {count} other train responses.")
    yield from _to_check(fitted, _FITTED)
    yield from _to_check(chosen, "")


def _to_check(responses: Iterable[Rated], store: str) -> Iterator[BenchmarkCase]:
    for one in responses:
        yield BenchmarkCase(
            question=shortened(one.text),
            gold=one,
            group=one.source_id,
            tags=(store,) if store else (),
            store=store,
        )


def _judged(asked: AnsweredCase) -> Judged:
    found = judged(asked)
    if asked.case.tags == (_FITTED,):
        gold_of(asked).thresholds.fitted_on.append(found)
    return found


Rating = tuple[Judged, Thresholds]
_ITEMS: dict[str, Callable[[Judged, Thresholds], Any]] = {
    "answer F1, as shipped": lambda case, _: decided(case),
    "answer AUROC": lambda case, _: scored(case),
    "claim AUROC": lambda case, _: claim_pairs(case),
    "answer precision": lambda case, thresholds: (scored(case), thresholds),
    "answer recall": lambda case, thresholds: (scored(case), thresholds),
    "answer F1": lambda case, thresholds: (scored(case), thresholds),
    "span F1, by characters": lambda case, thresholds: (case, thresholds),
}
"""What each measure is computed from; thresholds are known only when all answers are checked."""


def _by_answers(
    statistic: Callable[[Sequence[detection.Decision]], float | None],
) -> Callable[[Sequence[tuple[detection.Scored, Thresholds]]], float | None]:
    """Return the statistic of answers that are called hallucinated from the threshold on."""

    def total(items: Sequence[tuple[detection.Scored, Thresholds]]) -> float | None:
        if not items or (threshold := items[0][1].of_answers) is None:
            return None
        return statistic([(truth, value >= threshold) for (truth, value), _ in items])

    return total


def _span_f1(items: Sequence[Rating]) -> float | None:
    if not items or items[0][1].of_claims is None:
        return None
    return span_f1([thresholds.spans(case) for case, thresholds in items])


_TOTALS: dict[str, Callable[[Sequence[Any]], float | None]] = {
    "answer F1, as shipped": detection.f1,
    "answer AUROC": detection.auroc,
    "claim AUROC": auroc_of_claims,
    "answer precision": _by_answers(detection.precision),
    "answer recall": _by_answers(detection.recall),
    "answer F1": _by_answers(detection.f1),
    "span F1, by characters": _span_f1,
}


def _register(task: str, name: str) -> None:
    @measured(f"{task}: {name}", _SCORERS, total=_TOTALS[name], store=None)
    def _rating(asked: AnsweredCase, one: Rated) -> object:
        found = asked.share(_judged)
        is_measured = asked.case.tags != (_FITTED,) and task in ("all", one.task)
        return _ITEMS[name](found, one.thresholds) if is_measured else None


for _task in ("all", *TASKS):
    for _name in _TOTALS:
        _register(_task, _name)

ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
