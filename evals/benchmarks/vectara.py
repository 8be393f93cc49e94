"""Two sets of Vectara.

FaithBench: summaries on which hallucination detectors disagree. Does the check see it right?

Bao et al. 2025 ("FaithBench: A Diverse Hallucination Benchmark for Summarization by Modern LLMs").
Data: data_for_release of https://github.com/vectara/FaithBench (batch_N.json). CC BY-NC-SA
4.0: look at the licence before you use it. Measure only.

FaithJudge: answers of 46 models, judged by a model with people's notes. Does our check agree?

Tamber et al. 2025 ("Benchmarking LLM Faithfulness in RAG with Evolving Leaderboards"). Data:
https://github.com/vectara/FaithJudge, with ``eval_results`` (what each model wrote, and the
judgement) and ``eval_data`` (the sources). Measure only.

Of RAGTruth's sources only those are taken that no training of ours has seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chatbot.evaluation.answered_case import AnsweredCase
from evals.benchmarks import formulas
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured
from evals.benchmarks.data_files import Data, Row, read_json, read_rows
from evals.benchmarks.ragtruth import Response, is_held_out, judged, source_text

_ACCURACY = formulas.balanced_accuracy


def _response(sample: Row) -> Response:
    """Read a summary; what any annotator called unwanted counts, questionable and benign do not."""
    text, source = sample["summary"], sample["source"]
    marked = tuple(
        (int(one["summary_start"] or 0), int(one["summary_end"] or len(text)))
        for one in sample["annotations"]
        if any(label.split(".")[0] == "Unwanted" for label in one["label"])
    )
    return Response(text=text, source=source, marked=marked, source_id=source)


def _summaries(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every summary, to be checked against its source."""
    batches = map(read_json, data.files("batch_*.json", "*/batch_*.json"))
    chosen = data.sample([_response(one) for batch in batches for one in batch["samples"]])
    bad = sum(bool(one.marked) for one in chosen)
    data.notes.append(f"{bad} of {len(chosen)} summaries hold an unwanted hallucination.")
    yield from (one.case() for one in chosen)


FAITHBENCH = Adapter(cases=_summaries)


@measured("balanced accuracy", FAITHBENCH, total=_ACCURACY)
@measured("macro F1", FAITHBENCH, total=partial(formulas.macro_f1, kinds=(True, False)))
@measured("hallucinated: precision", FAITHBENCH, total=formulas.precision)
@measured("hallucinated: recall", FAITHBENCH, total=formulas.recall)
def _called(asked: AnsweredCase, one: Response) -> formulas.Decision:
    return judged(asked, one).decided


@measured("AUROC", FAITHBENCH, total=formulas.auroc)
def _ranked(asked: AnsweredCase, one: Response) -> formulas.Scored:
    return judged(asked, one).scored


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


def _judged_responses(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every response, to be checked against its source."""
    chosen = data.sample(list(_responses(data)))
    bad = sum(bool(one.marked) for one in chosen)
    data.notes.append(f"The judge finds {bad} of {len(chosen)} responses inconsistent.")
    yield from (one.case() for one in chosen)


FAITHJUDGE = Adapter(cases=_judged_responses)


def _register(name: str) -> None:
    def is_meant(one: Response) -> bool:
        return name in ("all", one.family, one.task)

    @measured(f"{name}: AUROC", FAITHJUDGE, total=formulas.auroc)
    def _doubt(asked: AnsweredCase, one: Response) -> formulas.Scored | None:
        return judged(asked, one).scored if is_meant(one) else None

    @measured(
        f"{name}: balanced accuracy, as shipped", FAITHJUDGE, total=formulas.balanced_accuracy
    )
    def _decision(asked: AnsweredCase, one: Response) -> formulas.Decision | None:
        return judged(asked, one).decided if is_meant(one) else None


for _name in ("all", *TASKS, *FAMILIES):
    _register(_name)
