"""Makes the guides to documents as they are added, so that nobody waits for one."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial

from chatbot.bot import Chatbot
from chatbot.bot.threads import in_thread
from chatbot.errors import ChatbotError
from chatbot.server.slots import Slots

logger = logging.getLogger(__name__)

PAUSE = 2.0
"""Seconds between two looks for new documents."""


async def make_guides(bot: Chatbot, slots: Slots, ending: asyncio.Event) -> None:
    """Make guides until the server ends, one at a time and only while nothing is answered.

    Documents that were there before get theirs when they are first opened.
    """
    seen: int | None = None
    while not ending.is_set():
        added = None
        try:
            if not slots.running:
                seen, added = await in_thread(partial(bot.guides.added_after, seen))
            if added is not None:
                await in_thread(partial(bot.guides.of, added))
        except ChatbotError as error:
            logger.warning("A guide could not be made: %s", error)
        if added is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), PAUSE)
