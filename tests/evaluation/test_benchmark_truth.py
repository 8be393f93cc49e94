"""The table of what reader and verifier are worth."""

from __future__ import annotations

from benchmarks.truth import LINES, table
from chatbot.evaluation.benchmarks.registry import find_benchmark
from chatbot.evaluation.benchmarks.result import BenchmarkRun, Figure


def run(*figures: Figure) -> BenchmarkRun:
    return BenchmarkRun(
        benchmark="clapnq", split="visible", data="0" * 16, cases=3, available=9, seed=0,
        figures=figures,
    )  # fmt: skip


def test_every_line_belongs_to_a_benchmark_that_there_is() -> None:
    assert [find_benchmark(name).name for name in LINES] == list(LINES)


def test_a_figure_stands_beside_its_interval_size_floor_and_target() -> None:
    found = table(run(Figure(name="sentence F1", value=0.5, n=143, low=0.4, high=0.6)))
    assert found[0] == "clapnq: visible, 3 of 9 cases, extractive"
    line = next(line for line in found if "sentence F1" in line)
    assert line.split() == ["sentence", "F1", "0.500", "(0.400-0.600)", "143", ".63", ".72"]


def test_what_was_not_computed_is_unscored_and_never_zero() -> None:
    found = table(run(Figure(name="ROUGE-L", value=None, n=0)))
    assert all("unscored" in line for line in found[1:])
    assert not any("0.000" in line for line in found)
