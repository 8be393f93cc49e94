"""Keeps documents and finds them again: SQLite as the truth, Chroma as an index of the vectors.

Seen from outside it is one ``Store``. It knows no model, no file format and no question.
"""

from chatbot.store.conversations import Conversations
from chatbot.store.records import (
    AddResult,
    ChunkHit,
    ChunkKey,
    NewDocument,
    SentenceHit,
    SourceRecord,
    StoredChunk,
    StoredSentence,
)
from chatbot.store.store import Store

__all__ = [
    "AddResult",
    "ChunkHit",
    "ChunkKey",
    "Conversations",
    "NewDocument",
    "SentenceHit",
    "SourceRecord",
    "Store",
    "StoredChunk",
    "StoredSentence",
]
