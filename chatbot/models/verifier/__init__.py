"""The verifier: does the evidence support the claim?

``Verifier`` is the seam behind which another model can stand.
"""

from chatbot.models.verifier.model import Judgement, Verifier, load_verifier
from chatbot.models.verifier.network import Pair

__all__ = ["Judgement", "Pair", "Verifier", "load_verifier"]
