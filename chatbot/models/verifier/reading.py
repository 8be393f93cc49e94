"""Reads sentences for the verifier: tokens and vectors, each sentence once while remembered.

Knows no claim and no verdict.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from cachetools import LRUCache

from chatbot.errors import ModelError
from chatbot.models.embedder import Embedder
from chatbot.models.verifier.case import Embedded
from chatbot.models.verifier.text import Lexicon
from chatbot.types import Span

_REMEMBERED = 1024  # sentences, about 30 kB each


class SentenceReader:
    """Turns sentences into tokens and vectors. Thread safe.

    Each sentence is embedded in a run of its own: the int8 model scales its numbers by the batch,
    and a verdict must not depend on which claims happened to be checked together.
    """

    def __init__(self, embedder: Embedder, lexicon: Lexicon, *, threads: int = 1) -> None:
        """Take the model and the word lists; ``threads`` sentences are embedded at once."""
        self.lexicon = lexicon
        self._embedder = embedder
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._remembered: LRUCache[str, Embedded] = LRUCache(_REMEMBERED)

    def read(self, texts: Sequence[str]) -> list[Embedded]:
        """Return the sentences with their vectors, in order.

        Raises:
            ModelError: if the embedder gives no vectors of words.
        """
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if self._threads > 1 and len(new) > 1:
            known.update(zip(new, self._workers().map(self._read, new), strict=True))
        else:
            known.update((text, self._read(text)) for text in new)
        with self._lock:
            self._remembered.update(known)
        return [known[text] for text in texts]

    def _workers(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="verify")
            return self._pool

    def _read(self, text: str) -> Embedded:
        reading = self.lexicon.read(text)
        spans = [Span(start=token.start, end=token.end) for token in reading.tokens]
        found = self._embedder.embed_chunks([text], [spans])
        if found.sentences is None:
            raise ModelError(
                f"The embedding model {self._embedder.name} gives no vectors of words. The "
                "verifier needs them, so use the built-in model."
            )
        return Embedded(reading=reading, vector=found.chunks[0], words=found.sentences[0])
