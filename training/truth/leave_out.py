"""What each part of the data is worth: ``python -m training.truth.leave_out reader ...``.

    python -m training.truth.leave_out reader --windows FILE --config FILE --out FOLDER
        [--only NAME...]

Trains from the published body on ``--budget`` windows of the whole mix, on as many of the mix
without each source and each kind, and once more on the whole mix with another seed, whose distance
is the noise. Every network is measured on the same windows of dev. A run whose figures lie in the
folder is not run again; the table is printed anew each time.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from chatbot.models.pair_model import PairTask, TextPair, load_task
from training.truth.measure import figures
from training.truth.mix import AGAIN, draw, parts
from training.truth.windows import Window, read, write

Figures = dict[str, float]
_MEASURED = {"reader": 1600, "verifier": 3000}


def main() -> None:
    """Run what is missing and print the table."""
    options = _arguments()
    config = yaml.safe_load(options.config.read_text(encoding="utf-8"))
    windows = list(read(options.windows))
    dev = [window for window in windows if window.dev]
    dev = random.Random(0).sample(dev, min(_MEASURED[options.task], len(dev)))
    train = [w for w in windows if not w.dev and w.kind != "held" and w.sentences]
    for name, of_part in parts(options.task, train).items():
        folder = options.out / name.replace(" ", "-").replace(":", "").replace(",", "")
        done = folder / "figures.json"
        if not done.exists() and (not options.only or name in options.only):
            seed = config["seed"] + (name == AGAIN)
            drawn = draw((w for w in train if not of_part(w)), options.budget, seed=seed)
            found = _run(options, folder, drawn, seed)
            done.write_text(json.dumps(measured(options.task, dev, found)), encoding="utf-8")
        if done.exists():
            print(row(name, json.loads(done.read_text(encoding="utf-8"))), flush=True)


def measured(task: str, dev: Sequence[Window], model: PairTask) -> Figures:
    """Return the figures of a network on windows of dev."""
    found = model.read([TextPair(asked=w.asked, passage=w.passage) for w in dev])
    return {name: value for name, (value, _) in figures(task, dev, found, model).items()}


def row(name: str, found: Figures) -> str:
    """Return a line of the table."""
    cells = [f"{key} {value:.3f}" for key, value in found.items()]
    return " | ".join([f"{name:38}", *cells])


def _run(
    options: argparse.Namespace, folder: Path, windows: Sequence[Window], seed: int
) -> PairTask:
    """Train a network on the windows and return it in floats."""
    drawn = folder / "windows.jsonl.gz"
    write(windows, drawn)
    _command(
        *("train", options.task, "--windows", drawn, "--config", options.config),
        *("--out", folder, "--seed", seed, "--threads", options.threads),
    )
    _command(
        *("export", options.task, "--average", folder / "average.pt", "--windows", drawn),
        *("--out", folder / "float", "--bits", "32"),
    )
    for name in ("checkpoint.pt", "average.pt"):
        (folder / name).unlink()
    return load_task(options.task, folder / "float", threads=options.threads)


def _command(name: str, *arguments: object) -> None:
    words = [str(argument) for argument in arguments]
    subprocess.run([sys.executable, "-m", f"training.truth.{name}", *words], check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("task", choices=("reader", "verifier"))
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--budget", type=int, default=10_000, help="windows for each network")
    parser.add_argument("--only", nargs="+", help="names of parts, as in the table")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
