"""The Chatbot: puts the parts together, and is what everything above talks to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from chatbot.answering.check import check_text, verify_answer
from chatbot.bot.guides import Guides
from chatbot.bot.metering import Meter, metered
from chatbot.bot.pages import Pages
from chatbot.bot.parts import BotParts, Models, open_store
from chatbot.bot.threads import batches
from chatbot.errors import SettingsError
from chatbot.ingest import Ingest
from chatbot.models.cancel import Cancel
from chatbot.settings import Settings
from chatbot.store import Store, documents_to_ask
from chatbot.types import (
    Answer,
    AnswerEvent,
    Check,
    Document,
    DocumentInfo,
    IngestReport,
    ProgressCallback,
    RetrievedSentence,
    Sentence,
    Turn,
    Verification,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import RunnableConfig

    from chatbot.answering.chain import AnswerRunnable


class Chatbot:
    """Answers questions over one store; a context manager, safe to use from several threads.

    A ``DocumentError`` says that something cannot be added, a ``DocumentNotFound`` that no document
    has an id, another ``StoreError`` that the store cannot be read or written.
    """

    meter: Meter | None = None
    """Is told of answers and of tokens of the model; the server sets one."""

    def __init__(self, *, store: Store, models: Models) -> None:
        self.settings = models.settings
        self._store = store
        self._ingest = Ingest(store, models.embedder)
        self._parts = BotParts(models, store)
        self.owner = store.owner
        """The person this bot answers; None sees, and may change, what all people have."""
        self.conversations = store.conversations
        """The saved conversations of the owner, with the feedback in them."""
        self.collections = store.collections
        """The named sets of documents that the owner sees; see ``collection``."""
        self.links = store.links
        """The read-only links to the owner's conversations; ``share_links`` lets them work."""
        self.tokens = store.tokens
        """The tokens that let people in when the server listens to other machines."""
        self.pages = Pages(store)
        """The pages of documents as they look, where that is known."""
        self.usage = store.usage
        """What people have used of the server, kept from day to day."""

    def for_owner(self, owner: str) -> Chatbot:
        """Return this bot as one person sees it: with their documents and everybody's.

        What is added through it is theirs; what is everybody's is, when removed, hidden from them
        alone. It shares the store and the models of this bot, which is the one to close.
        """
        view = type(self)(store=self._store.for_owner(owner), models=self._parts.models)
        view.meter = self.meter
        return view

    @property
    def guides(self) -> Guides:
        """The guides to documents: what each is about, what it names, what may be asked of it."""
        return self._parts.guides

    @classmethod
    def from_settings(
        cls,
        settings: Settings | None = None,
        *,
        read_only: bool = False,
        retriever: BaseRetriever | None = None,
        chat_model: BaseChatModel | None = None,
    ) -> Self:
        """Open the store of ``settings.data_dir``, made and filled with the corpus where new.

        Args:
            settings: defaults to ``Settings()``, which reads ``CHATBOT_*``.
            read_only: open beside another process that owns the store; nothing can be added.
            retriever: a LangChain retriever that finds for a model in the place of our search; its
                documents have ``document_id`` and ``index`` in their metadata, as ours have.
            chat_model: a LangChain chat model in the place of the one that the settings name.

        Raises:
            StoreError: if the store cannot be opened, or has another owner (``StoreBusy``).
            SettingsError: if a setting cannot work.
        """
        models = Models(settings or Settings(), retriever, chat_model)
        return cls(store=open_store(models, read_only=read_only), models=models)

    @property
    def mode(self) -> str:
        """``extractive``, or the name of the model that answers."""
        return self.settings.model or "extractive"

    def add(self, *paths: str | Path, progress: ProgressCallback | None = None) -> IngestReport:
        """Add files and folders. A changed file replaces its old version; the same is unchanged."""
        return self._ingest.add_paths([Path(path) for path in paths], progress=progress)

    def add_address(self, address: str) -> IngestReport:
        """Fetch a web page, or a file of the web, and add it; a SettingsError if not permitted."""
        return self._fetching().add_address(address)

    def refresh(self) -> IngestReport:
        """Fetch all web addresses that were added again; a SettingsError if not permitted."""
        return self._fetching().refresh()

    def _fetching(self) -> Ingest:
        if not self.settings.allow_urls:
            raise SettingsError(
                "Fetching web addresses is switched off. Set CHATBOT_ALLOW_URLS=1, or save the "
                "page and add the file."
            )
        return self._ingest

    def sync(self, folder: str | Path, *, progress: ProgressCallback | None = None) -> IngestReport:
        """Bring the documents in step with a folder: add, replace, and remove what is gone."""
        return self._ingest.sync(Path(folder), progress=progress)

    def add_text(self, text: str, *, title: str, source: str | None = None) -> IngestReport:
        """Add a text given as a string; ``source`` (default: the title) is its name."""
        return self._ingest.add_text(text, title=title, source=source or title)

    def add_bytes(self, data: bytes, *, name: str) -> IngestReport:
        """Add the content of a file; the suffix of ``name`` says how to read it."""
        return self._ingest.add_bytes(data, name=name)

    def documents(self) -> list[DocumentInfo]:
        """Return what is known of the documents, oldest first; ``document`` has the text too."""
        return self._store.documents()

    def document(self, document_id: str) -> Document:
        """Return one document."""
        return self._store.document(document_id)

    def sentences(self, document_id: str) -> list[Sentence]:
        """Return the sentences of a document, in order."""
        return self._store.sentences(document_id)

    def sentence_count(self) -> int:
        """Return the number of sentences of all documents, whoever's they are."""
        return self._store.sentence_count()

    def collection(self, name: str) -> tuple[str, ...]:
        """Return the documents of a collection, named in any case or by its id; for ``documents=``.

        A CollectionNotFound tells the nearest names, a CollectionError that no document is in it.
        """
        return documents_to_ask(self.collections.get(name))

    def remove(self, document_id: str) -> None:
        """Remove a document with all its sources, or from a person's sight; see ``for_owner``."""
        self._store.remove(document_id)

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        """Return the sentences nearest to words or a question, best first; ids limit the search."""
        self._store.require(documents or ())
        found = self._parts.retriever.search(query, limit=limit, documents=documents)
        if found.lost is not None:  # a list has no place to say that only words were searched
            raise found.lost
        return list(found.sentences)

    def suggestions(
        self, documents: Sequence[str] | None = None, *, asked: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return up to three questions that the documents (None: all) answer, none ``asked``."""
        ids = [one.id for one in self.documents()] if documents is None else documents
        return self._parts.suggestions.next(ids, asked=asked)

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Answer:
        """Answer a question from the documents, or refuse.

        Args:
            question: at most ``settings.max_question_chars`` characters.
            history: earlier turns, oldest first; used to make the question stand alone.
            documents: ids of the documents that may be used; None uses all.

        Raises:
            QuestionError: if the question is too long.
            OverLimit: if a server has set a meter, and its owner has used up the day's tokens.
        """
        *_, last = self.stream(question, history=history, documents=documents)
        assert isinstance(last, Answer)
        return last

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
        search_query: str | None = None,
        cancel: Cancel | None = None,
        config: RunnableConfig | None = None,
    ) -> Iterator[AnswerEvent]:
        """Yield the answer as it comes, and last the Answer; see ``ask``.

        Closing the iterator, or setting ``cancel`` from another thread, stops the model call; it
        then ends without an Answer. ``search_query`` is searched for instead of the query made from
        question and history. ``config`` is LangChain's: what each step of the chain is told.
        """
        self._store.require(documents or ())
        if self.meter is not None:
            self.meter.admit(self.owner)
        events = self._parts.answerer.stream(
            question,
            history=history,
            documents=documents,
            search_query=search_query,
            cancel=cancel or Cancel(),
            config=config,
        )
        if self.meter is None:
            return events
        return metered(events, self.meter, owner=self.owner, settings=self.settings)

    async def aask(
        self, question: str, *, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Answer:
        """``ask`` for asyncio; cancelling the task stops the model call."""
        events = self.astream(question, history=history, documents=documents)
        *_, last = [event async for event in events]
        assert isinstance(last, Answer)
        return last

    async def astream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
        search_query: str | None = None,
    ) -> AsyncGenerator[AnswerEvent]:
        """``stream`` for asyncio; leaving the loop early stops the model call."""
        cancel = Cancel()
        ask = partial(
            self.stream,
            question,
            history=history,
            documents=documents,
            search_query=search_query,
            cancel=cancel,
        )
        async with aclosing(batches(ask, cancel=cancel, interval=0)) as gathered:
            async for events in gathered:
                for event in events:
                    yield event

    def check(self, text: str, sources: Sequence[str], *, question: str | None = None) -> Check:
        """Check every claim of a text against sources. The store is not looked at.

        Each sentence, list item and table row is a claim. ``question`` is what the text answers: a
        fragment is then judged by what it says to it.
        """
        return check_text(text, sources, grounder=self._parts.models.grounder, question=question)

    def verify(self, answer: Answer) -> Verification:
        """Hold an exported answer against the documents: do its citations and verdicts stand?"""
        return verify_answer(answer, store=self._store, grounder=self._parts.models.grounder)

    def as_retriever(self, *, limit: int = 10) -> BaseRetriever:
        """Return a LangChain retriever of sentences, with their places in the metadata."""
        from chatbot.answering.chain import SentenceRetriever

        return SentenceRetriever(search=self.search, limit=limit)

    def as_runnable(self) -> AnswerRunnable:
        """Return the bot as a LangChain Runnable; its ``chain`` is the one that answers."""
        from chatbot.answering.chain import AnswerRunnable

        writer = self._parts.answerer.writer
        return AnswerRunnable(self.stream, None if writer is None else writer.chain)

    def close(self) -> None:
        """Give the store back. Safe to call twice."""
        self._parts.models.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
