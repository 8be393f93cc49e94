"""The HTTP server: the application that surfaces are mounted on, and the loop that serves it.

Knows the Chatbot and HTTP, not the page: ``cli`` composes ``create_app`` with ``ui.mount``.
"""

from chatbot.server.app import create_app
from chatbot.server.serving import serve
from chatbot.server.watching import configure_logs

__all__ = ["configure_logs", "create_app", "serve"]
