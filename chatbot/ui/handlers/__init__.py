"""What happens when the page asks for something: each event's Python side, by noun.

Every handler returns plain values for the page and lets no error through: an error becomes one
sentence that the page shows. They know the Chatbot and the session, not the layout.
"""

from chatbot.ui.handlers.answers import AnswerHandlers
from chatbot.ui.handlers.collections import CollectionHandlers
from chatbot.ui.handlers.conversations import ConversationHandlers, LinkHandlers
from chatbot.ui.handlers.documents import DocumentHandlers

__all__ = [
    "AnswerHandlers",
    "CollectionHandlers",
    "ConversationHandlers",
    "DocumentHandlers",
    "LinkHandlers",
]
