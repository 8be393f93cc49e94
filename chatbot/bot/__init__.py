"""The Chatbot: puts the parts together. Used by programs, the command line, the server and evals."""

from chatbot.bot.chatbot import Chatbot
from chatbot.bot.default import ask, check

__all__ = ["Chatbot", "ask", "check"]
