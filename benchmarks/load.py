"""How the server holds up: many users at once over loopback, by quoting and with a model.

    python -m benchmarks.load
    python -m benchmarks.load --mode model --users 50 --seconds 120
    python -m benchmarks.load --mode extractive --processes 2

Starts the server as a user would, and for ``model`` a local model server whose answers take half a
second; with ``--processes`` so many servers on one PostgreSQL and one Chroma server, which are
started for it (PostgreSQL must be installed), the users spread over them. Prints requests,
failures, p50 and p95 of each kind of request, throughput, and the memory of the
servers over time. Exit 1 if a request failed, or if memory grew. See README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.shared_store import processor_seconds, shared_store

HERE = Path(__file__).parent
ROOT = HERE.parent
MODEL_SECONDS = 0.5
FLAT = 1.10
"""Memory of the last third of the run over that of the second third, at most."""
SETTLING = 15
"""Seconds of samples below which nothing is said of memory."""
START_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a run found."""

    rows: list[dict[str, Any]]
    """One for each kind of request, as locust counts them."""
    seconds: float
    memory: list[int]
    """Resident bytes of all servers of the chatbot together, once a second."""
    cpu_seconds: float
    """Processor time that they took: the same on a machine that has other work to do."""

    @property
    def requests(self) -> int:
        """How many there were."""
        return sum(row["num_requests"] for row in self.rows)

    @property
    def failures(self) -> int:
        """How many of them failed."""
        return sum(row["num_failures"] for row in self.rows)

    @property
    def growth(self) -> float | None:
        """Memory of the last third over that of the second; None for a run too short to say."""
        third = len(self.memory) // 3
        if len(self.memory) < SETTLING:
            return None
        middle = statistics.median(self.memory[third : 2 * third])
        return statistics.median(self.memory[2 * third :]) / middle


def run(*, users: int, seconds: int, model: bool, processes: int = 0) -> Load:
    """Let users ask for some seconds.

    Args:
        users: how many at once.
        seconds: for how long.
        model: whether a model writes the answers.
        processes: servers on one PostgreSQL and one Chroma server; 0 is one with its own files.
    """
    memory: list[int] = []
    over = threading.Event()
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        model_url = stack.enter_context(_model_server()) if model else None
        environment = _environment(model_url)
        if processes:
            environment |= stack.enter_context(shared_store(Path(scratch))).environment
        pids, urls = [], []
        for number in range(max(1, processes)):
            own = environment | {"CHATBOT_DATA_DIR": str(Path(scratch) / f"data-{number}")}
            process, url = stack.enter_context(_served(own))
            pids.append(process.pid)
            urls.append(url)
        watch = threading.Thread(target=_sample, args=(pids, memory, over))
        watch.start()
        used = sum(map(processor_seconds, pids))
        try:
            rows = _locust(urls, users=users, seconds=seconds)
            used = sum(map(processor_seconds, pids)) - used
        finally:
            over.set()
            watch.join()
    return Load(rows=rows, seconds=seconds, memory=memory, cpu_seconds=used)


def _environment(model_url: str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")}
    found = kept | {"CHATBOT_LOG_LEVEL": "WARNING"}
    if model_url is not None:
        found |= {
            "CHATBOT_MODEL": "openai:local",
            "CHATBOT_BASE_URL": model_url,
            "CHATBOT_API_KEY": "none",
        }
    return found


@contextmanager
def _model_server() -> Iterator[str]:
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from fake_llm import FakeLLM
    from fake_replies import says

    text = "Japan sent 101 trucks and other SDF vehicles to Ukraine [1]."
    server = FakeLLM()
    server.default = says(text, delay=MODEL_SECONDS / (len(text) / 4))
    try:
        yield server.base_url
    finally:
        server.close()


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "chatbot", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        if "http" not in first:
            raise SystemExit("The server did not start.")
        yield process, first.split()[-1]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _sample(pids: Sequence[int], memory: list[int], over: threading.Event) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    while not over.wait(1.0):
        resident = [Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in pids]
        memory.append(sum(map(int, resident)) * page)


def _locust(urls: Sequence[str], *, users: int, seconds: int) -> list[dict[str, Any]]:
    command = [
        *(sys.executable, "-m", "locust", "-f", str(HERE / "load_users.py")),
        *("--headless", "--host", urls[0], "--users", str(users)),
        *("--spawn-rate", str(max(1, users // 5)), "--run-time", f"{seconds}s"),
        *("--json", "--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"),
        *("--stop-timeout", "10"),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"NO_PROXY": "*", "LOAD_HOSTS": " ".join(urls)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        timeout=seconds + START_SECONDS,
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def percentile(row: dict[str, Any], share: float) -> float:
    """Return the response time in milliseconds below which this share of the requests was."""
    times = sorted((float(ms), count) for ms, count in row["response_times"].items())
    wanted = share * sum(count for _, count in times)
    seen = 0
    for milliseconds, count in times:
        seen += count
        if seen >= wanted:
            return milliseconds
    return 0.0


def report(name: str, users: int, load: Load) -> bool:
    """Print what a run found; return whether it is as it should be."""
    print(f"{name}: {users} users, {load.seconds:g} s")
    for row in load.rows:
        p50, p95 = percentile(row, 0.5), percentile(row, 0.95)
        print(
            f"  {row['name']:<22} {row['num_requests']:>6} requests  "
            f"{row['num_failures']} failed  p50 {p50:g} ms  p95 {p95:g} ms"
        )
    rate = load.requests / load.seconds
    each = 1000 * load.cpu_seconds / max(1, load.requests)
    print(
        f"  in all {load.requests} requests, {load.failures} failed, {rate:.1f} a second; "
        f"{each:.0f} ms of the processor each, {load.cpu_seconds / load.seconds:.2f} cores used"
    )
    megabytes = [size / 1e6 for size in load.memory]
    growth = load.growth
    if megabytes:
        told = "too short to say" if growth is None else f"last third over second {growth:.3f}"
        print(
            f"  memory MB: first {megabytes[0]:.0f}, median {statistics.median(megabytes):.0f}, "
            f"most {max(megabytes):.0f}, last {megabytes[-1]:.0f}; {told} (target <= {FLAT})"
        )
    return load.failures == 0 and load.requests > 0 and (growth is None or growth <= FLAT)


def main() -> int:
    """Read the command line and run."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--mode", choices=["extractive", "model", "both"], default="both")
    parser.add_argument(
        "--processes", type=int, default=0, help="servers on one PostgreSQL and one Chroma server"
    )
    options = parser.parse_args()
    modes = ["extractive", "model"] if options.mode == "both" else [options.mode]
    fine = True
    for mode in modes:
        began = time.monotonic()
        load = run(
            users=options.users,
            seconds=options.seconds,
            model=mode == "model",
            processes=options.processes,
        )
        fine &= report(mode, options.users, load)
        print(f"  (with start and end {time.monotonic() - began:.0f} s)")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
