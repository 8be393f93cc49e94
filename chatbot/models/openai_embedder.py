"""The embedder that asks an OpenAI-compatible server for its vectors.

For OpenAI itself and for Ollama, vLLM, llama.cpp, LM Studio. It is asked only when
``CHATBOT_EMBEDDING_MODEL`` names a model: texts then go to that server, and to no other. Knows
neither documents nor the store. Made by ``load_embedder``.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from chatbot.errors import LLMBadResponse, SettingsError
from chatbot.models.embedder import ChunkVectors, Vectors
from chatbot.models.llm.errors import describe
from chatbot.models.llm.http import http_timeout
from chatbot.models.llm.policy import pause_before_retry
from chatbot.models.llm.provider import OPENAI_URL, PLACEHOLDER_KEY
from chatbot.models.model_files import BUILTIN, read_model_files
from chatbot.settings import Settings
from chatbot.types import Span

if TYPE_CHECKING:
    from openai import OpenAI

_TEXTS_PER_CALL = 64
_MAX_CHARS = 6000  # under the 8,191 tokens of OpenAI's models, in any script
_LONGEST = 60.0  # seconds of one call with its retries, where the settings set no limit
_BLANK = "."  # servers refuse an empty text


class OpenAIEmbedder:
    """Sentence vectors from a server. Thread safe. It gives no token vectors, so no span vectors.

    Chunks are counted with the built-in model's tokenizer, so that they are the same whichever
    model embeds them. Texts over 6,000 characters are embedded by their beginning.
    """

    def __init__(self, *, model: str, url: str, key: str, settings: Settings) -> None:
        """Keep what is needed to ask; nothing is sent yet.

        Args:
            model: the model's name at the server.
            url: where its API begins, usually ending in ``/v1``.
            key: the API key, or any word for a server that wants none.
            settings: for the timeouts and the deadline of one call with its retries.
        """
        self.name = f"openai:{model}"
        self._model = model
        self._url = url
        self._key = key
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: OpenAI | None = None
        self._known_dimension: int | None = None
        self._counted_by = read_model_files(BUILTIN, needs="dimension")

    @classmethod
    def from_settings(cls, settings: Settings, *, name: str) -> OpenAIEmbedder:
        """Return the embedder for model ``name`` at the configured server.

        Raises:
            SettingsError: if the address is none, or OpenAI's own server is to be asked without
                a key.
        """
        url = settings.embedding_base_url or settings.base_url
        if url is not None and not urlsplit(url).netloc:
            raise SettingsError(
                f"CHATBOT_EMBEDDING_BASE_URL is {url!r}; "
                "write a whole address, for example http://localhost:11434/v1."
            )
        key = settings.api_key.get_secret_value().strip() if settings.api_key else ""
        if not key and url is None:
            raise SettingsError(
                f"CHATBOT_EMBEDDING_MODEL is 'openai:{name}' but there is no key: set "
                "OPENAI_API_KEY, or CHATBOT_EMBEDDING_BASE_URL to a server without one."
            )
        return cls(model=name, url=url or OPENAI_URL, key=key or PLACEHOLDER_KEY, settings=settings)

    @property
    def dimension(self) -> int:
        """Numbers in one vector; the server is asked once for it.

        Raises:
            LLMError: if the server fails.
        """
        if self._known_dimension is None:
            self._known_dimension = len(self._ask(["dimension"])[0])
        return self._known_dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text: shape (n, dimension), float32.

        Raises:
            LLMError: if the server fails, or answers with other than one vector for each text.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        sent = [text[:_MAX_CHARS] if text.strip() else _BLANK for text in texts]
        parts = [
            self._ask(sent[start : start + _TEXTS_PER_CALL])
            for start in range(0, len(sent), _TEXTS_PER_CALL)
        ]
        if len({part.shape[1] for part in parts}) != 1:
            raise self._bad("vectors of different lengths")
        self._known_dimension = parts[0].shape[1]
        return np.concatenate(parts)

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        """Return the vectors of the chunks; there are none of spans.

        Raises:
            LLMError: as ``embed``.
        """
        return ChunkVectors(chunks=self.embed(chunks), sentences=None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens of the built-in model."""
        return self._counted_by.tokenizer().count(texts)

    def _ask(self, texts: list[str]) -> Vectors:
        from openai import OpenAIError

        client = self._client()
        deadline = time.monotonic() + (self._settings.llm_deadline or _LONGEST)
        attempt = 0
        while True:
            attempt += 1
            started = time.monotonic()
            try:
                response = client.embeddings.create(
                    model=self._model, input=texts, encoding_format="float"
                )
            except OpenAIError as error:
                failure = describe(error)
                now = time.monotonic()
                pause = pause_before_retry(
                    failure, attempt=attempt, took=now - started, remaining=deadline - now
                )
                if pause is None:
                    raise failure.error from None
                time.sleep(pause)
            except (ValueError, AttributeError, TypeError, LookupError):
                raise self._bad("something other than a list of embeddings") from None
            else:
                return self._vectors(response, count=len(texts))

    def _vectors(self, response: Any, *, count: int) -> Vectors:  # noqa: ANN401 - foreign and unchecked
        try:
            items = sorted(response.data, key=lambda item: item.index)
            vectors = np.array([item.embedding for item in items], dtype=np.float32)
        except (ValueError, TypeError, AttributeError):
            raise self._bad("something other than a list of embeddings") from None
        if len(vectors) != count or vectors.ndim != 2:
            raise self._bad(f"{len(vectors)} embeddings for {count} texts")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(norms) & (norms > 0)):
            raise self._bad("an embedding that is zero or not a number")
        unit: Vectors = vectors / norms
        return unit

    def _bad(self, what: str) -> LLMBadResponse:
        host = urlsplit(self._url).netloc.rpartition("@")[2]
        return LLMBadResponse(
            f"The embedding server at {host} sent {what} (model {self._model}); check "
            "CHATBOT_EMBEDDING_MODEL and that the address ends where the API begins (usually /v1)."
        )

    def _client(self) -> OpenAI:
        import httpx2
        from openai import OpenAI

        with self._lock:
            if self._opened is None:
                host = urlsplit(self._url).hostname or ""
                http = httpx2.Client(
                    timeout=http_timeout(self._settings, read=self._settings.llm_read_timeout),
                    follow_redirects=False,  # texts go to the configured server only
                    trust_env=not (host == "localhost" or host.startswith("127.")),
                )
                self._opened = OpenAI(
                    api_key=self._key, base_url=self._url, max_retries=0, http_client=http
                )
                weakref.finalize(self, http.close)
            return self._opened
