"""Asking, and what can be done about an answer: stop it, ask again in its place, take it back."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import gradio as gr

from chatbot.bot.threads import batches, in_thread
from chatbot.errors import ChatbotError
from chatbot.models.cancel import Cancel
from chatbot.types import AnswerEvent
from chatbot.ui.draft import TurnDraft
from chatbot.ui.handlers import saving
from chatbot.ui.handlers.calls import field, names, person_of, texts_of, told
from chatbot.ui.handlers.conversations import conversation_view
from chatbot.ui.places import View
from chatbot.ui.render import turn_view
from chatbot.ui.session import Session

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.ui.texts import Texts

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnswerHandlers:
    """The handlers of the conversation's events, over one Chatbot."""

    bot: Chatbot

    async def ask(
        self, session: Session, event: gr.EventData, request: gr.Request
    ) -> AsyncGenerator[View]:
        """Stream one turn of the conversation, as a whole, up to 20 times a second.

        Fields of the event: ``question``; ``replaces``, a turn that goes with those after it;
        ``search_query`` instead of the question; ``conversation``, empty for a new one;
        ``documents`` that may be used, or a ``collection`` of them.
        """
        texts = texts_of(request)
        bot = self.bot.for_owner(person_of(request))
        draft = TurnDraft(id=uuid4().hex, question=field(event, "question"), mode=self.bot.mode)
        replaces, documents = field(event, "replaces"), names(event, "documents")
        collection = field(event, "collection")
        try:
            await saving.follow(bot, session, told(event, "conversation"))
            await saving.take_back(bot, session.conversation, replaces)
            if collection and documents is None:
                documents = await in_thread(lambda: bot.collection(collection))
        except ChatbotError as error:
            draft = draft.failed(str(error))
        cancel = session.begin(draft, replaces=replaces)
        conversation = session.conversation
        # Each value says what it replaces: the page may see only the last of several.
        shown = partial(_turn, conversation, texts=texts, replaces=replaces, documents=documents)
        yield shown(draft)
        if draft.error:
            return
        stream = partial(
            bot.stream,
            draft.question,
            history=session.history(before=draft.id),
            documents=documents,
            search_query=field(event, "search_query") or None,
            cancel=cancel,
        )
        # Closed at once when the page goes away, not when it is collected.
        async with aclosing(_drafts(draft, stream, cancel)) as drafts:
            async for draft in drafts:
                session.remember(draft)
                view = shown(draft)
                if draft.answer is not None and draft.id not in session.dropped:
                    view |= await _kept(bot, draft, conversation, documents, collection)
                yield view

    async def ask_in_json(
        self, session: Session, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[View]:
        """``ask`` with each value as ``json``: a string, which costs Gradio nothing to compare.

        The thousand pieces of a long answer it would wrap and compare on both sides, 20 times a
        second.
        """
        async with aclosing(self.ask(session, event, request)) as values:
            async for value in values:
                yield {"json": json.dumps(value)}

    def stop(self, session: Session) -> None:
        """Stop the answer that is being made, with its model call."""
        session.stop()

    async def undo(self, session: Session, event: gr.EventData, request: gr.Request) -> None:
        """Take back a turn and those after it."""
        turn_id = field(event, "turn")
        session.drop(turn_id)
        bot = self.bot.for_owner(person_of(request))
        conversation = told(event, "conversation") or session.conversation
        try:
            await saving.take_back(bot, conversation, turn_id)
        except ChatbotError as error:
            # The page has taken it back already; it will be there again after a reload.
            logger.warning("a turn was not taken back: %s", error)

    def reset(self, session: Session) -> None:
        """Begin a new conversation."""
        session.restart()


async def _drafts(
    draft: TurnDraft, stream: Callable[[], Iterator[AnswerEvent]], cancel: Cancel
) -> AsyncGenerator[TurnDraft]:
    """Yield the draft as it grows, to its end, be that an answer, a stop or an error."""
    try:
        async with aclosing(batches(stream, cancel=cancel)) as gathered:
            async for events in gathered:
                draft = draft.after(events)
                yield draft
        if draft.state == "done":
            return
        draft = draft.ended()
    except ChatbotError as error:
        draft = draft.failed(str(error))
    yield draft


def _turn(
    conversation: str,
    draft: TurnDraft,
    *,
    texts: Texts,
    replaces: str,
    documents: Sequence[str] | None,
) -> View:
    turn = turn_view(draft, texts)
    turn["documents"] = None if documents is None else list(documents)
    return {"conversation": conversation, "turn": turn, "replaces": replaces}


async def _kept(
    bot: Chatbot,
    draft: TurnDraft,
    conversation: str,
    documents: Sequence[str] | None,
    collection: str,
) -> View:
    """Keep an answered turn; return what the page is to know of that."""
    try:
        row = await saving.keep(bot, draft, conversation, documents, collection)
    except ChatbotError as error:
        return {"saved": None, "unsaved": str(error)}
    return {"saved": None if row is None else conversation_view(row)}
