"""What turns text into vectors: the contract, and the choice of which model does it.

Knows neither documents nor the store. Used by ingest, retrieval and the verifier, which see an
``Embedder`` only: the model that runs here (``onnx_embedder``) or a server (``openai_embedder``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import SettingsError
from chatbot.settings import Settings
from chatbot.types import Span

Vectors = NDArray[np.float32]
"""One vector for each row: shape (n, dimension)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkVectors:
    """The vectors of chunks and, where the model gives token vectors, of spans inside them."""

    chunks: Vectors
    """Shape (n, dimension), unit length."""
    sentences: tuple[Vectors, ...] | None
    """For each chunk one array (k, dimension), unit length, in the order of its ``k`` spans: the
    token vectors of one pass over the chunk, averaged over the span ("late chunking", Günther et
    al. 2024, arXiv:2409.04701). None when the model gives no token vectors."""


class Embedder(Protocol):
    """A sentence-embedding model. All vectors are float32 and of unit length."""

    @property
    def name(self) -> str:
        """Which model, and which version of it: the store remembers what wrote its vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in one vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each text, in order: shape (n, dimension).

        A text longer than the model's window counts with its beginning only.
        """
        ...

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        """Return vectors of the chunks and of spans inside them.

        Args:
            chunks: the texts.
            spans: for each chunk the spans wanted, as offsets into that chunk's text.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, special tokens left out, uncut."""
        ...


def load_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name. Weights are opened on first use.

    Raises:
        SettingsError: if ``embedding_model`` is neither ``builtin`` nor ``openai:NAME``.
        ModelError: if the model's folder has no readable description.
    """
    provider, _, name = settings.embedding_model.partition(":")
    if provider == "openai" and name:
        from chatbot.models.openai_embedder import OpenAIEmbedder

        return OpenAIEmbedder.from_settings(settings, name=name)
    if settings.embedding_model != "builtin":
        raise SettingsError(
            f"The embedding model {settings.embedding_model!r} is not known: set "
            "CHATBOT_EMBEDDING_MODEL to builtin or to openai:NAME."
        )
    from chatbot.models.model_files import BUILTIN
    from chatbot.models.onnx_embedder import OnnxEmbedder

    return OnnxEmbedder(settings.embedder_dir or BUILTIN, threads=settings.threads)
