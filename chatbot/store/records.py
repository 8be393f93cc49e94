"""What goes into the store and what comes out of it, as plain values.

These values know nothing of SQLite or Chroma. The bot makes ``NewDocument``; answering reads hits,
stored sentences and stored chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatbot.types import DocumentInfo, ParsedDocument, Sentence

if TYPE_CHECKING:
    from chatbot.models.embedder import ChunkVectors, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A parsed and embedded document, and the source it comes from."""

    parsed: ParsedDocument
    vectors: ChunkVectors
    """One row for each chunk, and for each chunk one row for each of its sentences, or None."""
    key: str
    """What makes the source the same one next time: its absolute path or its title."""
    owner: str = ""
    fingerprint: str = ""
    """Hash of the raw bytes, so that an unchanged file need not be parsed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResult:
    """What one ``Store.add`` did."""

    added: tuple[DocumentInfo, ...] = ()
    """Documents whose text is new to the store."""
    unchanged: tuple[DocumentInfo, ...] = ()
    """Documents whose text was there already, under this source or another."""
    replaced: tuple[str, ...] = ()
    """Ids of documents that went because their last source has another text now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A source and the document it points to."""

    key: str
    owner: str
    document_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ChunkKey:
    """The name of a chunk: its document and its index in it."""

    document_id: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkHit:
    """A chunk near a query vector."""

    key: ChunkKey
    score: float
    """Cosine similarity in [-1, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceHit:
    """A sentence that holds at least one of the terms."""

    document_id: str
    index: int
    chunk: ChunkKey
    score: float
    """BM25 of FTS5 with its sign turned: higher is better. Comparable within one query only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkContent:
    """What a chunk holds: the same as long as it is there."""

    sentences: tuple[Sentence, ...]
    texts: tuple[str, ...]
    """Of each sentence."""
    vectors: Vectors | None
    """Of each sentence, (k, dimension) float32, unit length; None where the model gave none."""
    centre: Vectors | None
    """(dimension,) float32: the mean of those, weighted by length, of unit length. About the
    chunk's own vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChunk:
    """A committed chunk, and what a citation shows of its document."""

    key: ChunkKey
    title: str
    source: str
    content: ChunkContent

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The chunk's sentences, in order."""
        return self.content.sentences


def chunk_content(sentences: Sequence[Sentence], vectors: Vectors | None) -> ChunkContent:
    """Return the content of a chunk; see there for the vectors."""
    texts = tuple(sentence.text for sentence in sentences)
    centre = None
    if vectors is not None:
        lengths = np.array([len(text) for text in texts], dtype=np.float32)
        mean = (vectors * lengths[:, None]).sum(axis=0)
        centre = mean / np.float32(max(float(np.sqrt(np.vecdot(mean, mean))), 1e-9))
    return ChunkContent(sentences=tuple(sentences), texts=texts, vectors=vectors, centre=centre)
