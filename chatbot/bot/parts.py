"""The parts of one bot, each built when it is first needed. Used by ``Chatbot`` alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chatbot.answering.chain import AnswerChain
from chatbot.answering.retrieve import Retriever
from chatbot.models.embedder import Embedder
from chatbot.models.reader import Reader, load_reader
from chatbot.settings import Settings
from chatbot.store import Store

if TYPE_CHECKING:
    from chatbot.answering.generative import Writer
    from chatbot.answering.grounding import Grounder
    from chatbot.models.llm import ChatModel


class Parts:
    """What answers and checks, over one store."""

    def __init__(self, *, settings: Settings, store: Store, embedder: Embedder) -> None:
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._model: ChatModel | None = None

    @cached_property
    def retriever(self) -> Retriever:
        """Finds sentences."""
        return Retriever(self._store, self._embedder)

    @cached_property
    def reader(self) -> Reader:
        """Decides which sentences answer."""
        return load_reader(self._settings, self._embedder)

    @cached_property
    def grounder(self) -> Grounder:
        """Gives claims their verdicts."""
        return load_grounder(self._settings, self._embedder)

    @cached_property
    def chain(self) -> AnswerChain:
        """Answers."""
        return AnswerChain(
            retriever=self.retriever,
            reader=self.reader,
            writer=self._writer(),
            max_question_chars=self._settings.max_question_chars,
        )

    def _writer(self) -> Writer | None:
        if self._settings.model is None:
            return None
        # Only now: what talks to a model costs time to import.
        from chatbot.answering.generative import Writer
        from chatbot.models.llm import ChatModel

        self._model = ChatModel(self._settings)
        return Writer(
            model=self._model,
            retriever=self.retriever,
            reader=self.reader,
            grounder=self.grounder,
            settings=self._settings,
        )

    def close(self) -> None:
        """Close the connections to a model, if there are any."""
        if self._model is not None:
            self._model.close()


def load_grounder(settings: Settings, embedder: Embedder) -> Grounder:
    """Return what checks claims; imported here, since a quoted answer needs none."""
    from chatbot.answering.grounding import Grounder
    from chatbot.models.verifier import load_verifier

    return Grounder(load_verifier(settings, embedder), embedder)
