"""The scorers: one file for each family of measures, its formulas and sources at its head.

A new one is a function with ``@scorer`` in a file that is imported here; nothing else changes.
"""

from chatbot.evaluation.scorers import answers, citations, injection, retrieval, talk  # noqa: F401
from chatbot.evaluation.scoring import SCORERS, score_case

__all__ = ["SCORERS", "score_case"]
