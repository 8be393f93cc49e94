"""What a benchmark is: how it is measured, where its data is to be had, what others reached.

An adapter is a file beside this one that makes a ``Benchmark``. It sees the chatbot through
``Bot`` alone, so that a test can put a perfect or a random one in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatbot.evaluation.measures import Measure
from chatbot.types import (
    Answer,
    Check,
    Document,
    DocumentInfo,
    IngestReport,
    RetrievedSentence,
    Sentence,
    Turn,
)

if TYPE_CHECKING:
    from evals.benchmarks.work import Work


class Bot(Protocol):
    """What is measured: the part of ``Chatbot`` that benchmarks use."""

    @property
    def mode(self) -> str:
        """``extractive``, or the name of the model."""

    def add(self, *paths: str | Path) -> IngestReport:
        """Add files and folders."""

    def documents(self) -> Sequence[DocumentInfo]:
        """Return what is known of the documents."""

    def document(self, document_id: str) -> Document:
        """Return a document with its text."""

    def sentences(self, document_id: str) -> list[Sentence]:
        """Return the sentences of a document."""

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        """Return the sentences nearest to a query, best first."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a question."""

    def check(self, text: str, sources: Sequence[str]) -> Check:
        """Check every claim of a text against sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What somebody else reached, to stand beside ours."""

    system: str
    figures: str
    """Measures with values, as published."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an adapter returns."""

    cases: int
    available: int
    figures: tuple[Measure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A public benchmark and its adapter."""

    name: str
    title: str
    about: str
    """What is measured and how, in a few sentences."""
    paper: str
    home: str
    """Where the data is to be had."""
    licence: str
    measure: Callable[[Work], Measured]
    published: tuple[Published, ...] = ()
    comparable: str = ""
    """What keeps our figures and the published ones apart."""
    files: tuple[str, ...] = ()
    """Where its data lies in a folder of benchmark data, the first that is there."""

    def find_data(self, folder: Path) -> Path | None:
        """Return where the data of this benchmark lies below a folder; None if it is not there."""
        found = (path for pattern in self.files for path in sorted(folder.glob(pattern)))
        return next(found, None)
