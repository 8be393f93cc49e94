"""FaithBench: summaries on which hallucination detectors disagree. Does the check see it right?

Bao et al. 2025 ("FaithBench: A Diverse Hallucination Benchmark for Summarization by Modern LLMs").
Data: data_for_release of https://github.com/vectara/FaithBench (batch_N.json). CC BY-NC-SA
4.0: look at the licence before you use it. Measure only.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, overall
from chatbot.evaluation.metrics import detection
from chatbot.evaluation.metrics.characters import Place
from evals.benchmarks.benchmark import Benchmark, Measured, Published
from evals.benchmarks.checked_answers import Judged, decided, scored
from evals.benchmarks.data_files import Row, read_json
from evals.benchmarks.work import Work

_HALLUCINATED = "Unwanted"


def marked_places(sample: Row) -> tuple[Place, ...]:
    """Return the places that any annotator called an unwanted hallucination.

    Questionable and benign spans do not count: the worst label of a summary decides.
    """
    return tuple(
        (int(one["summary_start"] or 0), int(one["summary_end"] or len(sample["summary"])))
        for one in sample["annotations"]
        if any(label.split(".")[0] == _HALLUCINATED for label in one["label"])
    )


def read_samples(batches: Sequence[object]) -> list[tuple[str, str, tuple[Place, ...]]]:
    """Return source, summary and marked places of every sample.

    Raises:
        SuiteError: if a file is not of FaithBench's form.
    """
    try:
        return [
            (sample["source"], sample["summary"], marked_places(sample))
            for batch in batches
            for sample in batch["samples"]  # type: ignore[index] # checked by the except below
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise SuiteError(f"A file is not of FaithBench's form: {error!r}.") from error


def measure(work: Work) -> Measured:
    """Check every summary against its source."""
    files = work.files("batch_*.json", "*/batch_*.json")
    everything = read_samples([read_json(path) for path in files])
    samples = work.sample(everything)
    with work.bot() as bot:

        def check(sample: tuple[str, str, tuple[Place, ...]]) -> Judged:
            source, summary, gold = sample
            return Judged(claims=bot.check(summary, [source]).claims, gold=gold, group=source)

        judged = [one for one in work.map(check, samples) if one is not None]
    bad = sum(bool(one.gold) for one in judged)
    return Measured(
        cases=len(samples),
        available=len(everything),
        figures=figures(judged),
        notes=(f"{bad} of {len(judged)} summaries hold an unwanted hallucination.",),
    )


def figures(judged: Sequence[Judged]) -> tuple[Measure, ...]:
    """Return the figures by the verdicts as they are, and AUROC of the worst claim's doubt."""
    groups = [one.group for one in judged]
    decisions = decided(judged)
    return (
        overall("balanced accuracy", detection.balanced_accuracy, decisions, groups=groups),
        overall("macro F1", _macro_f1, decisions, groups=groups),
        overall("hallucinated: precision", detection.precision, decisions, groups=groups),
        overall("hallucinated: recall", detection.recall, decisions, groups=groups),
        overall("AUROC", detection.auroc, scored(judged), groups=groups),
    )


def _macro_f1(pairs: Sequence[detection.Decision]) -> float | None:
    named = [(str(truth), str(said)) for truth, said in pairs]
    return detection.macro_f1(named, ("True", "False"))


BENCHMARK = Benchmark(
    name="faithbench",
    title="FaithBench",
    about=(
        "Each summary is checked against its source. It counts as hallucinated when any annotator "
        "marked an unwanted hallucination, and as called so when a claim of it is `partly` or "
        "`unsupported`. No threshold is set."
    ),
    measure=measure,
    paper="Bao et al. 2025, arXiv:2410.13210",
    home="https://github.com/vectara/FaithBench (data_for_release)",
    licence="CC BY-NC-SA 4.0",
    files=("faithbench/data_for_release", "faithbench"),
    published=tuple(
        Published(system=system, figures=figures_, source="Bao et al. 2025, arXiv:2410.13210")
        for system, figures_ in (
            ("GPT-4o as judge", "balanced accuracy 56.3"),
            ("HHEM-2.1", "balanced accuracy 55.7"),
            ("MiniCheck-RoBERTa-large", "balanced accuracy 55.0"),
        )
    ),
    comparable=(
        "The summaries were chosen for detectors disagreeing on them: 50 is chance, and what is "
        "easy is not in it. The paper may pool the annotators' labels in another way."
    ),
)
