"""Asking, and what can be done about an answer: stop it, ask again in its place, take it back.

The events of the page that Gradio queues and whose session it keeps. No error gets through: it
becomes one sentence that the page shows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import gradio as gr

from chatbot.bot.threads import batches, in_thread
from chatbot.errors import ChatbotError, ConversationNotFound
from chatbot.models.cancel import Cancel
from chatbot.types import AnswerEvent, Conversation
from chatbot.types.json_values import json_of
from chatbot.ui.draft import TurnDraft
from chatbot.ui.places import View
from chatbot.ui.render import turn_view
from chatbot.ui.session import Session
from chatbot.ui.texts import accepted_texts

if TYPE_CHECKING:
    from starlette.requests import Request

    from chatbot.bot import Chatbot

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """The handlers of the conversation's events."""

    view: Callable[[str], Chatbot]
    """Returns the bot as a person sees it."""

    async def ask(
        self, session: Session, event: gr.EventData, request: gr.Request
    ) -> AsyncGenerator[View]:
        """Stream one turn of the conversation, as a whole, up to 20 times a second.

        Fields of the event: ``question``; ``replaces``, a turn that goes with those after it;
        ``search_query`` instead of the question; ``conversation``, empty for a new one;
        ``documents`` that may be used, or a ``collection`` of them. Each value is ``json`` in a
        string, which costs Gradio nothing to compare; the thousand pieces of a long answer it would
        wrap and compare on both sides, 20 times a second.
        """
        sent = event._data
        bot = self._bot(request)
        draft = TurnDraft(id=uuid4().hex, question=_text(sent, "question"), mode=bot.mode)
        replaces, collection = _text(sent, "replaces"), _text(sent, "collection")
        chosen = sent.get("documents")
        documents = tuple(map(str, chosen)) if isinstance(chosen, list) else None
        try:
            await _follow(bot, session, sent.get("conversation"))
            await _take_back(bot, session.conversation, replaces)
            if collection and documents is None:
                documents = await in_thread(lambda: bot.collection(collection))
        except ChatbotError as error:
            draft = draft.failed(str(error))
        cancel = session.begin(draft, replaces=replaces)
        conversation = session.conversation
        texts = accepted_texts(request.headers.get("accept-language", ""))

        def shown(draft: TurnDraft) -> View:
            # Each value says what it replaces: the page may see only the last of several.
            turn = turn_view(draft, texts) | {"documents": documents}
            return {"conversation": conversation, "turn": turn, "replaces": replaces}

        yield {"json": json.dumps(shown(draft))}
        if draft.error:
            return
        stream = partial(
            bot.stream,
            draft.question,
            history=session.history(before=draft.id),
            documents=documents,
            search_query=_text(sent, "search_query") or None,
            cancel=cancel,
        )
        # Closed at once when the page goes away, not when it is collected.
        async with aclosing(_drafts(draft, stream, cancel)) as drafts:
            async for draft in drafts:
                session.remember(draft)
                view = shown(draft)
                if draft.answer is not None and draft.id not in session.dropped:
                    view |= await _kept(bot, draft, conversation, documents, collection)
                yield {"json": json.dumps(view)}

    async def undo(self, session: Session, event: gr.EventData, request: gr.Request) -> None:
        """Take back a turn and those after it."""
        turn_id = _text(event._data, "turn")
        session.drop(turn_id)
        conversation = event._data.get("conversation")
        try:
            await _take_back(self._bot(request), conversation or session.conversation, turn_id)
        except ChatbotError as error:
            # The page has taken it back already; it will be there again after a reload.
            logger.warning("a turn was not taken back: %s", error)

    def _bot(self, request: gr.Request) -> Chatbot:
        # Gradio's own request tells of a scope what JSON can hold.
        asked = cast("Request", request.request)
        return self.view(asked.scope["chatbot.owner"])


def _text(sent: View, name: str) -> str:
    return str(sent.get(name) or "")


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
        draft = replace(draft, state="stopped")
    except ChatbotError as error:
        draft = draft.failed(str(error))
    yield draft


async def _follow(bot: Chatbot, session: Session, conversation: str | None) -> None:
    """Turn the session, which knows nothing after a restart, to the conversation of the page.

    ``conversation`` is as the page has it: empty for a new one, None where it does not say.
    """
    if conversation is None or conversation == session.conversation:
        return
    try:
        turns = await in_thread(lambda: bot.conversations.turns(conversation))
    except ConversationNotFound:
        session.restart()
    else:
        session.open(conversation, turns)


async def _kept(
    bot: Chatbot,
    draft: TurnDraft,
    conversation: str,
    documents: Sequence[str] | None,
    collection: str,
) -> View:
    """Add an answered turn to its conversation, begun with it if need be; return what to tell.

    Nothing is kept where the person has no name to keep it under.
    """
    kept, answer = bot.conversations, draft.answer
    if answer is None or not bot.owner:
        return {"saved": None}

    def work() -> Conversation:
        try:
            kept.get(conversation)
        except ConversationNotFound:
            kept.start(draft.question, conversation_id=conversation)
        kept.append(
            conversation,
            question=draft.question,
            answer=answer,
            documents=documents,
            collection=collection,
            turn_id=draft.id,
        )
        return kept.get(conversation)

    try:
        return {"saved": json_of(await in_thread(work))}
    except ChatbotError as error:
        return {"saved": None, "unsaved": str(error)}


async def _take_back(bot: Chatbot, conversation: str, turn_id: str) -> None:
    """Remove a turn and those after it; nothing happens where it was never kept.

    A conversation that is left empty goes too, so that the next question names it again, unless
    the person gave it a name.
    """
    if not turn_id:
        return
    kept = bot.conversations

    def work() -> None:
        try:
            first = kept.turns(conversation)[:1]
            title = kept.get(conversation).title
            kept.truncate(conversation, turn_id)
        except ConversationNotFound:
            return
        named_after_it = first and " ".join(first[0].question.split()).startswith(title[:-1])
        if named_after_it and first[0].id == turn_id:
            kept.delete(conversation)

    await in_thread(work)
