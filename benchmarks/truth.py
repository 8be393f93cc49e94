"""What reader and verifier are worth: the measures that they are made for, in one table.

    python -m benchmarks.truth --data BENCH [--limit 300] [--only squad2]

``BENCH`` holds the public sets as ``evals.benchmarks`` reads them. Printed: each
measure with its 95 % interval, n and split, beside where the work began (floor) and what is aimed
at. Nothing is fitted to SQuAD 2.0 or CLAPnq; of RAGTruth the sources measured here are kept out of
training.
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
    floor: str
    target: str


LINES: dict[str, tuple[Line, ...]] = {
    "clapnq": (
        Line(figure="ROUGE-L", floor=".495 whole passage", target=".58"),
        Line(figure="sentence F1", floor=".63", target=".72"),
        Line(figure="unanswerable refused", floor="", target=".90"),
        Line(figure="answerable refused", floor="", target="at most .15"),
        Line(figure="AUROC of answerable", floor="", target=""),
    ),
    "ragtruth": (
        Line(figure="QA: answer F1, as shipped", floor=".60", target=".70"),
        Line(figure="QA: claim AUROC", floor=".84", target=".90"),
        Line(figure="QA: answer AUROC", floor=".81", target=""),
    ),
    "squad2": (
        Line(figure="article, searched: sentence R@1", floor=".74", target=""),
        Line(figure="article, searched: sentence R@5", floor=".92", target=""),
        Line(figure="F1, answerable", floor=".67 without refusals", target=".78"),
        Line(figure="AUROC of answerable", floor=".61", target=".78"),
        Line(figure="F1", floor=".55", target=".68"),
    ),
    "squad2-article": (
        Line(figure="article, read: sentence R@1", floor=".80", target=".86"),
        Line(figure="article, read: sentence R@5", floor=".92", target=".96"),
    ),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    parser.add_argument("--only", choices=LINES, help="one set")
    parser.add_argument("--limit", type=int, help="the most cases of each, drawn by chance")
    options = parser.parse_args()
    print(f"{'':48} {'value':17} {'n':>5}  {'floor':21} target")
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
        lines.append(f"  {line.figure:46} {value:19} {n:5}  {line.floor:21} {line.target}")
    return lines


if __name__ == "__main__":
    main()
