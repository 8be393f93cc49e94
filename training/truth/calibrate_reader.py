"""Fit the judge's two regressions to the numbers of a reader, and its thresholds.

    python -m training.truth.calibrate_reader --data FOLDER --model FOLDER [--work FILE]

Situations are made (``training/reader/scenarios.py``) from articles that the network was not
trained on: one in ten, by a hash, and one in five of the questions that people typed
(``training/reader/agreed.py``). Which sentence answers is one logistic regression, P(answered)
another (``chatbot/answering/judging.py``); the figures and the thresholds come from predictions for
sources that were left out. The result is written into the model's ``MODEL.json``.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chatbot.answering.anchors import Named, named_in
from chatbot.answering.find import weigh
from chatbot.answering.judging import (
    QUESTION_INPUTS,
    SENTENCE_INPUTS,
    question_row,
    sentence_rows,
)
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.models.linear import Linear, sigmoid
from chatbot.models.pair_model import load_task
from chatbot.models.reader import Reader
from chatbot.settings import Settings
from training.reader.agreed import agreed_articles, group_of
from training.reader.changed import changer_of
from training.reader.scenarios import LIMIT, Event, agreed_events, events
from training.reader.sources import load_articles
from training.truth.reader_data import CONFIG, is_dev
from training.verifier.examples import is_dev as is_unseen

SOURCES = (
    "squadshifts_new_wiki", "squadshifts_reddit", "squadshifts_amazon_reviews",
    "covidqa", "nq_open_oracle",
)  # fmt: skip
EDITED = ("squadshifts_new_wiki", "nq_open_oracle", "covidqa")
"""Sources of edited text, like the documents that users add; the others are posts and reviews,
whose questions speak of "the poster" and "the reviewer"."""
REFUSED_BEFORE_MODEL = 0.02
"""Share of the answerable questions that may be refused before a language model is asked: mean over
the edited sources, each left out of the fit."""
WRONG = 1.2
"""A wrong answer that looks certain harms more than "the documents do not answer"."""
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Example:
    """What the judge sees of one situation, and the truth."""

    event: Event
    named: tuple[Named, ...]
    rows: Floats
    """(sentences, len(SENTENCE_INPUTS))"""
    gold: Flags
    doubtful: Flags
    """It may answer: not fitted on."""


def main() -> None:
    """Make the situations, fit, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--model", type=Path, help="folder with model.onnx; none: situations only")
    parser.add_argument("--work", type=Path, help="keep the situations here, or read them (pickle)")
    parser.add_argument("--questions", type=int, default=150, help="of each source, about")
    parser.add_argument("--span", type=float, default=-4.0, help="least score of a short answer")
    options = parser.parse_args()
    if options.work and options.work.exists():
        found = pickle.loads(options.work.read_bytes())
    else:
        embedder = load_embedder(Settings(embedding_model="builtin", embedder_dir=None))
        found = list(_events(options.data, embedder, questions=options.questions))
        if options.work:
            options.work.write_bytes(pickle.dumps(found))
    print(len(found), "situations", flush=True)
    if options.model is None:
        return
    reader = Reader(load_task("reader", options.model))
    examples = [one for event in found if (one := _example(event, reader)) is not None]
    answered = left_out(examples)
    report(examples, answered)
    sentence, question = fit(examples)
    path = options.model / "MODEL.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    fitted = about["tasks"]["reader"]["fit"] = {
        "sentence": plain(sentence),
        "question": plain(question),
        "threshold": best_threshold(examples, answered),
        "threshold_with_model": threshold(examples, answered, REFUSED_BEFORE_MODEL),
        "span": options.span,
    }
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print({key: fitted[key] for key in ("threshold", "threshold_with_model")})


def _example(event: Event, reader: Reader) -> Example | None:
    """Read a situation as it is read at run time; None where nothing is left to weigh."""
    named = named_in(event.question)
    hits, weighed = weigh(event.question, named, event.retrieval, reader, limit=LIMIT)
    places = [event.retrieval.hits.index(hit) for hit in hits]
    gold = np.array([event.gold[at] for at in places], dtype=bool)
    if not hits or (event.answerable and not gold.any()):
        return None
    return Example(
        event=event,
        named=named,
        rows=sentence_rows(weighed),
        gold=gold,
        doubtful=np.array([event.doubtful[at] for at in places], dtype=bool),
    )


def fit(examples: Sequence[Example]) -> tuple[Linear, Linear]:
    """Fit which sentence answers, and whether any does."""
    right = [one for one in examples if one.event.answerable]
    rows = np.concatenate([one.rows[~one.doubtful] for one in right])
    gold = np.concatenate([one.gold[~one.doubtful] for one in right])
    sentence = regression(rows, gold, SENTENCE_INPUTS)
    answerable = np.array([one.event.answerable for one in examples])
    return sentence, regression(_inputs(examples, sentence), answerable, QUESTION_INPUTS)


def _inputs(examples: Sequence[Example], sentence: Linear) -> Floats:
    return np.array([question_row(one.rows, sentence.logits(one.rows)) for one in examples])


def regression(rows: Floats, labels: Flags, inputs: tuple[str, ...]) -> Linear:
    """Fit a logistic regression on standardised inputs."""
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    model = LogisticRegression(C=0.05, max_iter=3000).fit((rows - mean) / scale, labels)
    return Linear(
        inputs=inputs,
        mean=mean,
        scale=scale,
        weights=model.coef_[0],
        bias=float(model.intercept_[0]),
    )


def left_out(examples: Sequence[Example]) -> Floats:
    """Return P(answered) of every example from regressions that have not seen its source."""
    sources = np.array([one.event.source for one in examples])
    answered = np.zeros(len(examples))
    for source in sorted(set(sources)):
        test = np.flatnonzero(sources == source)
        sentence, question = fit([one for one in examples if one.event.source != source])
        inputs = _inputs([examples[int(at)] for at in test], sentence)
        answered[test] = sigmoid(question.logits(inputs))
    return answered


def report(examples: Sequence[Example], answered: Floats) -> None:
    """Print how well answerable and unanswerable are told apart, each source left out."""
    source, scenario, answerable = _columns(examples)
    for name in sorted(set(source)):
        here = source == name
        line = [f"{name:28} n {here.sum():5} AUROC {_area(answerable, answered, here):.3f}"]
        for kind in sorted(set(scenario[here & ~answerable])):
            some = here & (answerable | (scenario == kind))
            line.append(f"{kind} {_area(answerable, answered, some):.3f}")
        print("  ".join(line))
    print("all", round(_area(answerable, answered, np.ones(len(answered), dtype=bool)), 3))
    first = [
        bool(one.gold[int(np.argmax(fit_free))])
        for one, fit_free in ((one, one.rows[:, 0]) for one in examples)
        if one.event.answerable and one.event.scenario == "article"
    ]
    print(f"the network's first sentence is right in {np.mean(first):.3f} of {len(first)}")


def _columns(examples: Sequence[Example]) -> tuple[NDArray[np.str_], NDArray[np.str_], Flags]:
    return (
        np.array([one.event.source for one in examples]),
        np.array([one.event.scenario for one in examples]),
        np.array([one.event.answerable for one in examples]),
    )


def _area(answerable: Flags, answered: Floats, chosen: Flags) -> float:
    return float(roc_auc_score(answerable[chosen], answered[chosen]))


def best_threshold(examples: Sequence[Example], answered: Floats) -> float:
    """Return the P(answered) with the best sum of answerable answered and unanswerable refused.

    Mean of ``EDITED``; a wrong answer counts ``WRONG`` times as much as a refusal in vain.
    """
    source, _, answerable = _columns(examples)

    def worth(value: float) -> float:
        right = (answered >= value) == answerable
        shares = [
            right[(source == name) & answerable].mean()
            + WRONG * right[(source == name) & ~answerable].mean()
            for name in EDITED
        ]
        return float(np.mean(shares))

    return float(max(np.linspace(0, 1, 1001), key=worth))


def threshold(examples: Sequence[Example], answered: Floats, refused: float) -> float:
    """Return the P(answered) below which this share of the answerable lies, mean of ``EDITED``."""
    source, _, answerable = _columns(examples)
    grid = np.linspace(0, 1, 1001)
    shares = [
        [float((answered[(source == name) & answerable] < value).mean()) for name in EDITED]
        for value in grid
    ]
    return float(grid[np.searchsorted(np.mean(shares, axis=1), refused)])


def plain(model: Linear) -> dict[str, Any]:
    """Return a regression as JSON values, rounded to what matters."""
    return {
        "inputs": list(model.inputs),
        "mean": [round(float(value), 6) for value in model.mean],
        "scale": [round(float(value), 6) for value in model.scale],
        "weights": [round(float(value), 5) for value in model.weights],
        "bias": round(model.bias, 5),
    }


def _events(data: Path, embedder: Embedder, *, questions: int) -> Iterator[Event]:
    """Yield the situations that can be fitted to: what retrieval has not found is not known."""
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    for source in SOURCES:
        articles = load_articles(
            data,
            source,
            embedder,
            questions=config["sources"][source]["questions"],
            seed=config["seed"],
            chosen=is_dev,
        )
        drawn = random.Random(f"{source} calibrate")
        changer = changer_of(articles)
        total = sum(len(article.questions) for article in articles)
        for article in articles:
            others = [other for other in articles if other is not article]
            share = min(1.0, questions / total)
            asked = tuple(q for q in article.questions if drawn.random() < share)
            some = replace(article, questions=asked)
            for event in events(some, others, embedder, changer, drawn) if len(asked) > 1 else ():
                if _can_be_fitted(event):
                    yield event
    agreed = agreed_articles(data.parent / "ragtruth" / "train.jsonl.gz", embedder)
    unseen = [article for article in agreed if is_unseen(group_of(article))]
    for event in agreed_events(unseen, random.Random("agreed calibrate")):
        if _can_be_fitted(event):
            yield event


def _can_be_fitted(event: Event) -> bool:
    return bool(event.gold) and (any(event.gold) or not event.answerable)


if __name__ == "__main__":
    main()
