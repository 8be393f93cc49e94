"""Who asks, whether they may, and how much they have used."""

from typing import Final

OWNER: Final = "chatbot.owner"
"""Key of the ASGI scope: ``token:NAME``, a browser's id, or "" for a program of this machine; None
is the operator, who has shown the key of the running server."""
TOKEN_OWNER: Final = "token:"
"""What the owner of a token begins with; its name follows."""
LINK_OWNER: Final = "link:"
"""Whoever opens a link to a conversation: all of them are counted together, like one token."""
