"""The chat model: deltas of text from a server, complete or with a typed error.

Knows nothing of documents, prompts or markers. Nothing here is imported before a model is set.
"""

from chatbot.models.llm.model import ChatModel, Generation, Message
from chatbot.models.llm.provider import untraced

__all__ = ["ChatModel", "Generation", "Message", "untraced"]
