"""The reader: which candidate sentences answer a question, and whether any of them does.

``Reader`` is the seam and ``Reading`` what comes through it; ``reader_pair`` has the one that is
built in, a network that reads question and passage together. Knows no store; used by the extractive
answer and by the refusal decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from chatbot.models.candidates import Candidate
from chatbot.models.embedder import Embedder
from chatbot.settings import Settings
from chatbot.types import Span

BUILTIN = Path(__file__).parent / "weights" / "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reader made of a question and its candidates."""

    p_answered: float
    """P(one of the candidates answers), calibrated."""
    threshold: float
    """Below this ``p_answered`` an extractive answer is refused."""
    threshold_with_model: float
    """Below this nothing is sent to a language model: nearly nothing was found."""
    answering: tuple[int, ...] = ()
    """Candidates that may answer, best first; empty only if there were no candidates."""
    scores: tuple[float, ...] = ()
    """P(this sentence answers, if any does) of each candidate, in their order."""
    spans: Mapping[int, Span] = field(default_factory=dict)
    """Of some answering candidates the short answer, as offsets into the candidate's text."""


class Reader(Protocol):
    """Decides which sentences answer."""

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """Judge the candidates of a question.

        Args:
            question: standing alone.
            candidates: as retrieval gives them, best first.
        """
        ...


def load_reader(settings: Settings, embedder: Embedder) -> Reader:
    """Return the reader that the settings name, else the built-in one.

    Args:
        settings: ``reader_dir`` names another network; ``threads`` are those of the network.
        embedder: its token vectors compare the words of question and sentence.

    Raises:
        ModelError: if a description is missing, unreadable or made for other numbers.
    """
    from chatbot.models.pair_model import PairModel
    from chatbot.models.reader_pair import PairReader
    from chatbot.models.reader_prior import load_prior
    from chatbot.models.reader_soft import SoftMatcher

    prior = load_prior(BUILTIN / "weights.json", SoftMatcher(embedder))
    directory = settings.reader_dir or BUILTIN
    return PairReader(PairModel(directory, threads=settings.threads), prior)
