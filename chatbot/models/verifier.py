"""The verifier: does the evidence support the claim?

A network reads claim and evidence together and says whether the claim is supported, whether the
evidence says otherwise, and for each word of the claim whether it lacks support. Knows neither
answers nor documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from chatbot.models.embedder import Embedder
from chatbot.models.model_files import Floats
from chatbot.models.pair_model import Logits, PairTask, TextPair, load_task
from chatbot.models.tokenizing import TokenisedText
from chatbot.settings import Settings
from chatbot.types import Span

SUPPORTED, PARTLY, BAD, CONTRADICTED = range(4)
"""Columns of the network's output, as trained (``training/truth/losses.py``)."""
Pair = tuple[str, Sequence[str]]
"""A claim without markers, and the evidence sentences chosen for it, in the order of the source."""
_LINK = re.compile(
    r";\s+(?:and\s+|but\s+)?"
    r"|,\s+(?:and|but|while|whereas|although|though|which|who|where|yet|so|because)\s+"
    r"|\s+(?:while|whereas|although|because)\s+"
    r"|,?\s+(?:and|but)\s+(?=(?:then|also|later|not|is|are|was|were|has|have|had|will|would|can|"
    r"could|may|he|she|it|they|there|this|that|these|those|[a-z]{2,}ed|[a-z]*(?:aid|old|ent|ook|ave|"
    r"ame|ade|ook|eld|et|an|on|ew|ot|ut))\b(?!\s+of\b))"
)
_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")
_LETTERS = re.compile(r"[^\W_]+")
_LEAST = 3  # words in a statement


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


class Verifier:
    """The network, and what was fitted to it. Thread safe.

    A claim below the threshold is cut into its statements ("A did B, and C did D"); ``partly`` is
    the score of the best of them.
    """

    def __init__(self, model: PairTask, embedder: Embedder) -> None:
        """Take what reads, and what makes a unit vector of each sentence, to find evidence with.

        A ModelError if the network's description lacks what was fitted.
        """
        self._model = model
        self.vectors = embedder.embed
        fit = model.fit
        try:
            self._slope, self._bias = float(fit["slope"]), float(fit["bias"])
            self.threshold = float(fit["threshold"])
            """A claim (or a part of one) with at least this score is supported."""
            self.fragment_threshold = float(fit.get("fragment_threshold", self.threshold))
            """The same for a fragment that was read behind its question."""
            # Not every network tells words, or what contradicts.
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
                doubted=partial(self._doubted, pairs[place], logits),
            )
            for place, (score, logits) in enumerate(whole)
        ]

    def _read(self, pairs: Sequence[Pair]) -> list[tuple[float, Logits | None]]:
        """Return P(supported) of each pair and what the network says; (0, None) if it is empty."""
        usable = [place for place, (claim, evidence) in enumerate(pairs) if claim and evidence]
        read: list[tuple[float, Logits | None]] = [(0.0, None)] * len(pairs)
        found = self._model.read([evidence_pair(*pairs[place]) for place in usable])
        for place, logits in zip(usable, found, strict=True):
            odds = np.clip(self._slope * logits.whole[SUPPORTED] + self._bias, -30, 30)
            read[place] = float(1 / (1 + np.exp(-odds))), logits
        return read

    def _doubted(self, pair: Pair, logits: Logits | None) -> tuple[Span, ...]:
        if logits is None:
            return ()
        claim, _ = pair
        words = word_doubts(self._model.tokens(claim), claim, logits.asked[:, BAD])
        return doubted(words, limit=self._doubt)


def evidence_pair(claim: str, evidence: Sequence[str]) -> TextPair:
    """Return a claim and its evidence as the network reads them."""
    return TextPair(asked=claim, passage=" ".join(evidence))


def word_doubts(tokens: TokenisedText, claim: str, lacks: Floats) -> Iterator[tuple[Span, float]]:
    """Yield each word of a claim that was read, with the greatest logit of its lack of support.

    ``lacks`` (tokens that were read,) are the logits of the tokens.
    """
    for word in _WORD.finditer(claim):
        span = Span(start=word.start(), end=word.end())
        first, end = tokens.range_of(span)
        column = lacks[first:end]
        if len(column):
            yield span, float(column.max())


def doubted(words: Iterable[tuple[Span, float]], *, limit: float) -> tuple[Span, ...]:
    """Return the words whose logit is over the limit; words side by side are one place."""
    found: list[Span] = []
    goes_on = False
    for word, logit in words:
        if logit > limit:
            start = found.pop().start if goes_on else word.start
            found.append(Span(start=start, end=word.end))
        goes_on = logit > limit
    return tuple(found)


def parts(claim: str) -> tuple[str, ...]:
    """Return the statements of a claim that can hold or fail alone, in order."""
    found: list[str] = []
    start = 0
    for link in _LINK.finditer(claim):
        piece, rest = claim[start : link.start()], claim[link.end() :]
        if min(len(_LETTERS.findall(piece)), len(_LETTERS.findall(rest))) >= _LEAST:
            found.append(piece.strip())
            start = link.end()
    return (*found, claim[start:].strip())


def load_verifier(settings: Settings, embedder: Embedder) -> Verifier:
    """Return the verifier that the settings name, else the built-in one; see ``load_task``."""
    model = load_task("verifier", settings.verifier_dir, threads=settings.threads)
    return Verifier(model, embedder)
