"""The table of what reader and verifier are worth."""

from __future__ import annotations

from benchmarks.truth import LINES, table
from chatbot.evaluation import Measure, Run, RunHead
from chatbot.evaluation.saved_run import Sample
from chatbot.evaluation.statistics import Interval
from evals.benchmarks.registry import find_benchmark


def run(*figures: Measure) -> Run:
    return Run(
        head=RunHead(suite="clapnq", split="visible", data="0" * 16),
        sample=Sample(cases=3, available=9, seed=0),
        measures=figures,
    )  # fmt: skip


def test_every_line_belongs_to_a_benchmark_that_there_is() -> None:
    assert [find_benchmark(name).name for name in LINES] == list(LINES)


def test_a_figure_stands_beside_its_interval_size_what_it_was_and_its_target() -> None:
    found = table(
        run(
            Measure(name="sentence F1", value=0.5, scored=143, interval=Interval(low=0.4, high=0.6))
        )
    )
    assert found[0] == "clapnq: visible, 3 of 9 cases, extractive"
    line = next(line for line in found if "sentence F1" in line)
    assert line.split() == ["sentence", "F1", "0.500", "(0.400-0.600)", "143", ".470", ".60"]


def test_what_was_not_computed_is_unscored_and_never_zero() -> None:
    found = table(run(Measure(name="ROUGE-L", value=None, scored=0)))
    assert all("unscored" in line for line in found[1:])
    assert not any("0.000" in line for line in found)
