"""A claim laid beside its evidence, word by word: what all measures look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.models.verifier.align import Alignment, align
from chatbot.models.verifier.text import Lexicon, TokenisedSentence

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A sentence with its vectors."""

    reading: TokenisedSentence
    vector: Vectors
    """(dimension,), unit length."""
    words: Vectors
    """(tokens, dimension), unit length: each token in the context of the sentence."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A claim aligned with each sentence of its evidence; ``best`` covers the most of it."""

    claim: Embedded
    evidence: tuple[Embedded, ...]
    alignments: tuple[Alignment, ...]
    rarity: NDArray[np.float64]
    """For each content word of the claim."""
    levels: NDArray[np.float64]
    """(sentences, content words of the claim)."""
    best: int
    lexicon: Lexicon


def make_case(claim: Embedded, evidence: Sequence[Embedded], lexicon: Lexicon) -> Case:
    """Align a claim with each sentence of its evidence."""
    alignments = tuple(align(claim.reading, item.reading, lexicon) for item in evidence)
    tokens = claim.reading.tokens
    content = claim.reading.content
    rarity = np.array([lexicon.rarity(tokens[place].canon) for place in content], dtype=float)
    levels = np.array([item.levels for item in alignments], dtype=float).reshape(
        len(evidence), len(content)
    )
    cover = (
        levels @ rarity
        if len(content)
        else np.array([float(e.vector @ claim.vector) for e in evidence])
    )
    return Case(
        claim=claim, evidence=tuple(evidence), alignments=alignments, rarity=rarity,
        levels=levels, best=int(np.argmax(cover)), lexicon=lexicon,
    )  # fmt: skip


def share(part: float, whole: float) -> float:
    """Return a part of a whole; 0 of nothing."""
    return float(part / whole) if whole else 1.0
