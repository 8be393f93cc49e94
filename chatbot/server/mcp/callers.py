"""Who stands behind the tools: the operator over standard input, anybody over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mcp.server.mcpserver import Context
from starlette.requests import Request
from starlette.types import Scope

from chatbot.bot import Chatbot
from chatbot.bot.threads import in_thread
from chatbot.server.asking import IncomingQuestion, whole_answer
from chatbot.server.owner import OWNER
from chatbot.server.state import ServerState
from chatbot.types import Answer, IngestReport

Result = TypeVar("Result")
AddText = Callable[[str, str], IngestReport]
"""Adds a text under a title."""


@dataclass(frozen=True, slots=True)
class LocalCaller:
    """One person at this machine, over standard input."""

    everything: Chatbot
    add_text: AddText
    """Adds a text, where the store is another process's through that."""

    def bot(self, context: Context) -> Chatbot:
        """Return the bot."""
        return self.everything

    async def answer(self, asked: IncomingQuestion, context: Context) -> Answer:
        """Return an answer; a call that is cancelled stops the model."""
        return await self.everything.aask(
            asked.question, history=asked.history, documents=asked.documents
        )

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do blocking work."""
        return await in_thread(work)

    def add(self, text: str, title: str, context: Context) -> IngestReport:
        """Add a text."""
        return self.add_text(text, title)


@dataclass(frozen=True, slots=True)
class HttpCaller:
    """Many people over HTTP, with the limits of the server."""

    state: ServerState

    def bot(self, context: Context) -> Chatbot:
        """Return the bot as the person of the request sees it."""
        return self.state.view(_scope(context)[OWNER])

    async def answer(self, asked: IncomingQuestion, context: Context) -> Answer:
        """Return an answer."""
        return await whole_answer(asked, self.bot(context), _scope(context))

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do blocking work, in a slot."""
        async with self.state.slots.slot():
            return await in_thread(work)

    def add(self, text: str, title: str, context: Context) -> IngestReport:
        """Add a text for the person of the request."""
        return self.bot(context).add_text(text, title=title)


def _scope(context: Context) -> Scope:
    request = context.request_context.request
    assert isinstance(request, Request)
    return request.scope
