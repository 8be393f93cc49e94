"""Whether the verifier tells which words lack support: ``python -m training.truth.measure_words``.

    python -m training.truth.measure_words --windows FILE --model FOLDER [--limit 1500]

On unsupported claims of dev whose wrong words are known: precision and recall of the words at
several thresholds of the network's logit, and how often the word it trusts least is a wrong one.
``calibrate_verifier`` takes the threshold from sources of training by ``doubt_threshold``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.models.model_files import Floats
from chatbot.models.pair_model import PairTask, TextPair, load_task
from chatbot.models.verifier import BAD, word_doubts
from training.truth.mix import GROUPS
from training.truth.windows import Window, read

THRESHOLDS = (-1.0, 0.0, 0.5, 1.0, 2.0)
_SURE = 0.75
"""Share of the words marked for the user that are to be wrong ones."""
_LIMIT = 600
_KINDS = ("RAGTruth", "made of questions", "made")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=1500, help="claims of each kind")
    options = parser.parse_args()
    dev = [window for window in read(options.windows) if window.dev]
    model = load_task("verifier", options.model)
    for name, claims in _by_kind(dev, options.limit).items():
        print(f"{name}, {len(claims)} claims", *report(list(marked(claims, model))), sep="\n  ")


def marked(claims: Sequence[Window], model: PairTask) -> Iterator[tuple[Floats, NDArray]]:
    """Yield for each claim its words' greatest logits, and which of the words are wrong."""
    found = model.read([TextPair(asked=w.asked, passage=w.passage) for w in claims])
    for window, logits in zip(claims, found, strict=True):
        scores, wrong = [], []
        tokens = model.tokens(window.asked)
        for word, logit in word_doubts(tokens, window.asked, logits.asked[:, BAD]):
            scores.append(logit)
            wrong.append(any(word.start < e and s < word.end for s, e in window.bad or ()))
        yield np.array(scores, dtype=np.float32), np.array(wrong, dtype=np.bool_)


def doubt_threshold(windows: Sequence[Window], model: PairTask) -> float:
    """Return the least logit at which enough of the marked words are wrong, of each kind."""
    kinds = [list(marked(claims, model)) for claims in _by_kind(windows, _LIMIT).values()]
    words = [[np.concatenate(part) for part in zip(*kind, strict=True)] for kind in kinds]

    def is_sure(threshold: float) -> bool:
        said = [wrong[scores > threshold] for scores, wrong in words]
        return all(len(one) and one.mean() >= _SURE for one in said)

    return next((float(one) for one in np.arange(0.0, 6.0, 0.25) if is_sure(one)), float("inf"))


def _by_kind(windows: Sequence[Window], limit: int) -> dict[str, list[Window]]:
    """Return claims whose wrong words are known, by kind, at most so many of each."""
    known = [w for w in windows if w.label < 2 and w.bad and w.passage]
    found = {}
    for name in _KINDS:
        claims = [window for window in known if window.source.startswith(GROUPS[name])]
        found[name] = random.Random(0).sample(claims, min(limit, len(claims)))
    return {name: claims for name, claims in found.items() if claims}


def report(claims: Sequence[tuple[Floats, NDArray]]) -> list[str]:
    """Return the figures as lines."""
    claims = [(scores, wrong) for scores, wrong in claims if wrong.any()]
    top = np.mean([wrong[scores.argmax()] for scores, wrong in claims])
    scores = np.concatenate([one for one, _ in claims])
    wrong = np.concatenate([one for _, one in claims])
    lines = [f"least trusted word is wrong: {top:.3f}; wrong words: {wrong.mean():.3f}"]
    for threshold in THRESHOLDS:
        said = scores > threshold
        precision = wrong[said].mean() if said.any() else float("nan")
        lines.append(
            f"logit > {threshold}: precision {precision:.3f}, recall {said[wrong].mean():.3f}"
        )
    return lines


if __name__ == "__main__":
    main()
