"""FaithBench: summaries on which hallucination detectors disagree. Does the check see it right?

Bao et al. 2025 ("FaithBench: A Diverse Hallucination Benchmark for Summarization by Modern LLMs").
Data: data_for_release of https://github.com/vectara/FaithBench (batch_N.json). CC BY-NC-SA
4.0: look at the licence before you use it. Measure only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chatbot.evaluation.answered_case import AnsweredCase
from evals.benchmarks import formulas
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, measured
from evals.benchmarks.checked_answers import Response, judged
from evals.benchmarks.data_files import Data, Row, read_json

_HALLUCINATED = "Unwanted"


def marked_places(sample: Row) -> tuple[formulas.Place, ...]:
    """Return the places that any annotator called an unwanted hallucination.

    Questionable and benign spans do not count: the worst label of a summary decides.
    """
    return tuple(
        (int(one["summary_start"] or 0), int(one["summary_end"] or len(sample["summary"])))
        for one in sample["annotations"]
        if any(label.split(".")[0] == _HALLUCINATED for label in one["label"])
    )


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every summary, to be checked against its source."""
    batches = map(read_json, data.files("batch_*.json", "*/batch_*.json"))
    responses = [
        Response(
            text=one["summary"],
            source=one["source"],
            marked=marked_places(one),
            source_id=one["source"],
        )
        for batch in batches
        for one in batch["samples"]
    ]
    chosen = data.sample(responses)
    bad = sum(bool(one.marked) for one in chosen)
    data.notes.append(f"{bad} of {len(chosen)} summaries hold an unwanted hallucination.")
    yield from (one.case() for one in chosen)


ADAPTER = Adapter(cases=_cases)


@measured("balanced accuracy", ADAPTER, total=formulas.balanced_accuracy)
@measured("macro F1", ADAPTER, total=partial(formulas.macro_f1, kinds=(True, False)))
@measured("hallucinated: precision", ADAPTER, total=formulas.precision)
@measured("hallucinated: recall", ADAPTER, total=formulas.recall)
def _decision(asked: AnsweredCase, one: Response) -> formulas.Decision:
    return judged(asked, one).decided


@measured("AUROC", ADAPTER, total=formulas.auroc)
def _doubt(asked: AnsweredCase, one: Response) -> formulas.Scored:
    return judged(asked, one).scored
