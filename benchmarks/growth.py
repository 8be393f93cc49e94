"""What a store of one size costs to ask and to keep, and the report over several sizes.

``grown`` runs this module in a new process for each store, so that one store's memory is not
counted for another.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.plot import Series, log_plot

if TYPE_CHECKING:
    from benchmarks.shared_store import SharedStore
    from chatbot import Settings

ROOT = Path(__file__).parent.parent
ONE, SERVERS = "one process", "servers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The figures of one size."""

    home: str = ONE
    """``one process`` or ``servers``: where the tables and the vectors stand."""
    paragraphs: int
    documents: int
    sentences: int
    chunks: int
    disk_mb: float
    start_mb: float
    """Resident memory after opening the store and one search."""
    asked_mb: float
    """Resident memory after all searches."""
    open_seconds: float
    """From opening the store to the end of the first search, models included."""
    median_ms: float
    p95_ms: float
    most_ms: float
    cpu_ms: float
    """Processor time of a search, the mean: the same on a machine that has other work to do."""
    servers_cpu_ms: float = 0.0
    """Processor time that PostgreSQL and Chroma took for a search, the opening counted in."""
    person_p95_ms: float
    """The same searches by a person who sees everybody's documents and three of their own."""
    asked: int
    ingest_seconds: float
    ingest_cpu_seconds: float
    ingest_peak_mb: float
    resumed: bool = False
    """Adding was cut and went on: its seconds are of the rest only and are not shown."""


def grown(
    store: Path,
    size: int,
    cost: Mapping[str, float],
    questions: Path,
    *,
    asked: int,
    shared: SharedStore | None = None,
) -> Growth:
    """Search a store, or its copy on servers, in a process of its own and return its figures."""
    command = [sys.executable, "-m", "benchmarks.growth", str(store), str(questions), str(asked)]
    environment = os.environ | (shared.environment if shared else {})
    used = shared.processor_seconds() if shared else 0.0
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    if shared:
        used = shared.processor_seconds() - used
        found |= {"home": SERVERS, "servers_cpu_ms": 1000 * used / (2 * found["asked"])}
    disk = shared.disk_bytes() if shared else folder_bytes(store)
    return Growth(
        paragraphs=size,
        disk_mb=disk / 1e6,
        ingest_seconds=cost["seconds"],
        ingest_cpu_seconds=cost["cpu_seconds"],
        ingest_peak_mb=cost["peak_mb"],
        resumed=bool(cost["resumed"]),
        **found,
    )


def ask_store(store: Path, questions: Sequence[str]) -> dict[str, float]:
    """Return what searching cost, warm, each question once."""
    from chatbot import Chatbot, Settings

    began = time.perf_counter()
    settings = Settings(data_dir=store, model=None)
    with Chatbot.from_settings(settings) as bot:
        bot.search("What does the first question find?")
        opened, start_mb = time.perf_counter() - began, resident_mb()
        used = time.process_time()
        times = timed(bot, questions)
        used = time.process_time() - used
        asked_mb = resident_mb()
        person = bot.for_owner("a person")
        for n in range(3):
            person.add_text(f"A private note of a person, number {n}. It is theirs.", title=f"{n}")
        other = bot.for_owner("somebody else")
        other.add_text("Nobody but they may read this.", title="else")
        theirs = timed(person, questions)
        for view in (person, other):
            for one in view.documents():
                if one.owner:
                    view.remove(one.id)
        documents = bot.documents()
    return {
        "documents": len(documents),
        "sentences": sum(one.sentence_count for one in documents),
        "chunks": chunk_count(settings),
        "start_mb": start_mb,
        "asked_mb": asked_mb,
        "open_seconds": opened,
        "median_ms": statistics.median(times),
        "p95_ms": percentile(times, 0.95),
        "most_ms": max(times),
        "cpu_ms": 1000 * used / len(times),
        "person_p95_ms": percentile(theirs, 0.95),
        "asked": len(times),
    }


def timed(bot: object, questions: Sequence[str]) -> list[float]:
    """Return how many milliseconds each search took."""
    times = []
    for question in questions:
        start = time.perf_counter()
        bot.search(question)  # type: ignore[attr-defined]
        times.append(1000 * (time.perf_counter() - start))
    return times


def chunk_count(settings: Settings) -> int:
    """Return the number of chunks in the store."""
    from chatbot.models.embedders import load_embedder
    from chatbot.store import Place, Store, reading

    by = load_embedder(settings)
    place = Place.of(settings)
    opened = Store.open(place, embedder=by.name, dimension=by.dimension, read_only=True)
    with opened as store, store.parts.home.reading() as connection:
        return reading.totals(connection)["chunks"]


def folder_bytes(folder: Path) -> int:
    """Return how large the files of a folder are together."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def resident_mb() -> float:
    """Return the resident memory of this process now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This system does not say how much memory a process has (no VmRSS).")


def write_report(found: Sequence[Growth], out: Path) -> None:
    """Write the figures as JSON, a table and a plot."""
    out.mkdir(parents=True, exist_ok=True)
    rows = [{name: getattr(one, name) for name in Growth.__slots__} for one in found]
    (out / "growth.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    (out / "growth.md").write_text(table(found), encoding="utf-8")
    (out / "growth.svg").write_text(growth_plot(found), encoding="utf-8")
    print(table(found))


def growth_plot(found: Sequence[Growth]) -> str:
    """Return the plot of search times over sizes as SVG."""
    names = (("p95_ms", "p95"), ("median_ms", "median"), ("cpu_ms", "processor time"))
    lines = [
        Series(
            name=f"{name}, {home}",
            points=[(one.paragraphs, getattr(one, key)) for one in found if one.home == home],
        )
        for home in dict.fromkeys(one.home for one in found)
        for key, name in names
    ]
    return log_plot(lines, title="Milliseconds for one search", x="paragraphs", y="ms")


def table(found: Sequence[Growth]) -> str:
    """Return the figures as a Markdown table."""
    head = [
        "home | paragraphs | sentences | chunks | search median, p95, most (ms) | "
        "processor time of a search: chatbot, servers (ms) | p95 of one person | "
        "open and first search (s) | memory (MB) | disk (MB) | bytes a sentence: memory, disk | "
        "add (s, paragraphs/s) | cores used | peak while adding (MB)",
        " | ".join(["---", *["---:"] * 13]),
    ]
    for one in found:
        base = next(first for first in found if first.home == one.home)
        more = max(1, one.sentences - base.sentences)
        memory = (
            "" if one is base else f"{1e6 * (one.start_mb - base.start_mb) * 1.048576 / more:,.0f}"
        )
        seconds = one.ingest_seconds
        pace = (
            "not timed: it was resumed | "
            if one.resumed
            else f"{'moved in ' * (one.home == SERVERS)}{seconds:.0f}, "
            f"{one.paragraphs / seconds:.0f} | {one.ingest_cpu_seconds / seconds:.2f}"
        )
        head.append(
            f"{one.home} | {one.paragraphs:,} | {one.sentences:,} | {one.chunks:,} | "
            f"{one.median_ms:.1f}, {one.p95_ms:.1f}, {one.most_ms:.0f} | "
            f"{one.cpu_ms:.1f}, {one.servers_cpu_ms:.1f} | {one.person_p95_ms:.1f} | "
            f"{one.open_seconds:.1f} | {one.asked_mb:.0f} | {one.disk_mb:.0f} | {memory}, "
            f"{1e6 * one.disk_mb / one.sentences:,.0f} | {pace} | {one.ingest_peak_mb:.0f}"
        )
    return "\n".join(f"| {line} |" for line in head) + "\n"


def read_questions(path: Path, count: int) -> list[str]:
    """Return questions of SQuAD rows, drawn by a fixed seed."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        questions = sorted({json.loads(line)["question"] for line in lines})
    random.Random(0).shuffle(questions)
    return questions[:count]


if __name__ == "__main__":
    folder, data, number = sys.argv[1:]
    print(json.dumps(ask_store(Path(folder), read_questions(Path(data), int(number)))))
