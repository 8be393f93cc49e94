"""How it grows: adding, asking, memory and disk at 1,000, 10,000 and 100,000 paragraphs.

    python -m benchmarks.corpus TEXTS --out CORPUS --paragraphs 100000
    python -m benchmarks.scale grow CORPUS --stores STORES --questions dev_visible.jsonl.gz
    python -m benchmarks.scale quality --store STORES/100000 --data dev_visible.jsonl.gz

``grow`` adds the first files of the corpus to a store for each size (``chatbot add`` as a process
of its own; a store that is there is only completed), asks it each question once in a new process,
and writes ``growth.json``, ``growth.md`` and ``growth.svg`` to ``--out``. ``quality`` adds the
articles of SQuAD to that store, searches each question there and in a store that holds its article
alone, prints both, and takes the articles out again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.growth import Growth, grown, write_report
from benchmarks.quality import compare

ROOT = Path(__file__).parent.parent
DONE = "ingest.json"
"""Beside a store: what adding cost."""


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    growing = commands.add_parser("grow", help="add and ask at several sizes")
    growing.add_argument("corpus", type=Path)
    growing.add_argument("--stores", type=Path, required=True, help="where the stores are made")
    growing.add_argument("--questions", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    growing.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    growing.add_argument("--per-file", type=int, default=10, help="paragraphs in a file")
    growing.add_argument("--asked", type=int, default=400, help="questions for each size")
    growing.add_argument("--out", type=Path, default=ROOT / "build" / "scale")
    adding = commands.add_parser("add", help="only add, at one size")
    adding.add_argument("corpus", type=Path)
    adding.add_argument("--store", type=Path, required=True)
    adding.add_argument("--files", type=int, help="the first files only")
    judging = commands.add_parser("quality", help="SQuAD among the distractors and alone")
    judging.add_argument("--store", type=Path, required=True)
    judging.add_argument("--data", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    judging.add_argument("--sample", type=int, help="so many of the questions only")
    judging.add_argument("--out", type=Path, default=ROOT / "build" / "scale")
    options = parser.parse_args()
    if options.command == "add":
        print(json.dumps(asdict(add(options.corpus, options.store, files=options.files))))
    elif options.command == "quality":
        compare(options.store, options.data, sample=options.sample, out=options.out)
    else:
        measure(options)


def measure(options: argparse.Namespace) -> None:
    """Add and ask at every size, and write the report."""
    found: list[Growth] = []
    for size in options.sizes:
        store = options.stores / str(size)
        cost = add(options.corpus, store, files=size // options.per_file)
        found.append(grown(store, size, asdict(cost), options.questions, asked=options.asked))
        print(json.dumps(asdict(found[-1])), flush=True)
    write_report(found, options.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of ``chatbot add`` took."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    files: int
    resumed: bool = False
    """A run before it was cut: the seconds are of the rest only."""


def add(corpus: Path, store: Path, *, files: int | None) -> Cost:
    """Add the first files of a corpus by ``chatbot add``, unless that was done before."""
    note = store.with_name(f"{store.name}.{DONE}")
    if note.is_file():
        return Cost(**json.loads(note.read_text("utf-8")))
    paths = sorted(corpus.rglob("*.txt"))[:files]
    store.parent.mkdir(parents=True, exist_ok=True)
    resumed = store.is_dir()
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"CHATBOT_DATA_DIR": str(store)}
    run_add(folders(corpus, paths), environment)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(
        seconds=time.perf_counter() - begun,
        cpu_seconds=used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime,
        peak_mb=used.ru_maxrss / 1024,
        files=len(paths),
        resumed=resumed,
    )
    note.write_text(json.dumps(asdict(cost)), encoding="utf-8")
    return cost


def folders(corpus: Path, paths: Sequence[Path]) -> list[str]:
    """Return the folders whose files are all taken, and the files of the others: short to say."""
    taken = set(paths)
    whole = {
        folder
        for folder in {path.parent for path in paths}
        if taken.issuperset(folder.rglob("*.txt")) and folder != corpus
    }
    rest = [path for path in paths if path.parent not in whole]
    return [str(path) for path in (*sorted(whole), *rest)]


def run_add(paths: Sequence[str], environment: dict[str, str]) -> None:
    """Run ``chatbot add``; its progress is seen on standard error."""
    command = [sys.executable, "-m", "chatbot", "add", *paths]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
