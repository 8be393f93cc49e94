"""What happens when the page asks for something: each event's Python side.

Every function returns plain values for the page and lets no error through: an error becomes one
sentence that the page shows. Knows the Chatbot and the session, not the layout.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import gradio as gr

from chatbot.bot.threads import batches
from chatbot.errors import ChatbotError, UnreadableFile, known_errors
from chatbot.types import IngestReport
from chatbot.ui.draft import Draft
from chatbot.ui.reading import reading_view
from chatbot.ui.render import View, document_view, shortened, turn_view
from chatbot.ui.session import Session
from chatbot.ui.starters import questions_in, starters
from chatbot.ui.texts import TEXTS, text

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

MOST_ASKED = 10
"""Documents that starting questions are made from."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers of the page's events, over one Chatbot."""

    bot: Chatbot
    uploads: Path
    """Where Gradio puts uploaded files."""
    _questions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """To start with, by document: an id is of a text that never changes."""

    async def ask(self, session: Session, event: gr.EventData) -> AsyncIterator[View]:
        """Stream one turn of the conversation, as a whole, up to 20 times a second."""
        question = str(event._data.get("question", ""))
        cancel = session.begin()
        conversation = session.conversation
        draft = Draft(id=uuid4().hex, question=question, mode=self.bot.mode)
        yield _turn(conversation, draft)
        stream = partial(self.bot.stream, question, history=tuple(session.history), cancel=cancel)
        try:
            # Closed at once when the page goes away, not when it is collected.
            async with aclosing(batches(stream, cancel=cancel)) as gathered:
                async for events in gathered:
                    draft = draft.after(events)
                    session.remember(draft, conversation=conversation)
                    yield _turn(conversation, draft)
            if draft.state == "done":
                return
            draft = draft.ended()
        except ChatbotError as error:
            draft = draft.failed(str(error))
        yield _turn(conversation, draft)

    def stop(self, session: Session) -> None:
        """Stop the answer that is being made, with its model call."""
        session.stop()

    def reset(self, session: Session) -> None:
        """Begin a new conversation."""
        session.restart()

    def list_documents(self) -> View:
        """Return the documents, and questions to start with."""
        return self._list()

    def open_document(self, event: gr.EventData) -> View:
        """Return one document to read, as ``document``: JSON in a string.

        Gradio compares and wraps every value of a component on each change of the page, which
        for the ten thousands of pieces of a book takes seconds, and for a string nothing.
        """
        document_id = str(event._data.get("document", ""))
        try:
            with known_errors():
                document = self.bot.document(document_id)
                view = reading_view(document, self.bot.sentences(document_id))
        except ChatbotError as error:
            view = {"id": document_id, "error": str(error)}
        return {"document": json.dumps(view)}

    def add_file(self, event: gr.EventData) -> View:
        """Add a file that the page has just uploaded."""
        name = Path(str(event._data.get("name", ""))).name
        path = str(event._data.get("path", ""))
        return self._change(
            lambda: _added(self.bot.add_bytes(_taken(path, self.uploads), name=name))
        )

    def add_text(self, event: gr.EventData) -> View:
        """Add a text that was pasted."""
        words = str(event._data.get("text", ""))
        first_words = shortened(" ".join(words.split()), 60) or TEXTS["add_text_untitled"]
        title = " ".join(str(event._data.get("title", "")).split()) or first_words
        return self._change(lambda: _added(self.bot.add_text(words, title=title)))

    def remove(self, event: gr.EventData) -> View:
        """Remove a document."""
        document_id = str(event._data.get("document", ""))

        def work() -> View:
            title = self.bot.document(document_id).title
            self.bot.remove(document_id)
            return _message(text("removed", title=title), removed=document_id)

        return self._change(work)

    def _change(self, work: Callable[[], View]) -> View:
        """Change the documents; return their list with a word on how it went."""
        try:
            with known_errors():
                message = work()
        except ChatbotError as error:
            message = _message(str(error), level="bad")
        return self._list() | {"message": message}

    def _list(self) -> View:
        try:
            with known_errors():
                documents = self.bot.documents()
                questions = starters(self._questions_in(one.id) for one in documents[:MOST_ASKED])
        except ChatbotError as error:
            message = _message(str(error), level="bad")
            return {"documents": [], "starters": [], "message": message}
        rows = [document_view(document) for document in documents]
        return {"documents": rows, "starters": questions, "message": None}

    def _questions_in(self, document_id: str) -> tuple[str, ...]:
        if document_id not in self._questions:
            self._questions[document_id] = questions_in(self.bot.sentences(document_id))
        return self._questions[document_id]


def _turn(conversation: str, draft: Draft) -> View:
    return {"conversation": conversation, "turn": turn_view(draft)}


def _message(words: str, *, level: str = "good", **more: str) -> View:
    # The id lets the page see that the same words were said again.
    return {"id": uuid4().hex, "text": words, "level": level, **more}


def _added(report: IngestReport) -> View:
    if report.failed:
        return _message(" ".join(item.reason for item in report.failed), level="bad")
    if report.added:
        document = report.added[0]
        words = [text("added", title=document.title), *document.warnings]
        return _message(" ".join(words), opened=document.id)
    titles = ", ".join(document.title for document in report.unchanged)
    return _message(text("unchanged", title=titles), opened=report.unchanged[0].id)


def _taken(path: str, uploads: Path) -> bytes:
    """Return the content of an uploaded file and delete it.

    The path comes from the page, so it is believed only inside the folder of uploads.

    Raises:
        UnreadableFile: if it is anywhere else, or gone.
    """
    upload = Path(path).resolve()
    if not upload.is_relative_to(uploads.resolve()) or not upload.is_file():
        raise UnreadableFile(TEXTS["upload_gone"])
    try:
        return upload.read_bytes()
    finally:
        upload.unlink(missing_ok=True)
