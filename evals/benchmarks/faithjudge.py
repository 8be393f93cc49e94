"""FaithJudge: answers of 46 models, judged by a model with people's notes. Does our check agree?

Tamber et al. 2025 ("Benchmarking LLM Faithfulness in RAG with Evolving Leaderboards"). Data:
https://github.com/vectara/FaithJudge, with ``eval_results`` (what each model wrote, and the
judgement) and ``eval_data`` (the sources). Measure only.

Of RAGTruth's sources only those are taken that no training of ours has seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.evaluation.answered_case import AnsweredCase
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured
from evals.benchmarks.checked_answers import Response, judged
from evals.benchmarks.data_files import Data, read_rows
from evals.benchmarks.formulas import Decision, Scored, auroc, balanced_accuracy
from evals.benchmarks.ragtruth import is_held_out, source_text

FAMILIES = (
    *("Qwen", "THUDM", "ai21labs", "anthropic", "deepseek", "google"),
    *("meta-llama", "microsoft", "mistralai", "openai", "xai"),
)
"""Who made the models: the folders of ``eval_results``."""
TASKS = ("faithbench-summary", "ragtruth-qa", "ragtruth-summary", "ragtruth-data2txt")
_CLASSES = {"Consistent": False, "Inconsistent": True}


def _responses(data: Data) -> Iterator[Response]:
    """Yield every judged response with its source."""
    results = data.files("eval_results/*/*/*_hallucination_eval.txt")
    texts = {
        (path.stem.replace("_", "-"), str(row["source_id"])): source_text(row["source"])
        for path in data.files("eval_data/*.jsonl")
        for row in read_rows([path])
    }
    for path in results:
        [task] = [task for task in TASKS if task in path.name]
        for row in read_rows([path]):
            wrong, source_id = _CLASSES.get(row["classification"]), str(row["source_id"])
            if wrong is not None and (task == TASKS[0] or is_held_out(source_id)):
                yield Response(
                    text=row["candidate_text"],
                    source=texts[task, source_id],
                    marked=((0, len(row["candidate_text"])),) * wrong,
                    source_id=source_id,
                    task=task,
                    family=path.parent.parent.name,
                )


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every response, to be checked against its source."""
    chosen = data.sample(list(_responses(data)))
    bad = sum(bool(one.marked) for one in chosen)
    data.notes.append(f"The judge finds {bad} of {len(chosen)} responses inconsistent.")
    yield from (one.case() for one in chosen)


ADAPTER = Adapter(cases=_cases)


def _register(name: str) -> None:
    def is_meant(one: Response) -> bool:
        return name in ("all", one.family, one.task)

    @measured(f"{name}: AUROC", ADAPTER, total=auroc)
    def _doubt(asked: AnsweredCase, one: Response) -> Scored | None:
        return judged(asked, one).scored if is_meant(one) else None

    @measured(f"{name}: balanced accuracy, as shipped", ADAPTER, total=balanced_accuracy)
    def _decision(asked: AnsweredCase, one: Response) -> Decision | None:
        return judged(asked, one).decided if is_meant(one) else None


for _name in ("all", *TASKS, *FAMILIES):
    _register(_name)
