"""Writes docs/performance.md and its plots from what the benchmarks have measured.

    python -m benchmarks.page [--bench build/bench] [--scale build/scale] [--docs docs]

Reads ``side_by_side.json`` and ``int8_limit.json`` from ``--bench``, ``growth.json`` and
``quality.md`` from ``--scale``. What was not measured is said to be missing.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth import Growth, growth_plot, table
from benchmarks.plot import bar_plot

ROOT = Path(__file__).parent.parent
Runs = Sequence[Mapping[str, float]]
FIGURES = (
    ("ingest_s", "ingest (s)", "{:.1f}"),
    ("search_ms", "search, median (ms)", "{:.1f}"),
    ("search_p95_ms", "search, p95 (ms)", "{:.1f}"),
    ("gold_first", "gold answer in the first", "{:.2f}"),
    ("gold_five", "in the first five", "{:.2f}"),
    ("first_answer_s", "start to first answer (s)", "{:.1f}"),
    ("first_answer_mb", "memory after it (MB)", "{:.0f}"),
    ("peak_mb", "peak while adding (MB)", "{:.0f}"),
)


def main() -> None:
    """Read the command line and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--bench", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--scale", type=Path, default=ROOT / "build" / "scale")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    plots = options.docs / "performance"
    plots.mkdir(parents=True, exist_ok=True)
    parts = [
        INTRODUCTION,
        side_by_side(options.bench / "side_by_side.json", plots),
        limit(options.bench / "int8_limit.json"),
        growth(options.scale, plots),
    ]
    (options.docs / "performance.md").write_text("\n".join(parts), encoding="utf-8")
    print(f"Written to {options.docs / 'performance.md'}.")


INTRODUCTION = """# Performance

Every figure here was written by a command, and the commands are below: `make bench DATA=PATH`
measures the first two parts, `make scale DATA=PATH` the third. How each is measured
stands in `benchmarks/README.md`. Times depend on the machine and on what else it does; ratios are
taken pair by pair, from runs that followed each other.
"""


def side_by_side(path: Path, plots: Path) -> str:
    """Return the part on other programs, and write its plot."""
    head = "## Beside other programs\n\n"
    if not path.is_file():
        return head + "Not measured yet.\n"
    report = json.loads(path.read_text("utf-8"))
    sides: dict[str, Any] = report["sides"]
    ours: Runs = sides["ours"]["runs"]
    lines = [
        "| | "
        + " | ".join(title for _, title, _ in FIGURES)
        + " | ingest, ratio | installed (MB) |",
        "| --- |" + " ---: |" * (len(FIGURES) + 2),
    ]
    for name, side in sides.items():
        runs: Runs = side["runs"]
        cells = [form.format(middle(runs, key)) for key, _, form in FIGURES]
        ratio = "" if name == "ours" else ratios(runs, ours)
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio} | {side['install_mb']:,.0f} |")
    groups = [
        (title, [(name, middle(side["runs"], key)) for name, side in sides.items()])
        for key, title, _ in FIGURES
        if key in ("ingest_s", "search_ms", "first_answer_s", "first_answer_mb")
    ]
    plot = bar_plot(groups, title="This program beside others; shorter is better")
    (plots / "side_by_side.svg").write_text(plot, encoding="utf-8")
    left_out = "".join(f"\n- {name}: {why}" for name, why in report["left_out"].items())
    return (
        f"{head}{report['machine']}. {report['paragraphs']} paragraphs of SQuAD 2.0 (dev, visible "
        f"part) as one file for each article, {report['questions']} answerable questions on them; "
        f"medians of {len(ours)} runs, in turns. The ratio of ingest is the other's time over "
        "ours, median (least, most). All use all-MiniLM-L6-v2, ours in 8 bits. The others' "
        "passages are chunks of about 1,000 characters or whole paragraphs; ours are sentences.\n\n"
        + "\n".join(lines)
        + "\n\n![Bars](performance/side_by_side.svg)\n"
        + (f"\nLeft out:{left_out}\n" if left_out else "")
    )


def middle(runs: Runs, name: str) -> float:
    """Return the median of one figure over the runs."""
    return statistics.median(run[name] for run in runs)


def ratios(theirs: Runs, ours: Runs) -> str:
    """Return how many times longer the others' ingest took, pair by pair."""
    found = [a["ingest_s"] / b["ingest_s"] for a, b in zip(theirs, ours, strict=True)]
    return f"{statistics.median(found):.1f} ({min(found):.1f}, {max(found):.1f})"


def limit(path: Path) -> str:
    """Return the part on the machine's limit."""
    head = "## The embedder and the machine's limit\n\n"
    if not path.is_file():
        return head + "Not measured yet.\n"
    report = json.loads(path.read_text("utf-8"))
    lines = [
        f"| {name} | {one['texts_a_second']:.0f} | {one['tokens_a_text']:.0f} | "
        f"{one['giga_operations']:.0f} | {one['share']:.0%} |"
        for name, one in report.items()
        if isinstance(one, dict)
    ]
    return (
        f"{head}The best of many large products of 8-bit matrices ran at "
        f"{report['peak_giga_operations']:.0f} giga operations a second on {report['cores']} "
        "cores. The embedder's own 8-bit operations, over all of the time that it takes:\n\n"
        "| | a second | tokens | giga operations a second | of the limit |\n"
        "| --- | ---: | ---: | ---: | ---: |\n" + "\n".join(lines) + "\n"
    )


def growth(folder: Path, plots: Path) -> str:
    """Return the part on large stores, and write its plot."""
    head = "## Large stores\n\n"
    if not (folder / "growth.json").is_file():
        return head + "Not measured yet.\n"
    found = [Growth(**row) for row in json.loads((folder / "growth.json").read_text("utf-8"))]
    (plots / "growth.svg").write_text(growth_plot(found), encoding="utf-8")
    parts = [
        f"{head}A composed corpus (`benchmarks.corpus`), {found[0].asked} questions of SQuAD for "
        "each size, each once, in a process of its own.\n",
        table(found),
        "![Milliseconds for a search](performance/growth.svg)\n",
    ]
    if (folder / "quality.md").is_file():
        parts += [
            "Does the right sentence stay among the first while the store grows? SQuAD's "
            "answerable questions, with 95 % intervals:\n",
            (folder / "quality.md").read_text("utf-8"),
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
