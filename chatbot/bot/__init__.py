"""The Chatbot, and ``ask`` and ``check`` on the default one. Everything above builds on it."""

from chatbot.bot.chatbot import Chatbot
from chatbot.bot.default import ask, check
from chatbot.bot.prompted import PromptedModel

__all__ = ["Chatbot", "PromptedModel", "ask", "check"]
