"""How fast it is: warm answers and a cold start.

    python -m benchmarks.speed ask
    python -m benchmarks.speed cold

Prints what was measured and the target beside it. Other work on the machine slows everything. See
README.md; ``benchmarks.side_by_side`` compares with other programs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
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
    print("target: median <= 120")


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
    options = parser.parse_args()
    if options.command == "ask":
        ask(rounds=options.rounds)
    else:
        cold(runs=options.runs)


if __name__ == "__main__":
    main()
