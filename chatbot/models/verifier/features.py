"""What the verifier measures of a claim and its evidence: about seventy numbers.

Knows no model and no threshold.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.models.verifier.case import Embedded, make_case
from chatbot.models.verifier.overlap import names, numbers, overlap
from chatbot.models.verifier.polarity import modality, order, polarity
from chatbot.models.verifier.similarity import context, similarity
from chatbot.models.verifier.text import Lexicon


def features(claim: Embedded, evidence: Sequence[Embedded], lexicon: Lexicon) -> dict[str, float]:
    """Return every measure of a claim against its evidence.

    Args:
        claim: the claim without markers.
        evidence: at least one sentence.
        lexicon: word lists and counts.
    """
    case = make_case(claim, evidence, lexicon)
    found: dict[str, float] = {}
    for measure in (
        overlap,
        numbers,
        names,
        polarity,
        modality,
        order,
        similarity,
        context,
    ):
        found.update(measure(case))
    return found
