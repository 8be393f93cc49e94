"""The Chatbot, and ``ask`` and ``check`` on the default one. Everything above builds on it."""

from chatbot.bot.chatbot import Chatbot
from chatbot.bot.default import ask, check

__all__ = ["Chatbot", "ask", "check"]
