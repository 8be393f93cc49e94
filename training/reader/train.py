"""Fit the reader's prior, on features of words, and write ``weights.json``.

    python -m training.reader.train --data PATH --out chatbot/models/weights/reader

1. Events are made from the training files (``scenarios``): questions whose answer is there, and
   questions that nothing answers.
2. Which sentence answers is a logistic regression on the reader's features, fitted where there is
   an answer; P(answered) another one on the logits and the features of the best sentence, fitted
   with logits of events that the first has not seen.
3. Each source is left out once; the figures come from these predictions, so from texts of a kind
   that was not fitted. The weights written are those of all sources.

Seeded; a second run on the same data writes the same file.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chatbot.models.embedder import load_embedder
from chatbot.models.reader_features import FEATURES
from chatbot.models.reader_regression import Linear, question_inputs
from chatbot.settings import Settings
from training.reader.examples import Examples, Flags, make_examples

FOLDS = 4
Floats = NDArray[np.float64]


def main() -> None:
    """Make the events, fit, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=1500, help="of each source")
    parser.add_argument("--work", type=Path, default=Path("training/.work/reader.pkl"))
    options = parser.parse_args()
    if options.work.exists():
        examples = pickle.loads(options.work.read_bytes())
    else:
        embedder = load_embedder(Settings())
        examples = make_examples(options.data, embedder, questions=options.questions)
        options.work.parent.mkdir(parents=True, exist_ok=True)
        options.work.write_bytes(pickle.dumps(examples))
    answered = left_out(examples)
    report(examples, answered)
    sentence, question = fit(examples, np.ones(len(examples.source), dtype=bool))
    data = {"features": FEATURES, "sentence": plain(sentence), "question": plain(question)}
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, indent=1, sort_keys=True)
    (options.out / "weights.json").write_text(text + "\n", encoding="utf-8")


def fit(examples: Examples, chosen: Flags) -> tuple[Linear, Linear]:
    """Fit both models on the chosen events."""
    candidates = chosen[examples.event]
    known = (chosen & examples.answerable)[examples.event] & ~examples.doubtful
    logits = np.zeros(len(examples.gold))
    fold = np.random.default_rng(0).integers(FOLDS, size=len(chosen))
    for number in range(FOLDS):
        inside = known & (fold != number)[examples.event]
        outside = candidates & (fold == number)[examples.event]
        part = regression(examples.rows[inside], examples.gold[inside])
        logits[outside] = part.logits(examples.rows[outside])
    inputs = summaries(examples, logits, chosen)
    question = regression(inputs, examples.answerable[chosen])
    return regression(examples.rows[known], examples.gold[known]), question


def regression(rows: NDArray[Any], labels: Flags) -> Linear:
    """Fit a logistic regression on standardised inputs."""
    mean = np.nanmean(rows, axis=0, dtype=np.float64)
    scale = np.maximum(np.nanstd(rows, axis=0, dtype=np.float64), 1e-6)
    standard = np.nan_to_num((rows - mean) / scale, nan=0.0)
    model = LogisticRegression(C=0.05, max_iter=3000).fit(standard, labels)
    return Linear(mean=mean, scale=scale, weights=model.coef_[0], bias=float(model.intercept_[0]))


def summaries(examples: Examples, logits: Floats, chosen: Flags) -> Floats:
    """Return the inputs of P(answered) for the chosen events."""
    found = []
    for event in np.flatnonzero(chosen):
        part = slice(examples.starts[event], examples.starts[event + 1])
        found.append(question_inputs(logits[part], examples.rows[part]))
    return np.array(found)


def left_out(examples: Examples) -> Floats:
    """Return P(answered) of every event from models that have not seen its source."""
    answered = np.zeros(len(examples.source))
    for source in sorted(set(examples.source)):
        test = examples.source == source
        sentence, question = fit(examples, ~test)
        logits = sentence.logits(examples.rows)
        found = question.logits(summaries(examples, logits, test))
        answered[test] = 1 / (1 + np.exp(-found))
    return answered


def report(examples: Examples, answered: Floats) -> None:
    """Print, for each source left out, how well answerable and unanswerable are told apart."""
    for source in sorted(set(examples.source)):
        here = examples.source == source
        good = here & examples.answerable
        line = [f"{source:28} n {here.sum():6} AUROC {area(examples, answered, here):.3f}"]
        for scenario in sorted(set(examples.scenario[here & ~examples.answerable])):
            bad = here & (examples.scenario == scenario)
            line.append(f"{scenario} {area(examples, answered, good | bad):.3f}")
        print("  ".join(line))
    print("all", round(area(examples, answered, np.ones(len(answered), dtype=bool)), 3))
    for low in np.arange(0, 1, 0.1):
        part = (answered >= low) & (answered < low + 0.1)
        if part.any():
            share = examples.answerable[part].mean()
            print(f"P from {low:.1f}: n {part.sum()}, answerable {share:.2f}")


def area(examples: Examples, answered: Floats, chosen: Flags) -> float:
    """Return the AUROC of "answerable" among the chosen events."""
    return float(roc_auc_score(examples.answerable[chosen], answered[chosen]))


def plain(model: Linear) -> dict[str, Any]:
    """Return a model as JSON values, rounded to what matters."""
    return {
        "mean": [round(float(value), 6) for value in model.mean],
        "scale": [round(float(value), 6) for value in model.scale],
        "weights": [round(float(value), 5) for value in model.weights],
        "bias": round(model.bias, 5),
    }


if __name__ == "__main__":
    main()
