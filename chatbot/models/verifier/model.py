"""The verifier: does the evidence support the claim?

A network reads claim and evidence together, trees look at measures of both; one regression turns
what they say into P(supported). ``Verifier`` is the seam. Knows neither answers nor documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from chatbot.models.embedder import Embedder, Vectors
from chatbot.models.pair_model import Floats, Logits, PairModel, builtin_pair_model
from chatbot.models.verifier.doubt import doubted, word_doubts
from chatbot.models.verifier.network import (
    CONTRADICTED,
    NETWORK_NUMBERS,
    Pair,
    evidence_pair,
    pair_features,
)
from chatbot.models.verifier.parts import parts
from chatbot.models.verifier.records import denied
from chatbot.models.verifier.trees import FeatureTrees, load_trees
from chatbot.settings import Settings
from chatbot.types import Span

BUILTIN = Path(__file__).parent.parent / "weights" / "verifier"
REGRESSION_INPUTS = (*NETWORK_NUMBERS, "measures")
"""What the regression sees of a pair: the network's numbers, and the log odds of the trees."""
_DENIED = 0.02
"""P(supported) of a claim that a record denies outright, at most."""
_BESIDE = ThreadPoolExecutor(max_workers=8, thread_name_prefix="chatbot-verifier")
_SUREST = 0.001
"""Nearer than this to 0 or 1 the trees are not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a verifier says of one claim and its evidence."""

    score: float
    """P(supported), calibrated, in [0, 1]."""
    partly: float | None = None
    """P(supported) of the best part of the claim; None where it has no parts or needs none."""
    contradicted: bool = False
    """Whether the evidence says otherwise, where the claim is not supported."""
    doubted: Callable[[], tuple[Span, ...]] = tuple
    """Finds the words of a claim that is not supported for which the evidence has nothing; words
    side by side are one span. Called for the few judgements that become verdicts."""


class Verifier(Protocol):
    """Judges claims against evidence."""

    @property
    def threshold(self) -> float:
        """A claim (or a part of one) with at least this score is supported."""
        ...

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one judgement for each pair; a pair without evidence scores 0."""
        ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector (n, dimension) for each sentence, to find evidence with."""
        ...


class PairVerifier:
    """The network and the trees, and what was fitted to both. Thread safe.

    A claim below the threshold is cut into its statements ("A did B, and C did D"); ``partly`` is
    the score of the best of them.
    """

    def __init__(self, model: PairModel, trees: FeatureTrees) -> None:
        """Take both.

        Raises:
            ModelError: if the network's description lacks what was fitted.
        """
        self._model = model
        self._trees = trees
        fit = model.about["fit"]
        try:
            if tuple(fit["features"]) != REGRESSION_INPUTS:
                raise ValueError("it was fitted to other numbers")
            self._weights = np.array(fit["weights"], dtype=np.float64)
            self._bias = float(fit["bias"])
            self.threshold = float(fit["threshold"])
            # Not every network tells words, or what contradicts; numbers are told all the same.
            self._doubt = float(fit.get("doubt", np.inf))
            self._contradicted = float(fit.get("contradicted", np.inf))
        except (ValueError, KeyError, TypeError) as error:
            raise model.unusable(error) from None

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one judgement for each pair; a pair without evidence scores 0.

        Raises:
            ModelError: if the weights are missing or changed (on first use).
        """
        whole = self._read(pairs)
        scores = [score for score, _ in whole]
        split = [
            (place, part)
            for place, (claim, _) in enumerate(pairs)
            if scores[place] < self.threshold and len(pieces := parts(claim)) > 1
            for part in pieces
        ]
        best: dict[int, float] = {}
        found = self._read([(part, pairs[place][1]) for place, part in split])
        for (place, _), (score, _) in zip(split, found, strict=True):
            best[place] = max(best.get(place, 0.0), score)
        return [
            Judgement(
                score=score,
                partly=best.get(place),
                contradicted=logits is not None
                and float(logits.whole[CONTRADICTED]) >= self._contradicted,
                doubted=partial(self._doubted, pairs[place], score, logits),
            )
            for place, (score, logits) in enumerate(whole)
        ]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each sentence: shape (n, dimension)."""
        return self._trees.vectors(texts)

    def _read(self, pairs: Sequence[Pair]) -> list[tuple[float, Logits | None]]:
        """Return P(supported) of each pair and what the network says; (0, None) if it is empty."""
        usable = [place for place, (claim, evidence) in enumerate(pairs) if claim and evidence]
        read: list[tuple[float, Logits | None]] = [(0.0, None)] * len(pairs)
        if not usable:
            return read
        found, rows = inputs([pairs[place] for place in usable], self._model, self._trees)
        odds = np.clip(rows @ self._weights + self._bias, -30, 30)
        for place, score, logits in zip(usable, 1 / (1 + np.exp(-odds)), found, strict=True):
            most = _DENIED if denied(*pairs[place]) else 1.0
            read[place] = min(float(score), most), logits
        return read

    def _doubted(self, pair: Pair, score: float, logits: Logits | None) -> tuple[Span, ...]:
        if logits is None or score >= self.threshold:
            return ()
        claim, evidence = pair
        words = word_doubts(claim, self._model.tokens(claim), logits)
        return doubted(claim, evidence, words, limit=self._doubt)


def inputs(
    pairs: Sequence[Pair], model: PairModel, trees: FeatureTrees
) -> tuple[list[Logits], Floats]:
    """Return what the network says of each pair, and what the regression sees.

    The latter has the shape (pairs, len(REGRESSION_INPUTS)).

    Raises:
        ModelError: if weights are missing or changed (on first use).
    """
    # Beside each other: the trees' measures are Python, the network is not.
    reading = _BESIDE.submit(model.read, [evidence_pair(*pair) for pair in pairs])
    measured = np.clip(trees.scores(pairs), _SUREST, 1 - _SUREST)
    odds = np.log(measured / (1 - measured))
    found = reading.result()
    return found, np.column_stack([np.stack([pair_features(one) for one in found]), odds])


def load_verifier(settings: Settings, embedder: Embedder) -> Verifier:
    """Return the verifier: the settings may name another network. Weights are opened on first use.

    Raises:
        ModelError: if a description is missing, unreadable or fitted to other numbers.
    """
    own = settings.verifier_dir
    model = (
        builtin_pair_model(BUILTIN, settings.threads)
        if own is None
        else PairModel(own, threads=settings.threads)
    )
    return PairVerifier(model, load_trees(settings, embedder))
