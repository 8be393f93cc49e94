"""What turns text into vectors: the contract of every embedder. Knows no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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

    def __hash__(self) -> int:
        """Embedders are told apart: what one made is kept under it."""
        ...

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
