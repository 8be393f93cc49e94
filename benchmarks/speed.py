"""How fast it is: answers, a cold start, and ingest beside LangChain's usual recipe.

    python -m benchmarks.speed ask
    python -m benchmarks.speed cold
    python -m benchmarks.speed ingest --data dev_visible.jsonl.gz --peer-python OTHER/bin/python

Prints what was measured and the target beside it. Other work on the machine slows everything; the
ingest ratio is taken pair by pair, so that it hits both sides. See README.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from chatbot import Chatbot, Settings

HERE = Path(__file__).parent
ROOT = HERE.parent


def ask(*, rounds: int) -> None:
    """Time extractive answers over the bundled article, store and models warm."""
    questions = (HERE / "questions.txt").read_text(encoding="utf-8").split("\n")
    questions = [question for question in questions if question]
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data_dir=Path(scratch) / "data", model=None)
        with Chatbot.from_settings(settings) as bot:
            bot.ask("What happened?")
            times = []
            for number in range(rounds):
                # Another wording each round: no cache of a whole question may help.
                for question in questions:
                    start = time.perf_counter()
                    bot.ask(question if number == 0 else f"{question[:-1]}, round {number}?")
                    times.append(1000 * (time.perf_counter() - start))
    print(f"ask: {len(questions)} questions, {rounds} rounds, milliseconds: {spread(times)}")
    print("target: median <= 40")


def cold(*, runs: int) -> None:
    """Time a process that answers one question, and one that only imports the package."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"CHATBOT_DATA_DIR": str(Path(scratch) / "data")}
        for name in ("CHATBOT_MODEL", "CHATBOT_EMBEDDING_MODEL"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "chatbot", "ask", "How many vehicles did Japan send?"]
        first = seconds(command, environment)
        times = [seconds(command, environment) for _ in range(runs)]
        bare = [seconds([sys.executable, "-c", "pass"], environment) for _ in range(runs)]
        loaded = [
            seconds([sys.executable, "-c", "import chatbot"], environment) for _ in range(runs)
        ]
    print(f"chatbot ask, first time, with making the store: {first:.2f} s")
    print(f"chatbot ask, cold process, seconds: {spread(times)}\ntarget: median <= 2.5")
    print(f"python -c 'import chatbot', seconds: {spread(loaded)}")
    print(f"python -c 'pass', seconds: {spread(bare)}\ntarget: import <= 0.35")


def ingest(data: Path, peer: Path, *, runs: int, count: int, layout: str, one_by_one: bool) -> None:
    """Time ingest of the same files by this program and by the recipe, in turns."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "texts"
        folder.mkdir()
        last = Path(scratch) / "last.txt"
        paragraphs = write_texts(data, folder, count=count, layout=layout)
        last.write_text(paragraphs[-1], encoding="utf-8")
        tail = [str(folder), "--last", str(last), *(["--one-by-one"] if one_by_one else [])]
        ratios = []
        files = len(list(folder.iterdir()))
        print(f"{len(paragraphs)} paragraphs in {files} files, one call each: {one_by_one}")
        for run in range(1, runs + 1):
            ours = figures([sys.executable, "-m", "benchmarks.ingest_ours", *tail])
            theirs = figures([str(peer), str(HERE / "langchain_recipe.py"), *tail])
            ratios.append(theirs["ingest_s"] / ours["ingest_s"])
            cpu = theirs["ingest_cpu_s"] / ours["ingest_cpu_s"]
            print(f"run {run}: ratio {ratios[-1]:.2f}, of processor time {cpu:.2f}")
            for name, found in (("this program", ours), ("LangChain recipe", theirs)):
                print(
                    f"  {name:16} {len(paragraphs) / found['ingest_s']:6.1f} paragraphs/s "
                    f"({len(paragraphs) / found['ingest_cpu_s']:.1f} by processor time), "
                    f"{found['query_ms']:.0f} ms a search, {found['start_s']:.1f} s to start, "
                    f"{found['memory_mb']:.0f} MB",
                    flush=True,
                )
    print(f"ratio: {spread(ratios)}\ntarget: >= 4")


def write_texts(data: Path, folder: Path, *, count: int, layout: str) -> list[str]:
    """Write the first ``count`` paragraphs as files, one for each article or paragraph.

    Returns:
        The paragraphs in the order in which the files hold them.
    """
    titles: dict[str, str] = {}
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            titles.setdefault(row["context"], row["title"])
            if len(titles) == count:
                break
    articles: dict[str, list[str]] = defaultdict(list)
    for paragraph, title in titles.items():
        articles[title].append(paragraph)
    texts = [texts for texts in articles.values()]
    if layout == "paragraphs":
        texts = [[paragraph] for part in texts for paragraph in part]
    for number, part in enumerate(texts):
        (folder / f"{number:05}.txt").write_text("\n\n".join(part), encoding="utf-8")
    return [paragraph for part in texts for paragraph in part]


def figures(command: Sequence[str]) -> dict[str, float]:
    """Run one side and return what it printed."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    """Return how long a process takes from start to end."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def spread(values: Sequence[float]) -> str:
    """Return median, least and most of some figures."""
    middle = statistics.median(values)
    return f"median {middle:.2f} (least {min(values):.2f}, most {max(values):.2f})"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    asking = commands.add_parser("ask", help="warm extractive answers over the article")
    asking.add_argument("--rounds", type=int, default=1)
    starting = commands.add_parser("cold", help="a cold process")
    starting.add_argument("--runs", type=int, default=7)
    adding = commands.add_parser("ingest", help="beside LangChain's usual recipe")
    adding.add_argument("--data", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    adding.add_argument("--peer-python", type=Path, required=True, help="Python with the recipe")
    adding.add_argument("--runs", type=int, default=3)
    adding.add_argument("--paragraphs", type=int, default=600)
    adding.add_argument("--layout", choices=("articles", "paragraphs"), default="articles")
    adding.add_argument("--one-by-one", action="store_true", help="one call for each file")
    options = parser.parse_args()
    if options.command == "ask":
        ask(rounds=options.rounds)
    elif options.command == "cold":
        cold(runs=options.runs)
    else:
        ingest(
            options.data,
            options.peer_python,
            runs=options.runs,
            count=options.paragraphs,
            layout=options.layout,
            one_by_one=options.one_by_one,
        )


if __name__ == "__main__":
    main()
