"""Train the verifier: ``python -m training.verifier.train --data BENCH --out FOLDER``.

Reads the benchmark folder, measures every claim, fits the trees, calibrates them on held-out
training rows, sets the threshold, writes the files that the package carries and prints the figures
on dev. Deterministic with a seed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.models.embedders import load_embedder
from chatbot.models.verifier.reading import SentenceReader
from chatbot.models.verifier.text import Lexicon
from chatbot.settings import Settings
from training.verifier import figures, lexicon
from training.verifier.examples import (
    Example,
    is_dev,
    is_held,
    ragtruth,
    ragtruth_truth,
)
from training.verifier.made import Maker
from training.verifier.model import calibrate, export, fit
from training.verifier.passages import passages
from training.verifier.prepare import Table, load, save, table

WEIGHTS = {"ragtruth": 1.0, "ragtruth-cited": 0.3, "made": 0.5}
"""How much a row counts, by the longest origin that its own begins with."""


def main() -> None:
    """Run the command."""
    args = _arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    answers = args.data / "ragtruth" / "train.jsonl.gz"
    truth = {
        "train": ragtruth_truth(answers, dev=False),
        "dev": ragtruth_truth(answers, dev=True),
    }
    measured = load(args.table) if args.table and args.table.exists() else _measure(args)
    if args.table and not args.table.exists():
        save(measured, args.table)
    weights = row_weights(measured)
    # Groups held for the calibration of network and trees together are not fitted to.
    train = ~measured.dev & (weights > 0) & ~_held(measured)
    fitted = fit(
        measured.rows[train], measured.labels[train], weights[train], measured.groups[train],
        seed=args.seed,
    )  # fmt: skip
    curve = calibrate(fitted.held_out, measured.labels[train], weights[train])
    export(fitted.trees, args.out / "model.onnx", width=len(measured.names))
    scores = np.zeros(len(measured.examples))
    scores[train] = fitted.held_out
    scores[~train] = fitted.trees.predict_proba(measured.rows[~train])[:, 1]
    scores = np.interp(scores, *curve)
    found = report(measured, scores, truth, seed=args.seed)
    _describe(args.out, measured.names, curve, found)
    print(json.dumps(found, indent=2))


def row_weights(measured: Table) -> NDArray[np.float64]:
    """Return how much each row counts; 0 for origins that are not in ``WEIGHTS``."""

    def one(origin: str) -> float:
        fitting = [key for key in WEIGHTS if origin.startswith(key)]
        return WEIGHTS[max(fitting, key=len)] if fitting else 0.0

    return np.array([one(example.origin) for example in measured.examples])


def _held(measured: Table) -> NDArray[np.bool_]:
    return np.array([is_held(example.group) for example in measured.examples])


def report(
    measured: Table, scores: figures.Floats, truth: dict[str, dict[str, bool]], *, seed: int
) -> dict[str, Any]:
    """Return the threshold, set on train, and the figures on dev."""
    rag = np.array([example.origin == "ragtruth" for example in measured.examples])
    found: dict[str, Any] = {}
    for part, inside in (("train", ~measured.dev), ("dev", measured.dev)):
        place = np.flatnonzero(rag & inside)
        some = [measured.examples[at] for at in place]
        lowest, bad = figures.by_answer(some, scores[place], truth[part])
        if part == "train":
            found["threshold"] = figures.best_threshold(lowest, bad)
        labels = measured.labels[place]
        found[part] = {
            "claims": len(place),
            "unsupported_share": round(float(1 - labels.mean()), 3),
            "claim_auroc": round(figures.auroc(labels, scores[place]), 4),
            "claim_auroc_95": figures.interval(
                labels, scores[place], measured.groups[place], seed=seed
            ),
            "calibration_error": round(figures.calibration_error(labels, scores[place]), 4),
            "answers": len(lowest),
            "answers_bad_share": round(float(bad.mean()), 3),
            "answer_auroc": round(figures.auroc(1 - bad, lowest), 4),
            "answer_f1": round(figures.answer_f1(lowest, bad, found["threshold"]), 4),
        }
    found["by_origin"] = _by_origin(measured, scores, found["threshold"])
    return found


def _by_origin(measured: Table, scores: figures.Floats, threshold: float) -> dict[str, Any]:
    found = {}
    for origin in sorted({example.origin for example in measured.examples}):
        rows = measured.dev & np.array([e.origin == origin for e in measured.examples])
        labels = measured.labels[rows]
        if not len(labels):
            continue
        entry: dict[str, Any] = {
            "n": len(labels),
            "right": round(float(((scores[rows] >= threshold) == labels).mean()), 3),
        }
        if 0 < labels.mean() < 1:
            entry["auroc"] = round(figures.auroc(labels, scores[rows]), 4)
        found[origin] = entry
    return found


def _measure(args: argparse.Namespace) -> Table:
    data, out = args.data, args.out
    rag = list(ragtruth(data / "ragtruth" / "train.jsonl.gz"))
    texts = list(passages(data, rag))
    train_sentences = [s for group, pool in texts if not is_dev(group) for s in pool]
    groups = lexicon.read_words(lexicon.WORDS)
    counts = lexicon.count(train_sentences, groups, least=3)
    lexicon.write(out, groups, counts)
    reader = SentenceReader(
        load_embedder(Settings(embedding_model="builtin", embedder_dir=None)),
        Lexicon(groups, counts),
        threads=args.threads,
    )
    maker = Maker(groups, train_sentences, seed=args.seed)
    made: list[Example] = [
        example for group, pool in texts for example in maker.examples(group, pool, each=args.each)
    ]
    return table([*rag, *made], reader, note="measured")


def _describe(
    out: Path, names: tuple[str, ...], curve: tuple[list[float], list[float]], found: dict[str, Any]
) -> None:
    files = ("model.onnx", "words.json", "counts.json")
    about = {
        "name": "claim-features-trees",
        "embedder": load_embedder(Settings(embedding_model="builtin", embedder_dir=None)).name,
        "sha256": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files},
        "features": list(names),
        "calibration": {"raw": curve[0], "supported": curve[1]},
    }
    (out / "MODEL.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    (out / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the benchmark folder")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go")
    parser.add_argument(
        "--table", type=Path, help="keep the measured rows here (npz), or read them"
    )
    parser.add_argument("--each", type=int, default=3, help="made claims of each kind per passage")
    parser.add_argument("--threads", type=int, default=1, help="sentences embedded at once")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
