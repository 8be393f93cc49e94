"""The verifier: does the evidence support the claim?

``Verifier`` is the seam behind which another model can stand.
"""

from chatbot.models.verifier.model import (
    FeatureVerifier,
    Judgement,
    Pair,
    Verifier,
    load_verifier,
)

__all__ = ["FeatureVerifier", "Judgement", "Pair", "Verifier", "load_verifier"]
