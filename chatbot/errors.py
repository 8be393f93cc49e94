"""Every error this package raises on purpose. Each message is one sentence for the user.

::

    ChatbotError
    ├── SettingsError, QuestionError, RetrieverError, ModelError, SuiteError, ExportError
    ├── DocumentError
    │   ├── UnsupportedFile, FileTooLarge
    │   └── UnreadableFile
    │       └── ScannedFile
    ├── CollectionError
    │   └── CollectionNotFound
    ├── StoreError
    │   ├── StoreBusy, StoreUnreachable, StoreVersionError, StoreDamaged, EmbedderMismatch
    │   └── DocumentNotFound, PageNotFound, ConversationNotFound
    ├── Refused
    │   └── NotAllowed, OverLimit, ServerBusy
    ├── InternalError
    └── LLMError
        ├── LLMAuthError, LLMQuotaError, LLMRateLimited, LLMTimeout, LLMUnavailable
        └── LLMBadResponse, LLMIncomplete
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

logger = logging.getLogger(__name__)


class ChatbotError(Exception):
    """Base of every error raised on purpose; ``str(error)`` is one sentence for the user."""


class SettingsError(ChatbotError):
    """A setting has a value that cannot work."""


class RetrieverError(ChatbotError):
    """Somebody's own retriever returned what is not in the store."""


class DocumentError(ChatbotError):
    """A file or text that cannot be added."""


class UnsupportedFile(DocumentError):
    """No loader reads this suffix or this content."""


class UnreadableFile(DocumentError):
    """The file is empty, encrypted, damaged, binary or missing."""


class ScannedFile(UnreadableFile):
    """The words are in pictures, and recognition is not installed."""


class FileTooLarge(DocumentError):
    """The file is over a limit of bytes, characters, pages, memory or time."""


class QuestionError(ChatbotError):
    """The question cannot be asked as it is: it is too long, or what comes with it does not fit."""


class CollectionError(ChatbotError):
    """A collection cannot be made, changed or asked: its name, whose it is, or nothing in it."""


class CollectionNotFound(CollectionError):
    """No collection that this person sees has this name; the message names the nearest ones."""


class StoreError(ChatbotError):
    """The store cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process owns the data directory; the message names it."""


class StoreUnreachable(StoreError):
    """The database server or the Chroma server does not answer; it may again in a moment."""


class StoreVersionError(StoreError):
    """The store was written by a version this one cannot read."""


class StoreDamaged(StoreError):
    """SQLite or Chroma cannot be read; the message says how to repair it."""


class EmbedderMismatch(StoreError):
    """The store was written with another embedding model; the message says what to do."""


class DocumentNotFound(StoreError):
    """No document has this id."""


class PageNotFound(StoreError):
    """The document has no such page, or its pages cannot be shown."""


class ConversationNotFound(StoreError):
    """No conversation, or no turn, that this person sees has this id."""


class ModelError(ChatbotError):
    """A model that runs here has missing or changed files."""


class SuiteError(ChatbotError):
    """An evaluation suite cannot be loaded."""


class ExportError(ChatbotError):
    """There is nothing to export, or no such format."""


class Refused(ChatbotError):
    """The server does not do it, or not now."""


class NotAllowed(Refused):
    """There is no token, it is wrong, or it may not do this."""


class OverLimit(Refused):
    """The requests of this minute, or the tokens of this day, are used up."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds until it is worth trying again."""


class ServerBusy(Refused):
    """Too many wait already, or the server is stopping."""

    retry_after = 2
    """Seconds until it is worth trying again."""


class InternalError(ChatbotError):
    """A mistake of ours; the log has the traceback under the id in the message."""


class LLMError(ChatbotError):
    """The chat or embedding server failed. ``str(error)`` says how, without secrets."""


class LLMAuthError(LLMError):
    """The key was refused (401, 403)."""


class LLMQuotaError(LLMError):
    """The account has no quota left (402, or 429 with a code that says so); never retried."""


class LLMRateLimited(LLMError):
    """Too many requests (429), and waiting would take too long."""


class LLMTimeout(LLMError):
    """No answer in time, or a stream that stalled."""


class LLMUnavailable(LLMError):
    """No connection, or the server answered 5xx."""


class LLMBadResponse(LLMError):
    """The response is not what the protocol says: HTML, no choices, no content, gibberish."""


class LLMIncomplete(LLMError):
    """The answer was cut: a broken stream, the length limit or a content filter."""


@contextmanager
def known_errors() -> Iterator[None]:
    """Let only ``ChatbotError`` out: the edges (command line, server, page) run inside this.

    The one broad ``except`` of the project. The traceback goes to the log under an id, the user
    gets a sentence with that id.

    Raises:
        InternalError: for every error that is not a ``ChatbotError``.
    """
    try:
        yield
    except ChatbotError:
        raise
    except Exception as error:
        error_id = uuid4().hex[:8]
        logger.exception("internal error %s", error_id)
        raise InternalError(
            f"Something went wrong inside the chatbot. The log has the details under {error_id}."
        ) from error
