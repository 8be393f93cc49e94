"""What reader and verifier are worth: the measures that they are made for, in one table.

    python -m benchmarks.truth --data BENCH [--limit 300] [--only squad2]

``BENCH`` holds the public sets as ``evals.benchmarks`` reads them. Printed: each measure with its
95 % interval, n and split, beside what it was before and what is aimed at. Nothing is fitted to
SQuAD 2.0 or CLAPnq; of RAGTruth the sources measured here are kept out of training.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from chatbot.evaluation import Run
from chatbot.settings import Settings
from evals.benchmarks.registry import find_benchmark, run_benchmark


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure of a benchmark, and what it is held against."""

    figure: str
    before: str
    """With the two networks of 22 M parameters, trees and rules, on all cases of the same part."""
    target: str


LINES: dict[str, tuple[Line, ...]] = {
    "clapnq": (
        Line(figure="ROUGE-L", before=".446", target=".50"),
        Line(figure="sentence F1", before=".470", target=".60"),
        Line(figure="unanswerable refused", before=".742", target=".90"),
        Line(figure="answerable refused", before=".140", target="at most .12"),
        Line(figure="AUROC of answerable", before=".899", target=""),
    ),
    "ragtruth": (
        Line(figure="QA: answer AUROC", before=".804", target=".92"),
        Line(figure="Summary: answer AUROC", before="", target=".78"),
        Line(figure="QA: claim AUROC", before=".850", target=""),
        Line(figure="all: answer F1, as shipped", before=".651", target=".72"),
        Line(figure="all: answer recall, as shipped", before="", target=".65"),
        Line(
            figure="QA: faithful answers with an alarm, as shipped", before="", target="at most .10"
        ),
        Line(
            figure="all: faithful answers with an alarm, as shipped",
            before="",
            target="at most .15",
        ),
    ),
    "squad2": (
        Line(figure="F1, answerable", before=".631", target=""),
        Line(figure="AUROC of answerable", before=".692", target=".78"),
        Line(figure="unanswerable refused", before=".365", target=""),
        Line(figure="F1", before=".498", target=".65"),
    ),
    "squad2-article": (
        Line(figure="article, read: sentence R@1", before=".795", target=""),
        Line(figure="article, read: sentence R@5", before=".946", target=""),
    ),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    parser.add_argument("--only", choices=LINES, help="one set")
    parser.add_argument("--limit", type=int, help="the most cases of each, drawn by chance")
    options = parser.parse_args()
    print(f"{'':48} {'value':17} {'n':>5}  {'before':21} target")
    for name in LINES if options.only is None else (options.only,):
        benchmark = find_benchmark(name)
        run = run_benchmark(benchmark, options.data, Settings(), limit=options.limit)
        print(*table(run), sep="\n", flush=True)


def table(run: Run) -> list[str]:
    """Return the lines of one benchmark; a figure that it did not give is unscored."""
    found = {figure.name: figure for figure in run.measures}
    head, sample = run.head, run.sample
    assert sample is not None
    about = f"{head.split}, {sample.cases} of {sample.available} cases"
    lines = [f"{head.suite}: {about}, {head.mode}"]
    for line in LINES[head.suite]:
        figure = found.get(line.figure)
        value, n = "unscored", 0
        if figure is not None and figure.value is not None:
            value, n = f"{figure.value:.3f}", figure.scored
            if figure.interval is not None:
                value += f" ({figure.interval.low:.3f}-{figure.interval.high:.3f})"
        lines.append(f"  {line.figure:46} {value:19} {n:5}  {line.before:21} {line.target}")
    return lines


if __name__ == "__main__":
    main()
