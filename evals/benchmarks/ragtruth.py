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
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, overall
from chatbot.evaluation.metrics import detection
from chatbot.evaluation.metrics.characters import Place
from evals.benchmarks.benchmark import Benchmark, Measured, Published
from evals.benchmarks.checked_answers import (
    Judged,
    auroc_of_claims,
    best_claim_threshold,
    claim_pairs,
    decided,
    scored,
    span_f1,
    spans,
)
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.work import Work

TASKS = ("QA", "Summary", "Data2txt")
_FITTED_ON = 1000
"""Train responses that thresholds are set on; more of them move a threshold little."""
_BY_THRESHOLD = {
    "precision": detection.precision,
    "recall": detection.recall,
    "F1": detection.f1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer of a model with the places in it that the annotators marked."""

    source_id: str
    task: str
    source: str
    text: str
    marked: tuple[Place, ...]
    split: str

    @property
    def is_held_out(self) -> bool:
        """Whether its source is among the fifth that is kept from training (by hash)."""
        digest = hashlib.sha256(f"ragtruth-{self.source_id}".encode()).hexdigest()
        return int(digest, 16) % 5 == 0


def read_responses(work: Work) -> list[Response]:
    """Read the official two files, or rows that hold their source.

    Raises:
        SuiteError: if the rows are of neither form.
    """
    files = work.files("response.jsonl", "*.jsonl.gz", "*.jsonl")
    rows = read_rows(files)
    sources: dict[str, Row] = {}
    if files[0].name == "response.jsonl":
        info = files[0].with_name("source_info.jsonl")
        work.read.append(info)
        sources = {row["source_id"]: row for row in read_rows([info])}
    try:
        return [_response(row, sources) for row in rows]
    except (KeyError, TypeError) as error:
        raise SuiteError(f"A row is not of RAGTruth's form: {error!r}.") from error


def _response(row: Row, sources: dict[str, Row]) -> Response:
    info = sources[row["source_id"]] if sources else row
    return Response(
        source_id=str(row["source_id"]),
        task=info["task_type"] if sources else row["task"],
        source=source_text(info["source_info"] if sources else row["source"]),
        text=row["response"],
        marked=tuple((label["start"], label["end"]) for label in row["labels"]),
        split=row.get("split", "train"),
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


def measure(work: Work) -> Measured:
    """Check every response against its source."""
    responses = read_responses(work)
    has_test = any(one.split == "test" for one in responses)
    held = [one for one in responses if (one.split == "test" if has_test else one.is_held_out)]
    rest = [one for one in responses if one.split == "train" and (has_test or not one.is_held_out)]
    measured = work.sample(held)
    fitted = _drawn(rest, min(work.limit or _FITTED_ON, _FITTED_ON), work.seed)
    with work.bot() as bot:

        def check(one: Response) -> Judged:
            claims = bot.check(one.text, [one.source]).claims
            return Judged(claims=claims, gold=one.marked, group=one.source_id, kind=one.task)

        judged = [one for one in work.map(check, [*fitted, *measured])]
    train = [one for one in judged[: len(fitted)] if one is not None]
    tested = [one for one in judged[len(fitted) :] if one is not None]
    part = "test" if has_test else "a fifth of the sources of train, by hash"
    return Measured(
        cases=len(measured),
        available=len(held),
        figures=figures(train, tested),
        notes=(f"Measured on {part}; thresholds from {len(train)} other train responses.",),
    )


def _drawn(items: Sequence[Response], count: int, seed: int) -> list[Response]:
    return random.Random(seed).sample(list(items), min(count, len(items)))


def figures(train: Sequence[Judged], tested: Sequence[Judged]) -> tuple[Measure, ...]:
    """Return the figures of all tasks together and of each task that occurs.

    Args:
        train: what thresholds are set on.
        tested: what is measured.
    """
    answer_threshold = detection.best_threshold(scored(train))
    claim_threshold = best_claim_threshold(train)
    found: list[Measure] = []
    for task in ("all", *(task for task in TASKS if any(one.kind == task for one in tested))):
        cases = [one for one in tested if task in ("all", one.kind)]
        found += _task(task, cases, answer_threshold, claim_threshold)
    return tuple(found)


def _task(
    task: str, cases: Sequence[Judged], answer_at: float | None, claim_at: float | None
) -> list[Measure]:
    groups = [one.group for one in cases]
    claims = [claim_pairs(one) for one in cases]
    found = [
        overall(f"{task}: answer F1, as shipped", detection.f1, decided(cases), groups=groups),
        overall(f"{task}: answer AUROC", detection.auroc, scored(cases), groups=groups),
        overall(f"{task}: claim AUROC", auroc_of_claims, claims, groups=groups),
    ]
    if answer_at is not None:
        decisions = decided(cases, answer_at)
        for name, statistic in _BY_THRESHOLD.items():
            found.append(overall(f"{task}: answer {name}", statistic, decisions, groups=groups))
    if claim_at is not None:
        counted = [spans(one, claim_at) for one in cases]
        found.append(overall(f"{task}: span F1, by characters", span_f1, counted, groups=groups))
    return found


BENCHMARK = Benchmark(
    name="ragtruth",
    title="RAGTruth",
    about=(
        "Each response is checked against its source. An answer counts as called hallucinated when "
        "a claim of it is `partly` or `unsupported` (as shipped), or when its worst claim's doubt "
        "(1 - P(supported)) reaches the threshold that gives the best F1 on train rows. Span F1 "
        "counts characters; what is marked are whole claims. Intervals draw sources, not answers."
    ),
    measure=measure,
    paper="Niu et al. 2024, arXiv:2401.00396",
    home="https://github.com/ParticleMedia/RAGTruth (dataset/)",
    licence="MIT",
    files=("ragtruth/response.jsonl", "ragtruth"),
    published=(
        Published(
            system="GPT-4-turbo as judge",
            figures="QA answer F1 45.6; all tasks 63.4",
            source="Niu et al. 2024, arXiv:2401.00396",
        ),
        Published(
            system="Luna (DeBERTa-large, 440 M)",
            figures="QA answer F1 51.3; all tasks 65.4",
            source="Belyi et al. 2024, arXiv:2406.00975; Kovács and Recski 2025, arXiv:2502.17125",
        ),
        Published(
            system="Llama-2-13B, trained on RAGTruth",
            figures="QA answer F1 68.2; all tasks 78.7, span F1 52.7",
            source="Niu et al. 2024, arXiv:2401.00396",
        ),
        Published(
            system="LettuceDetect-large (395 M), trained on RAGTruth",
            figures="QA answer F1 70.2; all tasks 79.2, span F1 58.9",
            source="Kovács and Recski 2025, arXiv:2502.17125",
        ),
        Published(
            system="RAG-HAT (Llama-3-8B)",
            figures="all tasks answer F1 83.9",
            source="https://krlabsorg.github.io/LettuceDetect/benchmarks",
        ),
    ),
    comparable=(
        "Published on the test part (2,700 responses, three tasks), which has other shares of "
        "tasks and of hallucinated answers than a part of train. F1 depends on that share."
    ),
)
