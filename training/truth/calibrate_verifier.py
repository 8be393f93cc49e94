"""Fit P(supported) to the verifier's network: ``python -m training.truth.calibrate_verifier``.

    python -m training.truth.calibrate_verifier --windows FILE --model FOLDER

A logistic regression on what the network says of claims whose sources it was not trained on (one
training source in ten), the threshold that is best for real answers and made claims alike, and the
logit from which a word is shown as one without support (``measure_words.doubt_threshold``). The
threshold is chosen on all sources kept out of training, dev among them: those that are held are too
few. The result is written into the model's ``MODEL.json``; printed are the figures of dev, beside
each AUROC that of the network alone, and what false alarms in faithful answers cost (``alarms``).
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

from chatbot.models.embedders import load_embedder
from chatbot.models.pair_model import PairModel
from chatbot.models.verifier.model import REGRESSION_INPUTS, inputs
from chatbot.models.verifier.trees import FeatureTrees, load_trees
from chatbot.settings import Settings
from training.truth.alarms import by_answer, curve
from training.truth.measure_words import doubt_threshold
from training.truth.mix import GROUPS
from training.truth.windows import Window, read

Floats = NDArray[np.float64]
_BATCH = 200
_AS_GOOD = 0.01


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder with model.onnx")
    parser.add_argument("--limit", type=int, help="windows of dev that are measured")
    options = parser.parse_args()
    windows = [w for w in read(options.windows) if w.kind == "held" or w.dev]
    held = [w for w in windows if not w.dev]
    dev = [w for w in windows if w.dev][: options.limit]
    model = PairModel(options.model)
    builtin = Settings(embedding_model="builtin", embedder_dir=None)
    trees = load_trees(builtin, load_embedder(builtin))
    rows, dev_rows = features(held, model, trees), features(dev, model, trees)
    labels = np.array([w.label == 2 for w in held])
    fitted = LogisticRegression(C=1.0, max_iter=3000).fit(rows, labels)
    scores = fitted.predict_proba(np.concatenate([rows, dev_rows]))[:, 1]
    threshold = best_threshold([*held, *dev], scores)
    path = options.model / "MODEL.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["fit"] = {
        "features": REGRESSION_INPUTS,
        "weights": [round(float(value), 5) for value in fitted.coef_[0]],
        "bias": round(float(fitted.intercept_[0]), 5),
        "threshold": threshold,
        "doubt": doubt_threshold(held, model),
    }
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print("false alarms", *curve(dev, scores[len(held) :]), sep="\n  ")
    print("dev", report(dev, scores[len(held) :], threshold, alone=dev_rows[:, 0]))


def features(windows: Sequence[Window], model: PairModel, trees: FeatureTrees) -> Floats:
    """Return what the regression sees of each window: (windows, len(REGRESSION_INPUTS))."""
    found = []
    for at in range(0, len(windows), _BATCH):
        pairs = [
            (w.asked, [w.passage[start:end] for start, end in w.sentences])
            for w in windows[at : at + _BATCH]
        ]
        found.append(inputs(pairs, model, trees)[1])
    return np.concatenate(found).astype(np.float64)


def best_threshold(windows: Sequence[Window], scores: Floats) -> float:
    """Return the threshold with the best sum of answer F1 and made claims told right.

    Of those that are as good the mildest: a false alarm teaches people to pass over alarms.
    """
    made = np.array([w.source.startswith("made") for w in windows])
    labels = np.array([w.label == 2 for w in windows])

    def worth(threshold: float) -> float:
        lowest, bad = by_answer(windows, scores)
        said = scores[made] >= threshold
        right = np.mean([(said == labels[made])[labels[made] == one].mean() for one in (0, 1)])
        return float(f1_score(bad, lowest < threshold) + right)

    worths = {float(one): worth(one) for one in np.linspace(0.2, 0.95, 76)}
    enough = max(worths.values()) - _AS_GOOD
    return min(threshold for threshold, value in worths.items() if value >= enough)


def report(windows: Sequence[Window], scores: Floats, threshold: float, *, alone: Floats) -> str:
    """Return the figures as text: RAGTruth, then every other source; ``alone``: the network's."""
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
            line += f", network alone {roc_auc_score(labels[places], alone[places]):.3f}"
        lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
