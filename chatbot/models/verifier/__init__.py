"""The verifier: does the evidence support the claim?

``Verifier`` is the seam behind which another model can stand.
"""

from chatbot.models.verifier.model import Judgement, Pair, Verifier, load_verifier

__all__ = ["Judgement", "Pair", "Verifier", "load_verifier"]
