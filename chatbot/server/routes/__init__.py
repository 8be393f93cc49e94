"""The routes, one module for each noun."""

from chatbot.server import openai_compat
from chatbot.server.routes import (
    answers,
    collections,
    conversations,
    documents,
    health,
    operator,
    pages,
)

ROUTERS = (
    answers.router,
    operator.router,
    documents.router,
    collections.router,
    conversations.router,
    conversations.links,
    openai_compat.router,
    health.router,
    pages.router,
)
