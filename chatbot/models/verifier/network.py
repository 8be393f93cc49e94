"""What a network says of a claim read together with its evidence, as numbers.

It gives a score for the whole claim, one for a part of it, and for each word of the claim whether
it lacks support. Knows no threshold.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chatbot.models.pair_model import Floats, Logits, TextPair

SUPPORTED, PARTLY, BAD, CONTRADICTED = range(4)
"""Columns of the network's output, as trained (``training/truth/losses.py``)."""
NETWORK_NUMBERS = ("supported", "partly", "worst", "second", "mean")
"""Of a pair: the logits of the whole claim and of a part, and of its words' lack of support."""
Pair = tuple[str, Sequence[str]]
"""A claim without markers, and the evidence sentences chosen for it, in the order of the source."""


def evidence_pair(claim: str, evidence: Sequence[str]) -> TextPair:
    """Return a claim and its evidence as the network reads them."""
    return TextPair(asked=claim, passage=" ".join(evidence))


def pair_features(logits: Logits) -> Floats:
    """Return what the regression sees: (len(NETWORK_NUMBERS),)."""
    words = np.sort(logits.asked[:, BAD])[::-1] if len(logits.asked) else np.zeros(1, np.float32)
    return np.array(
        [
            logits.whole[SUPPORTED],
            logits.whole[PARTLY],
            words[0],
            words[min(1, len(words) - 1)],
            words.mean(),
        ],
        dtype=np.float32,
    )
