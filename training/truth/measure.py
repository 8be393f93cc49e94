"""Measure a network alone on windows of dev: ``python -m training.truth.measure reader ...``.

    python -m training.truth.measure reader --windows FILE --model FOLDER [FOLDER...] [--limit 600]

Each folder holds a ``model.onnx``; give the rounded one and the one in floats to see what rounding
costs and what it is worth. Printed for each reader: how often the best sentence of an answering
window is the right one, F1 of the best span, and the area under the ROC curve of "this window
answers", by kind of window; for each verifier that area for "this claim is supported", by source;
and milliseconds of one thread for a window.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from chatbot.evaluation.formulas import token_f1
from chatbot.models.pair_model import Logits, PairTask, TextPair, load_task
from chatbot.models.reader import ANSWERS, END, SENTENCE, START, best_span
from chatbot.models.verifier import SUPPORTED
from chatbot.types import Span
from training.truth.mix import GROUPS
from training.truth.windows import Window, read

Figures = dict[str, tuple[float, int]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("task", choices=("reader", "verifier"))
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, nargs="+")
    parser.add_argument("--limit", type=int, default=600, help="windows, drawn by chance")
    options = parser.parse_args()
    dev = [window for window in read(options.windows) if window.dev]
    dev = random.Random(0).sample(dev, min(options.limit, len(dev)))
    for folder in options.model:
        model = load_task(options.task, folder, threads=1)
        model.read([TextPair(asked=dev[0].asked, passage=dev[0].passage)])
        began = time.process_time()
        found = model.read([TextPair(asked=w.asked, passage=w.passage) for w in dev])
        spent = 1000 * (time.process_time() - began) / len(dev)
        print(f"{folder}: {spent:.1f} ms of processor time for a window, {len(dev)} windows")
        measured = figures(options.task, dev, found, model)
        for name, (value, count) in measured.items():
            print(f"  {name} {value:.4f} of {count}", flush=True)


def figures(
    task: str, windows: Sequence[Window], found: Sequence[Logits], model: PairTask
) -> Figures:
    """Return each figure of a reader or verifier with the number of windows that it rests on."""
    return _claims(windows, found) if task == "verifier" else _answers(windows, found, model)


def _claims(windows: Sequence[Window], found: Sequence[Logits]) -> Figures:
    measured = {}
    for name, starts in GROUPS.items():
        part = [
            (window.label == 2, float(logits.whole[SUPPORTED]))
            for window, logits in zip(windows, found, strict=True)
            if window.source.startswith(starts)
        ]
        if len({truth for truth, _ in part}) == 2:
            area = roc_auc_score([truth for truth, _ in part], [score for _, score in part])
            measured[name] = float(area), len(part)
    return measured


def _answers(windows: Sequence[Window], found: Sequence[Logits], model: PairTask) -> Figures:
    answered = [(w, logits) for w, logits in zip(windows, found, strict=True) if w.gold]
    right = [_best_sentence(w, logits, model) in w.gold for w, logits in answered]
    spans = [_span_f1(w, logits, model) for w, logits in answered if w.span]
    measured = {
        "right sentence": (float(np.mean(right)), len(right)),
        "span F1": (float(np.mean(spans)), len(spans)),
    }
    for kind in ("", "near", "changed", "deleted"):
        part = [
            (bool(w.gold), float(logits.whole[ANSWERS]))
            for w, logits in zip(windows, found, strict=True)
            if not kind or w.kind in ("answered", kind)
        ]
        if len({truth for truth, _ in part}) == 2:
            area = roc_auc_score([truth for truth, _ in part], [score for _, score in part])
            measured[f"AUROC of answering, {kind or 'all'}"] = float(area), len(part)
    return measured


def _best_sentence(window: Window, logits: Logits, model: PairTask) -> int:
    text, column = model.tokens(window.passage), logits.passage[:, SENTENCE]
    ranges = [text.range_of(Span(start=start, end=end)) for start, end in window.sentences]
    return int(np.argmax([column[a:b].mean() if len(column[a:b]) else -np.inf for a, b in ranges]))


def _span_f1(window: Window, logits: Logits, model: PairTask) -> float:
    text = model.tokens(window.passage)
    first, last, _ = best_span(logits.passage[:, START], logits.passage[:, END])
    assert window.span is not None
    said = window.passage[text.starts[first] : text.ends[last]]
    return token_f1(said, [window.passage[slice(*window.span)]])


if __name__ == "__main__":
    main()
