"""Fit what turns the reader's numbers into decisions.

    python -m training.truth.calibrate_reader --data FOLDER --model FOLDER [--work FILE]

Situations are made (``training/reader/scenarios.py``) from articles that the network was not
trained on: one in ten, by a hash, and one in five of the questions that people typed
(``training/reader/agreed.py``). Which candidate answers is one logistic regression, P(answered)
another; thresholds come from predictions for sources that were left out. The result is written
into the model's ``MODEL.json``.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from chatbot.evaluation.metrics.squad import token_f1
from chatbot.models.embedder import Embedder, load_embedder
from chatbot.models.pair_model import PairModel
from chatbot.models.reader import BUILTIN as READER
from chatbot.models.reader_network import NetworkReading, read_candidates
from chatbot.models.reader_pair import INPUTS, answered_inputs, weighed
from chatbot.models.reader_prior import Prior, load_prior
from chatbot.models.reader_question import question_kind
from chatbot.models.reader_regression import Linear, sigmoid
from chatbot.models.reader_soft import SoftMatcher
from chatbot.settings import Settings
from training.reader.agreed import SOURCE, agreed_articles, group_of
from training.reader.changed import changer_of
from training.reader.examples import SOURCES, Examples, Flags, joined
from training.reader.scenarios import Event, agreed_events, events
from training.reader.sources import load_articles
from training.reader.train import plain, regression, report
from training.truth.reader_data import CONFIG, is_dev
from training.verifier.examples import is_dev as is_unseen

EDITED = ("squadshifts_new_wiki", "nq_open_oracle", "covidqa")
"""Sources of edited text, like the documents that users add; the others are posts and reviews,
whose questions speak of "the poster" and "the reviewer"."""
REFUSED_BEFORE_MODEL = 0.02
"""Share of the answerable questions that may be refused before a language model is asked: mean over
the edited sources, each left out of the fit."""
ANSWERING, ANSWERING_BROAD = 0.5, 0.25
"""A sentence answers, too, that is so likely beside the best: of a question for a fact or a few,
and of one for an account."""
Floats = NDArray[np.float64]


def main() -> None:
    """Make the situations, fit, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--model", type=Path, help="folder with model.onnx; none: situations only")
    parser.add_argument("--work", type=Path, help="keep the situations here, or read them (pickle)")
    parser.add_argument("--questions", type=int, default=150, help="of each source, about")
    parser.add_argument("--span", type=float, default=-4.0, help="least score of a short answer")
    options = parser.parse_args()
    embedder = load_embedder(Settings(embedding_model="builtin", embedder_dir=None))
    if options.work and options.work.exists():
        found = pickle.loads(options.work.read_bytes())
    else:
        found = list(_events(options.data, embedder, questions=options.questions))
        if options.work:
            options.work.write_bytes(pickle.dumps(found))
    print(len(found), "situations", flush=True)
    if options.model is None:
        return
    model = PairModel(options.model)
    read = [read_candidates(e.question, e.retrieval.candidates, model) for e in found]
    print(*_short_answers(found, read), sep="\n")
    by_words = load_prior(READER / "weights.json", SoftMatcher(embedder))
    prior = [by_words.judge(event.question, event.retrieval.candidates) for event in found]
    examples = _examples(found, read, prior)
    answered = left_out(examples, prior)
    report(examples, answered)
    print("first", _first(examples))
    print(*_by_rank(examples), sep="\n")
    print(*_accounts(examples, found), sep="\n")
    sentence, question = fit(examples, prior, np.ones(len(prior), dtype=bool))
    path = options.model / "MODEL.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["fit"] = {
        "features": INPUTS,
        "sentence": plain(sentence),
        "question": plain(question),
        "threshold": best_threshold(examples, answered),
        "threshold_with_model": threshold(examples, answered, REFUSED_BEFORE_MODEL),
        "answering": ANSWERING,
        "answering_broad": ANSWERING_BROAD,
        "span": options.span,
    }
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print({key: about["fit"][key] for key in ("threshold", "threshold_with_model")})


def _examples(
    found: Sequence[Event], read: Sequence[NetworkReading], prior: Sequence[Prior]
) -> Examples:
    return joined(
        [
            (event, weighed(one.rows, words))
            for event, one, words in zip(found, read, prior, strict=True)
        ]
    )


def fit(examples: Examples, prior: Sequence[Prior], chosen: Flags) -> tuple[Linear, Linear]:
    """Fit both regressions on the chosen events: which candidate, and whether any."""
    sentence = _sentence(examples, chosen)
    inputs = _inputs(examples, prior, sentence, chosen)
    return sentence, regression(inputs, examples.answerable[chosen])


def _sentence(examples: Examples, chosen: Flags) -> Linear:
    known = (chosen & examples.answerable)[examples.event] & ~examples.doubtful
    return regression(examples.rows[known], examples.gold[known])


def left_out(examples: Examples, prior: Sequence[Prior]) -> Floats:
    """Return P(answered) of every event from regressions that have not seen its source."""
    answered = np.zeros(len(examples.source))
    for source in sorted(set(examples.source)):
        test = examples.source == source
        sentence, question = fit(examples, prior, ~test)
        answered[test] = sigmoid(question.logits(_inputs(examples, prior, sentence, test)))
    return answered


def _inputs(examples: Examples, prior: Sequence[Prior], sentence: Linear, chosen: Flags) -> Floats:
    logits = sentence.logits(examples.rows)
    found = []
    for event in np.flatnonzero(chosen):
        part = slice(examples.starts[event], examples.starts[event + 1])
        found.append(answered_inputs(prior[event], logits[part], examples.rows[part]))
    return np.array(found)


def best_threshold(examples: Examples, answered: Floats) -> float:
    """Return the P(answered) with the best sum of answerable answered and unanswerable refused."""

    def worth(value: float) -> float:
        said = answered >= value
        return float(
            np.mean(
                [
                    (said[here] == examples.answerable[here])[
                        examples.answerable[here] == one
                    ].mean()
                    for here in (examples.source == source for source in EDITED)
                    for one in (True, False)
                ]
            )
        )

    return float(max(np.linspace(0, 1, 1001), key=worth))


def threshold(examples: Examples, answered: Floats, refused: float) -> float:
    """Return the P(answered) below which this share of the answerable lies, mean of ``EDITED``."""
    grid = np.linspace(0, 1, 1001)
    shares = [
        [
            float((answered[(examples.source == source) & examples.answerable] < value).mean())
            for source in EDITED
        ]
        for value in grid
    ]
    return float(grid[np.searchsorted(np.mean(shares, axis=1), refused)])


def _short_answers(found: Sequence[Event], read: Sequence[NetworkReading]) -> Iterator[str]:
    """Say how good short answers are from the first right sentence, by the least score for one."""
    known: list[tuple[float, float]] = []
    for event, one in zip(found, read, strict=True):
        if event.scenario != "passage" or not event.answerable:
            continue
        at = event.gold.index(True)
        text, spanned = event.retrieval.candidates[at].text, one.spans[at]
        if spanned is not None:
            said = text[spanned.place.start : spanned.place.end]
            known.append((spanned.score, token_f1(said, event.answers)))
    for least in (-20, -4, -2, 0, 1, 2, 3, 4, 6):
        given = [f1 for score, f1 in known if score >= least]
        if given:
            yield f"span from {least}: F1 {np.mean(given):.3f} of {len(given)}/{len(known)}"


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


def _by_rank(examples: Examples) -> Iterator[str]:
    """Say how often sentences of a rank are right that are about as likely as the first.

    Of questions that people typed: the extractive answer quotes several for an open question.
    """
    test = examples.source == SOURCE
    logits = _sentence(examples, ~test).logits(examples.rows)
    right: dict[int, list[bool]] = {}
    for event in np.flatnonzero(test & examples.answerable):
        part = slice(examples.starts[event], examples.starts[event + 1])
        scores, gold = sigmoid(logits[part]), examples.gold[part]
        for rank, at in enumerate(np.argsort(-scores)[:3], start=1):
            if scores[at] >= ANSWERING * scores.max():
                right.setdefault(rank, []).append(bool(gold[at]))
    for rank, found in sorted(right.items()):
        yield f"rank {rank}: {np.mean(found):.3f} right of {len(found)}"


def _accounts(examples: Examples, found: Sequence[Event]) -> Iterator[str]:
    """Say how well an account is quoted that people asked for, by how many and how likely."""
    test = (examples.source == SOURCE) & examples.answerable
    test &= np.array([question_kind(event.question).broad for event in found])
    logits = _sentence(examples, examples.source != SOURCE).logits(examples.rows)
    for most, share in ((3, ANSWERING), (5, ANSWERING_BROAD)):
        rows = []
        for event in np.flatnonzero(test):
            part = slice(examples.starts[event], examples.starts[event + 1])
            scores, gold = sigmoid(logits[part]), examples.gold[part]
            best = np.argsort(-scores)[:most]
            quoted = best[scores[best] >= share * scores.max()]
            right = int(gold[quoted].sum())
            rows.append(
                (right / len(quoted), right / gold.sum(), 2 * right / (len(quoted) + gold.sum()))
            )
        precision, recall, f1 = np.mean(rows, axis=0)
        yield (
            f"accounts, {most} of at least {share}: precision {precision:.3f} recall {recall:.3f} "
            f"F1 {f1:.3f} of {len(rows)}"
        )


def _first(examples: Examples) -> str:
    """Return how often the best candidate of the whole article holds the answer."""
    hits: list[bool] = []
    for source in sorted(set(examples.source)):
        test = examples.source == source
        sentence = _sentence(examples, ~test)
        logits = sentence.logits(examples.rows)
        for event in np.flatnonzero(test & (examples.scenario == "article")):
            part = slice(examples.starts[event], examples.starts[event + 1])
            hits.append(bool(examples.gold[part][np.argmax(logits[part])]))
    return f"{np.mean(hits):.3f} of {len(hits)}"


if __name__ == "__main__":
    main()
