"""``ask`` and ``check`` for programs that want no object: over the default store."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from functools import cache

from chatbot.answering.check import check_text
from chatbot.bot.chatbot import Chatbot
from chatbot.bot.parts import Models
from chatbot.settings import Settings
from chatbot.types import Answer, Check, Turn

_opening = threading.Lock()


def ask(
    question: str, *, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
) -> Answer:
    """Answer from the default store, opened for reading on first use. See ``Chatbot.ask``."""
    with _opening:
        bot = _default_bot()
    return bot.ask(question, history=history, documents=documents)


def check(text: str, sources: Sequence[str], *, question: str | None = None) -> Check:
    """Check every claim of any text against sources; no store is opened. See ``Chatbot.check``."""
    with _opening:
        models = _default_models()
    return check_text(text, sources, grounder=models.grounder, question=question)


@cache
def _default_bot() -> Chatbot:
    bot = Chatbot.from_settings(read_only=True)
    atexit.register(bot.close)
    return bot


@cache
def _default_models() -> Models:
    return Models(Settings())
