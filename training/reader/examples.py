"""The reader's training examples as arrays: a row for each candidate of each made event."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.models.embedder import Embedder
from chatbot.models.reader_features import features
from chatbot.models.reader_soft import SoftMatcher
from training.reader.changed import changer_of
from training.reader.scenarios import Event, events
from training.reader.sources import load_articles

SOURCES = (
    "squadshifts_new_wiki", "squadshifts_reddit", "squadshifts_amazon_reviews",
    "covidqa", "nq_open_oracle",
)  # fmt: skip
Strings = NDArray[np.str_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Examples:
    """n candidates of m events."""

    rows: NDArray[np.float32]
    """(n, features)"""
    gold: Flags
    """(n,) the candidate holds the answer."""
    doubtful: Flags
    """(n,) it may: not fitted on."""
    starts: NDArray[np.int64]
    """(m + 1,) the candidates of event i are ``starts[i]:starts[i + 1]``."""
    source: Strings
    """(m,)"""
    scenario: Strings
    """(m,)"""
    answerable: Flags
    """(m,)"""

    @property
    def event(self) -> NDArray[np.int64]:
        """The event of each candidate: (n,)."""
        return np.repeat(np.arange(len(self.source)), np.diff(self.starts))


def make_examples(data: Path, embedder: Embedder, *, questions: int, seed: int = 0) -> Examples:
    """Make the events of every source, and their features.

    Args:
        data: folder of the training files.
        embedder: the one that answers later.
        questions: about how many of each source.
        seed: of every draw.
    """

    def made() -> Iterable[Event]:
        for source in SOURCES:
            articles = load_articles(data, source, embedder, questions=questions, seed=seed)
            drawn = random.Random(f"{source} {seed}")
            print(source, len(articles), "articles", file=sys.stderr, flush=True)
            changer = changer_of(articles)
            for article in articles:
                others = [other for other in articles if other is not article]
                yield from events(article, others, embedder, changer, drawn)

    return read_events(made(), SoftMatcher(embedder))


def read_events(found: Iterable[Event], matcher: SoftMatcher) -> Examples:
    """Compute the features of events.

    Left out are those without a candidate, and those whose answer retrieval has not found:
    whether something else answers is not known.
    """
    kept = [
        (event, features(event.question, event.retrieval.candidates, matcher))
        for event in found
        if event.gold and (any(event.gold) or not event.answerable)
    ]
    return joined(kept)


def joined(kept: Sequence[tuple[Event, NDArray[np.float32]]]) -> Examples:
    """Put events and the rows of their candidates together."""
    return Examples(
        rows=np.concatenate([rows for _, rows in kept]),
        gold=np.concatenate([np.array(event.gold) for event, _ in kept]),
        doubtful=np.concatenate([np.array(event.doubtful) for event, _ in kept]),
        starts=np.cumsum([0, *(len(rows) for _, rows in kept)]),
        source=np.array([event.source for event, _ in kept]),
        scenario=np.array([event.scenario for event, _ in kept]),
        answerable=np.array([event.answerable for event, _ in kept]),
    )
