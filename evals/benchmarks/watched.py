"""A bot that counts the answers in which its model failed and quoting took over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

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
from evals.benchmarks.benchmark import Subject


class Watched:
    """Hands everything on; ``on_fallback`` is called for each answer of another mode."""

    def __init__(self, bot: Subject, on_fallback: Callable[[], None]) -> None:
        self._bot = bot
        self._on_fallback = on_fallback

    @property
    def mode(self) -> str:
        """``extractive``, or the name of the model."""
        return self._bot.mode

    def add(self, *paths: str | Path) -> IngestReport:
        """Add files and folders."""
        return self._bot.add(*paths)

    def documents(self) -> Sequence[DocumentInfo]:
        """Return what is known of the documents."""
        return self._bot.documents()

    def document(self, document_id: str) -> Document:
        """Return a document with its text."""
        return self._bot.document(document_id)

    def sentences(self, document_id: str) -> list[Sentence]:
        """Return the sentences of a document."""
        return self._bot.sentences(document_id)

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        """Return the sentences nearest to a query, best first."""
        return self._bot.search(query, limit=limit, documents=documents)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a question."""
        answer = self._bot.ask(question, history=history, documents=documents)
        if answer.mode != self._bot.mode:
            self._on_fallback()
        return answer

    def check(self, text: str, sources: Sequence[str]) -> Check:
        """Check every claim of a text against sources."""
        return self._bot.check(text, sources)
