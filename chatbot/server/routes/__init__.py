"""The routes, one module for each noun."""

from chatbot.server.openai_compat import routes as openai_compat
from chatbot.server.routes import (
    answers,
    collections,
    conversations,
    docs,
    documents,
    health,
    links,
    login,
    operator,
    unknown,
)

ROUTERS = (
    answers.router,
    operator.router,
    documents.router,
    collections.router,
    conversations.router,
    links.router,
    openai_compat.router,
    health.router,
    docs.router,
    login.router,
    unknown.router,
)

__all__ = ["ROUTERS"]
