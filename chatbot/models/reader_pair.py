"""The built-in reader: a network that reads question and passage together.

Which sentence answers, and which words of it, is the network's to say. Whether anything answers is
weighed from its numbers and from features of the words (``reader_prior``): measured on suites, the
network alone refused too little. Made by ``load_reader``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chatbot.models.candidates import Candidate
from chatbot.models.pair_model import PairModel
from chatbot.models.reader import Reading
from chatbot.models.reader_mismatch import mismatches
from chatbot.models.reader_network import FEATURES, read_candidates
from chatbot.models.reader_prior import FeaturePrior, Prior
from chatbot.models.reader_question import question_kind
from chatbot.models.reader_regression import Rows, question_inputs, read_linear, sigmoid
from chatbot.models.reader_rows import outdone_rows

INPUTS = (*FEATURES, "words")
"""The network's numbers on a candidate, and the log odds by features alone."""
_NEAR = 0.2
"""Cosine of question and sentence: noise had .04 to .14, paraphrases without a common word .35."""
BEFORE = 300
"""Characters before a sentence in which the one it speaks of may be named."""


class PairReader:
    """The network, the prior and what was fitted to both. Thread safe."""

    def __init__(self, model: PairModel, prior: FeaturePrior) -> None:
        """Take both; what was fitted stands in the network's description.

        Raises:
            ModelError: if that was fitted to other numbers.
        """
        self._model = model
        self._prior = prior
        fit = model.about["fit"]
        try:
            if tuple(fit["features"]) != INPUTS:
                raise ValueError("it was fitted to other numbers")
            self._sentence = read_linear(fit["sentence"])
            self._question = read_linear(fit["question"])
            self._nothing = Reading(
                p_answered=0.0,
                threshold=float(fit["threshold"]),
                threshold_with_model=float(fit["threshold_with_model"]),
            )
            self._answering = float(fit["answering"])
            self._answering_broad = float(fit.get("answering_broad", self._answering))
            self._span = float(fit["span"])
        except (ValueError, KeyError, TypeError) as error:
            raise model.unusable(error) from None

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """Judge the candidates of a question.

        Raises:
            ModelError: if the weights are missing or changed (on first use).
        """
        if not candidates:
            return self._nothing
        found = read_candidates(question, candidates, self._model)
        prior = self._prior.judge(question, candidates)
        rows = weighed(found.rows, prior)
        logits = self._sentence.logits(rows)
        scores = sigmoid(logits)
        inputs = answered_inputs(prior, logits, rows)
        p_answered = float(sigmoid(self._question.logits(inputs[None, :]))[0])
        outdone = outdone_rows(question, candidates)
        order = [int(at) for at in np.argsort(-logits, kind="stable") if int(at) not in outdone]
        share = self._answering_broad if question_kind(question).broad else self._answering
        least = share * scores[order[0]]
        likely = tuple(at for at in order if scores[at] >= least)
        answering = tuple(at for at in likely if not _is_elsewhere(question, candidates[at]))
        if _is_unrelated(candidates):  # noise: the network has never read any
            p_answered = 0.0
        if not answering:  # a rule is surer than the score, but no reason to ask no model
            between = (self._nothing.threshold + self._nothing.threshold_with_model) / 2
            answering, p_answered = likely, min(p_answered, between)
        return replace(
            self._nothing,
            p_answered=p_answered,
            answering=answering,
            scores=tuple(float(score) for score in scores),
            spans={
                at: span.place
                for at in answering
                if (span := found.spans[at]) is not None and span.score >= self._span
            },
        )


def weighed(rows: Rows, prior: Prior) -> Rows:
    """Return what each candidate is judged by: (n, len(INPUTS))."""
    return np.column_stack([rows, prior.sentences]).astype(np.float32)


def answered_inputs(prior: Prior, logits: NDArray[np.float64], rows: Rows) -> NDArray[np.float64]:
    """Return what P(answered) is computed from: (7 + 2 * len(INPUTS),).

    Args:
        prior: by features alone.
        logits: of the candidates, (n,).
        rows: as ``weighed`` gives them.
    """
    return np.concatenate([[prior.answered], question_inputs(logits, rows)])


def _is_unrelated(candidates: Sequence[Candidate]) -> bool:
    """Whether nothing that was found has a word of the question or is near it in meaning."""
    found = [candidate.signals for candidate in candidates]
    return all(one.coverage == 0 and one.dense < _NEAR for one in found)


def _is_elsewhere(question: str, candidate: Candidate) -> bool:
    """Whether a rule knows that a sentence speaks of something else than is asked, or asks."""
    if candidate.heading or candidate.text.rstrip().endswith("?"):
        return True
    before = candidate.passage[max(0, candidate.start - BEFORE) : candidate.start]
    return mismatches(question, candidate.text, before=before)
