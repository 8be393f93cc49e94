"""The ingest path: files become parsed documents, their chunks are embedded, the store keeps them.

Knows no file format and no database. Used by the bot.
"""

from chatbot.ingest.adding import Ingest

__all__ = ["Ingest"]
