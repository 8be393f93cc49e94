"""The ingest path: files become parsed documents, their chunks are embedded, the store keeps them.

Knows no file format and no database.
"""

from chatbot.ingest.adding import Ingest, joined
from chatbot.ingest.fetching import is_address

__all__ = ["Ingest", "is_address", "joined"]
