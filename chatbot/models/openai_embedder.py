"""The embedder that asks an OpenAI-compatible server for its vectors.

For OpenAI itself and for Ollama, vLLM, llama.cpp, LM Studio. It is asked only when
``CHATBOT_EMBEDDING_MODEL`` names a model: texts then go to that server, and to no other. Knows
neither documents nor the store. Made by ``load_embedder``.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from chatbot.errors import LLMBadResponse, SettingsError
from chatbot.models.embedder import ChunkVectors, Vectors
from chatbot.models.llm.errors import MALFORMED, describe
from chatbot.models.llm.policy import pause_before_retry
from chatbot.models.llm.server import OPENAI_URL, check_address, key_of, openai_client
from chatbot.models.model_files import BUILTIN, ModelFiles
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
    model embeds them. Texts over 6,000 characters are embedded by their beginning. What asks the
    server raises an LLMError if it fails, or answers with other than one vector for each text.
    """

    def __init__(self, settings: Settings, *, model: str) -> None:
        """Take the model's name at the configured server; nothing is sent yet.

        Raises:
            SettingsError: if the address is none, or OpenAI's own server is to be asked without
                a key.
        """
        self._url = settings.embedding_base_url or settings.base_url
        check_address(self._url, setting="CHATBOT_EMBEDDING_BASE_URL")
        if self._url is None and not key_of(settings):
            raise SettingsError(
                f"CHATBOT_EMBEDDING_MODEL is 'openai:{model}' but there is no key: set "
                "OPENAI_API_KEY, or CHATBOT_EMBEDDING_BASE_URL to a server without one."
            )
        self.name = f"openai:{model}"
        self._model = model
        self._settings = settings
        self._counted_by = ModelFiles(BUILTIN, needs="dimension")

    @cached_property
    def dimension(self) -> int:
        """Numbers in one vector; the server is asked once for it."""
        return len(self._ask(["dimension"])[0])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text: shape (n, dimension), float32."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        sent = [text[:_MAX_CHARS] if text.strip() else _BLANK for text in texts]
        parts = [
            self._ask(sent[start : start + _TEXTS_PER_CALL])
            for start in range(0, len(sent), _TEXTS_PER_CALL)
        ]
        if len({part.shape[1] for part in parts}) != 1:
            raise self._bad("vectors of different lengths")
        return np.concatenate(parts)

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        """Return the vectors of the chunks; there are none of spans."""
        return ChunkVectors(chunks=self.embed(chunks), sentences=None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens of the built-in model."""
        return self._counted_by.tokenizer.count(texts)

    def _ask(self, texts: list[str], *, tries: int = 2) -> Vectors:
        from openai import OpenAIError

        began = time.monotonic()
        try:
            response = self._client.embeddings.create(
                model=self._model, input=texts, encoding_format="float"
            )
            return self._vectors(response, count=len(texts))
        except OpenAIError as error:
            failure = describe(error)
        except MALFORMED:
            raise self._bad("something other than a list of embeddings") from None
        took = time.monotonic() - began
        left = (self._settings.llm_deadline or _LONGEST) - took
        pause = pause_before_retry(failure, took=took, remaining=left)
        if tries == 1 or pause is None:
            raise failure.error
        time.sleep(pause)
        return self._ask(texts, tries=1)

    def _vectors(self, response: Any, *, count: int) -> Vectors:  # noqa: ANN401 - foreign and unchecked
        items = sorted(response.data, key=lambda item: item.index)
        vectors = np.array([item.embedding for item in items], dtype=np.float32)
        if len(vectors) != count or vectors.ndim != 2:
            raise self._bad(f"{len(vectors)} embeddings for {count} texts")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(norms) & (norms > 0)):
            raise self._bad("an embedding that is zero or not a number")
        unit: Vectors = vectors / norms
        return unit

    def _bad(self, what: str) -> LLMBadResponse:
        host = urlsplit(self._url or OPENAI_URL).netloc.rpartition("@")[2]
        return LLMBadResponse(
            f"The embedding server at {host} sent {what} (model {self._model}); check "
            "CHATBOT_EMBEDDING_MODEL and that the address ends where the API begins (usually /v1)."
        )

    @cached_property
    def _client(self) -> OpenAI:
        client = openai_client(self._settings, self._url, read=self._settings.llm_read_timeout)
        weakref.finalize(self, client.close)
        return client
