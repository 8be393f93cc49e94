"""Sources in batches, and a batch with its vectors as the documents that the store takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chatbot.models.embedder import ChunkVectors, Embedder
from chatbot.store import NewDocument
from chatbot.types import ParsedDocument, Span

BATCH_CHUNKS: Final = 128
"""Chunks embedded and committed together: enough to sort by length, little enough to lose."""

BATCH_BYTES: Final = 30_000_000
"""Bytes of the files themselves that are held for one commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something to add: how to parse it, and the name it is kept under."""

    key: str
    name: str
    fingerprint: str
    parse: Callable[[], ParsedDocument]
    size: int = 0
    """In bytes, for the progress; 0 where it is not a file."""


Read = tuple[Source, ParsedDocument]


def batches(parsed: Iterable[Read]) -> Iterator[list[Read]]:
    """Yield the documents in runs of about ``BATCH_CHUNKS`` chunks, fewer where files are large."""
    batch: list[Read] = []
    chunks = kept = 0
    for item in parsed:
        batch.append(item)
        chunks += len(item[1].chunks)
        kept += len(item[1].original)
        if chunks >= BATCH_CHUNKS or kept >= BATCH_BYTES:
            yield batch
            batch, chunks, kept = [], 0, 0
    if batch:
        yield batch


def embed(batch: Sequence[Read], embedder: Embedder, *, owner: str) -> list[NewDocument]:
    """Return the documents of a batch with their vectors, all of them made in one call."""
    passages = [passage for _, parsed in batch for passage in _chunk_texts(parsed)]
    vectors = embedder.embed_chunks(
        [text for text, _ in passages], [spans for _, spans in passages]
    )
    documents = []
    last = 0
    for source, parsed in batch:
        first, last = last, last + len(parsed.chunks)
        sentences = vectors.sentences and vectors.sentences[first:last]
        part = ChunkVectors(chunks=vectors.chunks[first:last], sentences=sentences)
        documents.append(
            NewDocument(
                parsed=parsed,
                vectors=part,
                key=source.key,
                owner=owner,
                fingerprint=source.fingerprint,
            )
        )
    return documents


def _chunk_texts(parsed: ParsedDocument) -> Iterator[tuple[str, list[Span]]]:
    for chunk in parsed.chunks:
        sentences = parsed.sentences[chunk.first : chunk.last + 1]
        start, end = sentences[0].start, sentences[-1].end
        spans = [Span(start=s.start - start, end=s.end - start) for s in sentences]
        yield parsed.document.text[start:end], spans
