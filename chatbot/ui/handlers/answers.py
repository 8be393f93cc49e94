"""Asking, and what can be done about an answer: stop it, ask again in its place, take it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import gradio as gr

from chatbot.bot.threads import batches
from chatbot.errors import ChatbotError
from chatbot.ui.draft import Draft
from chatbot.ui.handlers.requests import field, person_of, texts_of
from chatbot.ui.render import View, turn_view
from chatbot.ui.session import Session

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class AnswerHandlers:
    """The handlers of the conversation's events, over one Chatbot."""

    bot: Chatbot

    async def ask(
        self, session: Session, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[View]:
        """Stream one turn of the conversation, as a whole, up to 20 times a second.

        Fields of the event: ``question``; ``replaces``, the id of a turn in whose place this one
        comes (it goes, and those after it); ``search_query``, to be searched for instead of the
        question.
        """
        texts = texts_of(request)
        bot = self.bot.for_owner(person_of(request))
        draft = Draft(id=uuid4().hex, question=field(event, "question"), mode=self.bot.mode)
        replaces = field(event, "replaces")
        cancel = session.begin(draft, replaces=replaces)
        conversation = session.conversation
        yield _turn(conversation, draft, texts, replaces=replaces)
        stream = partial(
            bot.stream,
            draft.question,
            history=session.history(before=draft.id),
            search_query=field(event, "search_query") or None,
            cancel=cancel,
        )
        try:
            # Closed at once when the page goes away, not when it is collected.
            async with aclosing(batches(stream, cancel=cancel)) as gathered:
                async for events in gathered:
                    draft = draft.after(events)
                    session.remember(draft)
                    yield _turn(conversation, draft, texts)
            if draft.state == "done":
                return
            draft = draft.ended()
        except ChatbotError as error:
            draft = draft.failed(str(error))
        yield _turn(conversation, draft, texts)

    def stop(self, session: Session) -> None:
        """Stop the answer that is being made, with its model call."""
        session.stop()

    def undo(self, session: Session, event: gr.EventData) -> None:
        """Take back a turn and those after it."""
        session.drop(field(event, "turn"))

    def reset(self, session: Session) -> None:
        """Begin a new conversation."""
        session.restart()


def _turn(conversation: str, draft: Draft, texts: Texts, *, replaces: str = "") -> View:
    turn = turn_view(draft, texts)
    return {"conversation": conversation, "turn": turn, "replaces": replaces}
