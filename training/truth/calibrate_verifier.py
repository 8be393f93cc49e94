"""Fit P(supported) to the verifier's numbers: ``python -m training.truth.calibrate_verifier``.

    python -m training.truth.calibrate_verifier --windows FILE --model FOLDER

A slope and a bias turn the network's number into P(supported), fitted to claims whose sources it
was not trained on (one training source in ten). The threshold is set by what people see: at most
``FALSE_ALARMS`` of the faithful answers of real models have a claim below it. That of fragments,
which are read behind their question, is set by the wrong ones: at most ``WRONG_FRAGMENTS`` of them
reach it. From ``contradicted`` on, the evidence is said to say otherwise: there at least ``SURE``
of the claims of real models and people are so. From ``doubt`` on, a word is shown as one without
support (``measure_words``). All are written into the model's ``MODEL.json``; printed are the
figures of dev, and what other shares of false alarms would cost (``alarms``).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score

from chatbot.models.pair_model import PairTask, TextPair, load_task
from chatbot.models.verifier import CONTRADICTED, SUPPORTED
from training.truth.alarms import by_answer, by_false_alarms, curve
from training.truth.measure_words import doubt_threshold
from training.truth.mix import GROUPS
from training.truth.windows import Window, read

FALSE_ALARMS = 0.10
"""Share of the faithful answers that may have a claim which is not supported."""
WRONG_FRAGMENTS = 0.05
"""Share of the wrong fragments of held sources that may pass."""
SURE = 0.8
"""Share of the claims said to be contradicted that are to be so."""
_FEWEST = 10
"""Claims said to be contradicted that such a share must rest on."""
_REAL = ("ragtruth", "factcheck")
Floats = NDArray[np.float64]
_BATCH = 200


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder with model.onnx")
    options = parser.parse_args()
    windows = [w for w in read(options.windows) if w.kind == "held" or w.dev]
    model = load_task("verifier", options.model)
    numbers = logits(windows, model)
    held = np.array([not w.dev for w in windows])
    labels = np.array([w.label == 2 for w in windows])
    fitted = LogisticRegression(C=1.0, max_iter=3000).fit(numbers[held, :1], labels[held])
    scores = fitted.predict_proba(numbers[:, :1])[:, 1]
    threshold = by_false_alarms(*by_answer(windows, scores), FALSE_ALARMS)
    path = options.model / "MODEL.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    fit = {
        "slope": round(float(fitted.coef_[0, 0]), 5),
        "bias": round(float(fitted.intercept_[0]), 5),
        "threshold": round(threshold, 3),
        "fragment_threshold": round(fragment_threshold(windows, scores), 3),
        "doubt": doubt_threshold([w for w in windows if not w.dev], model),
        "contradicted": contradicted_from(windows, scores < threshold, numbers[:, 1]),
    }
    about["tasks"]["verifier"]["fit"] = {key: one for key, one in fit.items() if one is not None}
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(fit)
    dev = [w for w in windows if w.dev]
    print("false alarms", *curve(dev, scores[~held]), sep="\n  ")
    print("dev", report(dev, scores[~held], threshold))


def logits(windows: Sequence[Window], model: PairTask) -> Floats:
    """Return what the network says of each window: (windows, 2), supported and contradicted."""
    found = []
    for at in range(0, len(windows), _BATCH):
        some = windows[at : at + _BATCH]
        read_ = model.read([TextPair(asked=w.asked, passage=w.passage) for w in some])
        found += [one.whole[[SUPPORTED, CONTRADICTED]] for one in read_]
    return np.array(found, dtype=np.float64)


def fragment_threshold(windows: Sequence[Window], scores: Floats) -> float:
    """Return the least score that at most ``WRONG_FRAGMENTS`` of the wrong held ones reach."""
    wrong = [
        score
        for window, score in zip(windows, scores, strict=True)
        if not window.dev and window.label < 2 and window.source.startswith(GROUPS["fragments"])
    ]
    return float(np.quantile(wrong, 1 - WRONG_FRAGMENTS, method="higher"))


def contradicted_from(
    windows: Sequence[Window], below: NDArray[np.bool_], numbers: Floats
) -> float | None:
    """Return the least number at which enough of the claims below the threshold are contradicted.

    None where there is no such number.
    """
    known = [
        at
        for at, window in enumerate(windows)
        if below[at] and window.against is not None and window.source.startswith(_REAL)
    ]
    order = sorted(known, key=lambda at: -numbers[at])
    right = np.cumsum([bool(windows[at].against) for at in order])
    counts = np.arange(1, len(order) + 1)
    enough = np.flatnonzero((right >= SURE * counts) & (counts >= _FEWEST))
    if not len(enough):
        return None
    print(f"contradicted: {right[enough[-1]]} of {counts[enough[-1]]} right, of {right[-1]} in all")
    return round(float(numbers[order[enough[-1]]]), 3)


def report(windows: Sequence[Window], scores: Floats, threshold: float) -> str:
    """Return the figures as text: RAGTruth, then every other source."""
    lines = [f"threshold {threshold:.2f}"]
    rag = np.array([w.source == "ragtruth" for w in windows])
    labels = np.array([w.label == 2 for w in windows])
    if rag.any():
        lowest, bad = by_answer(windows, scores)
        lines.append(
            f"RAGTruth: claim AUROC {roc_auc_score(labels[rag], scores[rag]):.4f} "
            f"({rag.sum()} claims), answers AUROC {roc_auc_score(~bad, lowest):.4f} "
            f"F1 {f1_score(bad, lowest < threshold):.4f} ({len(bad)} answers)"
        )
    groups: dict[str, list[int]] = defaultdict(list)
    for number, window in enumerate(windows):
        groups[re.sub(r"-edited$", "", window.source)].append(number)
        for name, starts in GROUPS.items():
            if window.source.startswith(starts):
                groups[f"all {name}"].append(number)
    for source, places in sorted(groups.items()):
        right = ((scores[places] >= threshold) == labels[places]).mean()
        line = f"  {source:32} n {len(places):5} right {right:.3f}"
        if 0 < labels[places].mean() < 1:
            line += f" AUROC {roc_auc_score(labels[places], scores[places]):.3f}"
        lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
