"""How it grows: adding, asking, memory and disk at 1,000, 10,000 and 100,000 paragraphs.

    python -m benchmarks.corpus TEXTS --out CORPUS --paragraphs 100000
    python -m benchmarks.scale grow CORPUS --stores STORES --questions dev_visible.jsonl.gz
    python -m benchmarks.scale quality --store STORES/100000 --data dev_visible.jsonl.gz

``grow`` adds the first files of the corpus to a store for each size (``chatbot add`` as a process
of its own; a store that is there is only completed), asks it each question once in a new process,
moves it to PostgreSQL and a Chroma server that are started for it (left out by ``--homes one``;
the programs must be installed) and asks it there, and writes ``growth.json``, ``growth.md`` and
``growth.svg`` to ``--out``. A row that is in ``--out`` already is not measured again. ``quality``
adds the articles of SQuAD to that store, searches each question there and in a store that holds its
article alone, prints both, and takes the articles out again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.growth import ONE, SERVERS, Growth, grown, write_report
from benchmarks.quality import compare
from benchmarks.shared_store import shared_store

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
    growing.add_argument("--homes", choices=["one", "both"], default="both")
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
    """Add and ask at every size in each home, and write the report after each."""
    kept = options.out / "growth.json"
    rows = [Growth(**row) for row in json.loads(kept.read_text("utf-8"))] if kept.is_file() else []
    found = {(row.home, row.paragraphs): row for row in rows}
    homes = (ONE,) if options.homes == "one" else (ONE, SERVERS)
    for size in options.sizes:
        store = options.stores / str(size)
        cost = add(options.corpus, store, files=size // options.per_file)
        for home in homes:
            if (home, size) not in found:
                ask = in_one_process if home == ONE else on_servers
                found[home, size] = ask(store, size, cost, options)
                write_report([found[key] for key in sorted(found)], options.out)


def in_one_process(store: Path, size: int, cost: Cost, options: argparse.Namespace) -> Growth:
    """Ask a store where it stands."""
    return grown(store, size, asdict(cost), options.questions, asked=options.asked)


def on_servers(store: Path, size: int, cost: Cost, options: argparse.Namespace) -> Growth:
    """Move a store to PostgreSQL and a Chroma server, and ask it there."""
    with tempfile.TemporaryDirectory() as scratch, shared_store(Path(scratch)) as shared:
        move = [sys.executable, "-m", "chatbot", "move", "--to", shared.database_url]
        moved = run_timed(
            [*move, "--chroma", shared.servers.chroma_url], {"CHATBOT_DATA_DIR": str(store)}
        )
        moved = replace(moved, files=cost.files)
        # The copy's own data directory: it holds no document.
        return grown(
            Path(scratch) / "data",
            size,
            asdict(moved),
            options.questions,
            asked=options.asked,
            shared=shared,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of ``chatbot add`` or ``chatbot move`` took."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    files: int = 0
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
    command = [sys.executable, "-m", "chatbot", "add", *folders(corpus, paths)]
    cost = replace(
        run_timed(command, {"CHATBOT_DATA_DIR": str(store)}), files=len(paths), resumed=resumed
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


def run_timed(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run a command, whose progress is seen on standard error, and return what it took."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"`chatbot {command[3]}` failed; see above.")
    return Cost(
        seconds=time.perf_counter() - begun,
        cpu_seconds=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / 1024,
    )


if __name__ == "__main__":
    main()
