"""FaithBench: summaries on which hallucination detectors disagree. Does the check see it right?

Bao et al. 2025 ("FaithBench: A Diverse Hallucination Benchmark for Summarization by Modern LLMs").
Data: data_for_release of https://github.com/vectara/FaithBench (batch_N.json). CC BY-NC-SA
4.0: look at the licence before you use it. Measure only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Scorers
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, measured, shortened
from evals.benchmarks.checked_answers import Response, decided, judged, scored
from evals.benchmarks.data_files import Row, read_json
from evals.benchmarks.formulas import detection
from evals.benchmarks.formulas.characters import Place

_HALLUCINATED = "Unwanted"
_SCORERS: Scorers = {}


def marked_places(sample: Row) -> tuple[Place, ...]:
    """Return the places that any annotator called an unwanted hallucination.

    Questionable and benign spans do not count: the worst label of a summary decides.
    """
    return tuple(
        (int(one["summary_start"] or 0), int(one["summary_end"] or len(sample["summary"])))
        for one in sample["annotations"]
        if any(label.split(".")[0] == _HALLUCINATED for label in one["label"])
    )


def read_samples(batches: Iterable[Row]) -> list[Response]:
    """Return every sample."""
    return [
        Response(text=one["summary"], source=one["source"], marked=marked_places(one))
        for batch in batches
        for one in batch["samples"]
    ]


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every summary, to be checked against its source."""
    files = data.files("batch_*.json", "*/batch_*.json")
    samples = data.sample(read_samples(map(read_json, files)))
    bad = sum(bool(one.marked) for one in samples)
    data.notes.append(f"{bad} of {len(samples)} summaries hold an unwanted hallucination.")
    for one in samples:
        yield BenchmarkCase(question=shortened(one.text), gold=one, group=one.source)


def _macro_f1(pairs: Sequence[detection.Decision]) -> float | None:
    named = [(str(truth), str(said)) for truth, said in pairs]
    return detection.macro_f1(named, ("True", "False"))


for _name, _total in (
    ("balanced accuracy", detection.balanced_accuracy),
    ("macro F1", _macro_f1),
    ("hallucinated: precision", detection.precision),
    ("hallucinated: recall", detection.recall),
):

    @measured(_name, _SCORERS, total=_total)
    def _decision(asked: AnsweredCase, one: Response) -> detection.Decision:
        return decided(asked.share(judged))


@measured("AUROC", _SCORERS, total=detection.auroc)
def _doubt(asked: AnsweredCase, one: Response) -> detection.Scored:
    return scored(asked.share(judged))


ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
