"""Keeps documents and finds them again: tables as the truth, Chroma as an index of the vectors.

Seen from outside it is one ``Store``. It knows no model, no file format and no question.
"""

from chatbot.store.access import TOKEN_PREFIX, Tokens, UsageBook
from chatbot.store.chroma import ChromaServer
from chatbot.store.collections import Collections, documents_to_ask, find_collection
from chatbot.store.conversations import Conversations
from chatbot.store.links import LINK_PREFIX, Links
from chatbot.store.lock import Presence, find_server
from chatbot.store.opening import Place
from chatbot.store.records import (
    AddResult,
    ChunkContent,
    ChunkHit,
    ChunkKey,
    NewDocument,
    SentenceHit,
    SourceRecord,
    StoredChunk,
)
from chatbot.store.store import Store
