"""Documents: listing, reading, adding and removing them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import gradio as gr

from chatbot.errors import ChatbotError, NotAllowed, UnreadableFile, known_errors
from chatbot.types import IngestReport
from chatbot.ui.handlers.calls import field, login_of, person_of, texts_of
from chatbot.ui.handlers.collections import collection_view
from chatbot.ui.places import View, shortened
from chatbot.ui.reading import reading_view
from chatbot.ui.render import document_view
from chatbot.ui.texts import Texts

if TYPE_CHECKING:
    from chatbot.bot import Chatbot


@dataclass(frozen=True, slots=True)
class DocumentHandlers:
    """The handlers of the documents' and the source's events, over one Chatbot."""

    bot: Chatbot
    uploads: Path
    """Where Gradio puts uploaded files."""

    def list_documents(self, request: gr.Request) -> View:
        """Return the documents, and questions to start with."""
        return self._list(self._bot(request), texts_of(request))

    def open_document(self, event: gr.EventData, request: gr.Request) -> View:
        """Return one document to read, as ``document``: JSON in a string.

        Gradio compares and wraps every value of a component on each change of the page, which
        for the ten thousands of pieces of a book takes seconds, and for a string nothing.
        """
        document_id = field(event, "document")
        bot = self._bot(request)
        try:
            with known_errors():
                document = bot.document(document_id)
                sentences = bot.sentences(document_id)
                view = reading_view(document, sentences, texts_of(request))
        except ChatbotError as error:
            view = {"id": document_id, "error": str(error)}
        return {"document": json.dumps(view)}

    def add_file(self, event: gr.EventData, request: gr.Request) -> View:
        """Add a file that the page has just uploaded."""
        texts, name, path = texts_of(request), _named(field(event, "name")), field(event, "path")
        return self._add(
            event, request, lambda bot: bot.add_bytes(_taken(path, self.uploads, texts), name=name)
        )

    def add_text(self, event: gr.EventData, request: gr.Request) -> View:
        """Add a text that was pasted."""
        words = field(event, "text")
        untitled = texts_of(request).text("add_text_untitled")
        first_words = shortened(" ".join(words.split()), 60) or untitled
        title = " ".join(field(event, "title").split()) or first_words
        return self._add(event, request, lambda bot: bot.add_text(words, title=title))

    def add_address(self, event: gr.EventData, request: gr.Request) -> View:
        """Fetch a web address and add what stands there."""
        return self._add(event, request, lambda bot: bot.add_address(field(event, "address")))

    def remove(self, event: gr.EventData, request: gr.Request) -> View:
        """Remove a document."""
        document_id = field(event, "document")

        def work(bot: Chatbot, texts: Texts) -> View:
            title = bot.document(document_id).title
            bot.remove(document_id)
            return _message(texts.text("removed", title=title), removed=document_id)

        return self._change(request, work)

    def _bot(self, request: gr.Request) -> Chatbot:
        return self.bot.for_owner(person_of(request))

    def _add(
        self, event: gr.EventData, request: gr.Request, add: Callable[[Chatbot], IngestReport]
    ) -> View:
        """Add something, and put it into the ``collection`` that the page names, if it does."""

        def work(bot: Chatbot, texts: Texts) -> View:
            report = add(bot)
            if collection := field(event, "collection"):
                bot.collections.change(collection, put=report.there)
            return _added(report, texts)

        return self._change(request, work)

    def _change(self, request: gr.Request, work: Callable[[Chatbot, Texts], View]) -> View:
        """Change the documents; return their list with a word on how it went."""
        bot, texts = self._bot(request), texts_of(request)
        try:
            with known_errors():
                if not bot.owner:  # as everybody's it would be everybody's to lose, too
                    raise NotAllowed(texts.text("no_cookie"))
                message = work(bot, texts)
        except ChatbotError as error:
            message = _message(str(error), level="bad")
        return self._list(bot, texts) | {"message": message}

    def _list(self, bot: Chatbot, texts: Texts) -> View:
        try:
            with known_errors():
                documents = bot.documents()
                questions = list(bot.suggestions([one.id for one in documents]))
                collections = [collection_view(one) for one in bot.collections.list()]
        except ChatbotError as error:
            message = _message(str(error), level="bad")
            return {"documents": [], "collections": [], "starters": [], "message": message}
        return {
            "documents": [document_view(document, texts) for document in documents],
            "collections": collections,
            "starters": questions,
            "message": None,
            "login": login_of(bot.owner),
        }


def _message(words: str, *, level: str = "good", **more: str) -> View:
    # The id lets the page see that the same words were said again.
    return {"id": uuid4().hex, "text": words, "level": level, **more}


def _added(report: IngestReport, texts: Texts) -> View:
    if report.failed:
        return _message(" ".join(item.reason for item in report.failed), level="bad")
    if report.added:
        document = report.added[0]
        words = [texts.text("added", title=document.title), *document.warnings]
        return _message(" ".join(words), opened=document.id)
    titles = ", ".join(document.title for document in report.unchanged)
    return _message(texts.text("unchanged", title=titles), opened=report.unchanged[0].id)


def _named(name: str) -> str:
    """Return the name of an uploaded file; inside a folder, with the folders it lies in."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _taken(path: str, uploads: Path, texts: Texts) -> bytes:
    """Return the content of an uploaded file and delete it.

    The path comes from the page, so it is believed only inside the folder of uploads.
    """
    upload = Path(path).resolve()
    if not upload.is_relative_to(uploads.resolve()) or not upload.is_file():
        raise UnreadableFile(texts.text("upload_gone"))
    try:
        return upload.read_bytes()
    finally:
        upload.unlink(missing_ok=True)
