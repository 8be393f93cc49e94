"""FaithJudge: answers of 46 models, judged by a model with people's notes. Does our check agree?

Tamber et al. 2025 ("Benchmarking LLM Faithfulness in RAG with Evolving Leaderboards"). Data:
https://github.com/vectara/FaithJudge, with ``eval_results`` (what each model wrote, and the
judgement) and ``eval_data`` (the sources). Measure only.

Of RAGTruth's sources only those are taken that no training of ours has seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Scorers
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, measured, shortened
from evals.benchmarks.checked_answers import Response, decided, judged, scored
from evals.benchmarks.data_files import read_rows
from evals.benchmarks.formulas import detection
from evals.benchmarks.ragtruth import is_held_out, source_text

FAMILIES = (
    "Qwen",
    "THUDM",
    "ai21labs",
    "anthropic",
    "deepseek",
    "google",
    "meta-llama",
    "microsoft",
    "mistralai",
    "openai",
    "xai",
)
"""Who made the models: the folders of ``eval_results``."""
TASKS = ("faithbench-summary", "ragtruth-qa", "ragtruth-summary", "ragtruth-data2txt")
_CLASSES = {"Consistent": False, "Inconsistent": True}
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Response):
    """A response with the makers of its model."""

    family: str


def read_responses(results: list[Path], sources: list[Path]) -> list[Written]:
    """Return every judged response with its source."""
    texts = {
        (path.stem.replace("_", "-"), str(row["source_id"])): source_text(row["source"])
        for path in sources
        for row in read_rows([path])
    }
    found = []
    for path in results:
        [task] = [task for task in TASKS if task in path.name]
        for row in read_rows([path]):
            if (wrong := _CLASSES.get(row["classification"])) is None:
                continue
            text, source_id = row["candidate_text"], str(row["source_id"])
            one = Written(
                text=text,
                source=texts[task, source_id],
                marked=((0, len(text)),) * wrong,
                source_id=source_id,
                task=task,
                family=path.parent.parent.name,
            )
            if task.startswith("faithbench") or is_held_out(one):
                found.append(one)
    return found


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every response, to be checked against its source."""
    responses = read_responses(
        data.files("eval_results/*/*/*_hallucination_eval.txt"), data.files("eval_data/*.jsonl")
    )
    chosen = data.sample(responses)
    bad = sum(bool(one.marked) for one in chosen)
    data.notes.append(f"The judge finds {bad} of {len(chosen)} responses inconsistent.")
    for one in chosen:
        yield BenchmarkCase(question=shortened(one.text), gold=one, group=one.source_id)


def _register(name: str) -> None:
    def is_meant(one: Written) -> bool:
        return name in ("all", one.family, one.task)

    @measured(f"{name}: AUROC", _SCORERS, total=detection.auroc)
    def _doubt(asked: AnsweredCase, one: Written) -> detection.Scored | None:
        return scored(asked.share(judged)) if is_meant(one) else None

    @measured(f"{name}: balanced accuracy, as shipped", _SCORERS, total=detection.balanced_accuracy)
    def _decision(asked: AnsweredCase, one: Written) -> detection.Decision | None:
        return decided(asked.share(judged)) if is_meant(one) else None


for _name in ("all", *TASKS, *FAMILIES):
    _register(_name)

ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
