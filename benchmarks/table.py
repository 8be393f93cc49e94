"""Writes docs/benchmarks.md from the saved runs of public benchmarks.

    python -m benchmarks.table [--runs evals/benchmarks] [--out docs/benchmarks.md]

The runs are written by `chatbot eval bench NAME --data PATH --save evals/benchmarks`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from chatbot.evaluation import load_run
from evals.benchmarks import document

_ROOT = Path(__file__).resolve().parent.parent
RUNS = _ROOT / "evals" / "benchmarks"
PAGE = _ROOT / "docs" / "benchmarks.md"


def page(runs: Path) -> str:
    """Return the page for the runs of a folder."""
    return document([load_run(path) for path in sorted(runs.glob("*.json"))])


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=Path, default=RUNS)
    parser.add_argument("--out", type=Path, default=PAGE)
    options = parser.parse_args()
    options.out.write_text(page(options.runs), encoding="utf-8")
    print(f"{options.out} was written.")


if __name__ == "__main__":
    main()
