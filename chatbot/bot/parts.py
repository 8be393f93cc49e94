"""The parts of a bot, each built when it is first needed."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from chatbot.answering.answer import Answerer
from chatbot.answering.find import Finder
from chatbot.answering.grounding import Grounder
from chatbot.answering.retrieve import Retriever
from chatbot.answering.talk.manners import Manners
from chatbot.answering.talk.talk import Talk
from chatbot.bot.guides import Guides
from chatbot.bot.suggestions import Suggestions
from chatbot.errors import SettingsError, StoreBusy
from chatbot.ingest import Ingest
from chatbot.models.embedders import load_embedder
from chatbot.models.reader import Reader, load_reader
from chatbot.models.verifier import load_verifier
from chatbot.settings import Settings
from chatbot.store import Place, Store

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.retrievers import BaseRetriever

    from chatbot.answering.opinion import SecondOpinion
    from chatbot.models.llm import ChatModel


_OPINION = 60
"""Tokens of a second opinion: a word and a short reason."""


class Models:
    """What runs a model and knows no store; all people's bots share it."""

    def __init__(
        self,
        settings: Settings,
        retriever: BaseRetriever | None = None,
        chat_model: BaseChatModel | None = None,
    ) -> None:
        """Take the settings, and what a user brings of their own."""
        if chat_model is not None and settings.model is None:
            name = f"own:{chat_model.get_name()}"
            settings = settings.model_copy(update={"model": name})
        self.settings = settings
        self.embedder = load_embedder(settings)
        self.retriever = retriever
        self._own = chat_model
        self._lock = Lock()

    @cached_property
    def reader(self) -> Reader:
        """Reads question and passage together."""
        return load_reader(self.settings)

    @cached_property
    def manners(self) -> Manners:
        """Tells greetings and the like from questions."""
        return Manners(self.embedder)

    @cached_property
    def grounder(self) -> Grounder:
        """Gives claims their verdicts."""
        verifier = load_verifier(self.settings, self.embedder)
        return Grounder(verifier, _second_opinion(self.settings))

    @property
    def chat(self) -> ChatModel:
        """The chat model that the settings name: one, since it holds connections."""
        with self._lock:
            return self._chat

    @cached_property
    def _chat(self) -> ChatModel:
        from chatbot.models.llm import ChatModel  # only now: it costs time to import

        return ChatModel(self.settings, self._own)

    def close(self) -> None:
        """Close the connections to a model, if there are any."""
        if "_chat" in vars(self):
            self._chat.close()


class BotParts:
    """What retrieves and answers, over one store as one person sees it."""

    def __init__(self, models: Models, store: Store) -> None:
        self.models = models
        self._store = store

    @cached_property
    def retriever(self) -> Retriever:
        """Finds sentences."""
        return Retriever(self._store, self.models.embedder)

    @cached_property
    def finder(self) -> Finder:
        """Finds the sentences that answer, and says whether they do."""
        return Finder(self.retriever, self.models.reader)

    @cached_property
    def talk(self) -> Talk:
        """Talks about the documents."""
        return Talk(
            retriever=self.retriever,
            manners=self.models.manners,
            documents=self._store.documents,
            suggest=self.suggestions.next,
        )

    @cached_property
    def suggestions(self) -> Suggestions:
        """Finds questions to ask next."""
        return Suggestions(self.finder, self._store)

    @cached_property
    def guides(self) -> Guides:
        """Makes guides to documents."""
        return Guides(self._store, self.retriever, self.suggestions)

    @cached_property
    def answerer(self) -> Answerer:
        """Answers."""
        models, writer = self.models, None
        if models.settings.model is not None:
            from chatbot.answering.writing import Writer  # only now: it costs time to import

            writer = Writer(
                model=models.chat,
                finder=self.finder,
                grounder=models.grounder,
                settings=models.settings,
                retriever=models.retriever,
            )
        return Answerer(
            finder=self.finder,
            talk=self.talk,
            writer=writer,
            max_question_chars=models.settings.max_question_chars,
        )


def _second_opinion(settings: Settings) -> SecondOpinion | None:
    """Return the model that judges too, None where only the built-in network does."""
    if settings.verifier == "builtin":
        return None
    from chatbot.answering.opinion import SecondOpinion
    from chatbot.models.llm import ChatModel

    both = settings.verifier == "both"
    name = settings.model if both else settings.verifier
    if name is None:
        raise SettingsError("CHATBOT_VERIFIER is 'both', but no model is set. Set CHATBOT_MODEL.")
    judging = settings.model_copy(update={"model": name, "max_answer_tokens": _OPINION})
    return SecondOpinion(ChatModel(judging), always=not both)


def open_store(models: Models, *, read_only: bool = False) -> Store:
    """Open the store that the settings name, made and filled with the corpus where it is new."""
    place = Place.of(models.settings)
    if read_only and not Store.exists(place):
        with suppress(StoreBusy), open_store(models):
            pass  # made and closed again: reading must not keep others from writing
    name, dimension = models.embedder.name, models.embedder.dimension
    store = Store.open(place, embedder=name, dimension=dimension, read_only=read_only)
    if store.is_new and not read_only:
        try:
            if models.settings.corpus_dir is not None:
                Ingest(store, models.embedder).add_corpus(models.settings.corpus_dir)
            store.mark_initialised()
        except BaseException:
            store.close()
            raise
    return store
