"""Between the page and the saved conversations: follow one, keep a turn, take one back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatbot.bot.threads import in_thread
from chatbot.errors import ConversationNotFound
from chatbot.types import Conversation
from chatbot.ui.draft import TurnDraft
from chatbot.ui.session import Session

if TYPE_CHECKING:
    from chatbot.bot import Chatbot


async def follow(bot: Chatbot, session: Session, conversation_id: str | None) -> None:
    """Turn the session, which knows nothing after a restart, to the conversation of the page.

    ``conversation_id`` is as the page has it: empty for a new one, None where it does not say.

    Raises:
        StoreError: if the store cannot be read.
    """
    if conversation_id is None or conversation_id == session.conversation:
        return
    try:
        turns = await in_thread(lambda: bot.conversations.turns(conversation_id))
    except ConversationNotFound:
        session.restart()
    else:
        session.open(conversation_id, turns)


async def keep(
    bot: Chatbot,
    draft: TurnDraft,
    conversation_id: str,
    documents: Sequence[str] | None,
    collection: str,
) -> Conversation | None:
    """Add an answered turn to its conversation, begun with it if need be; return that.

    None where there is no answer, or the person has no name to keep it under.
    """
    answer = draft.answer
    if answer is None or not bot.owner:
        return None

    def work() -> Conversation:
        kept = bot.conversations
        try:
            kept.get(conversation_id)
        except ConversationNotFound:
            kept.start(draft.question, conversation_id=conversation_id)
        kept.append(
            conversation_id,
            question=draft.question,
            answer=answer,
            documents=documents,
            collection=collection,
            turn_id=draft.id,
        )
        return kept.get(conversation_id)

    return await in_thread(work)


async def take_back(bot: Chatbot, conversation_id: str, turn_id: str) -> None:
    """Remove a turn and those after it; nothing happens where it was never kept.

    A conversation that is left empty goes too, so that the next question names it again, unless
    the person gave it a name.
    """
    if not turn_id:
        return

    def work() -> None:
        kept = bot.conversations
        try:
            first = kept.turns(conversation_id)[:1]
            title = kept.get(conversation_id).title
            kept.truncate(conversation_id, turn_id)
        except ConversationNotFound:
            return
        named_after_it = first and " ".join(first[0].question.split()).startswith(title[:-1])
        if named_after_it and first[0].id == turn_id:
            kept.delete(conversation_id)

    await in_thread(work)
