"""The name under which an ASGI scope says who asks."""

from typing import Final

OWNER: Final = "chatbot.owner"
"""The person: ``token:NAME``, a browser's id, or "" for a program of this machine; None is the
operator, who has shown the key of the running server."""
