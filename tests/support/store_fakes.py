"""Documents, sentences and unit vectors made up from a seed, for the tests of the store."""

from __future__ import annotations

import hashlib
import multiprocessing
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.store import NewDocument, Place, Store
from chatbot.types import Chunk, Document, ParsedDocument, Sentence

DIMENSION = 16
EMBEDDER = "made-up@1"


@dataclass(frozen=True)
class Vectors:
    """Has the shape of ``ChunkVectors``."""

    chunks: NDArray[np.float32]
    sentences: tuple[NDArray[np.float32], ...] | None


def unit(text: str, dimension: int = DIMENSION) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=dimension)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def parsed(
    text_of: list[str], *, title: str = "A title", source: str = "a.txt", per_chunk: int = 3
) -> ParsedDocument:
    """Join sentences with odd gaps into a document; every ``per_chunk`` of them are a chunk."""
    text, sentences = "\n ", []
    for index, words in enumerate(text_of):
        start = len(text)
        text += words
        sentences.append(
            Sentence(
                index=index,
                start=start,
                end=len(text),
                text=words,
                page=index // 10 + 1,
                heading="Head" if index else None,
                paragraph=index // 4,
            )
        )
        text += " \n"[index % 2] * (index % 3 + 1)
    chunks = tuple(
        Chunk(index=number, first=first, last=min(first + per_chunk, len(sentences)) - 1)
        for number, first in enumerate(range(0, len(sentences), per_chunk))
    )
    document = Document(
        id=hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        source=source,
        kind="txt",
        text=text,
        sentence_count=len(sentences),
    )
    return ParsedDocument(document=document, sentences=tuple(sentences), chunks=chunks)


def new_document(
    text_of: list[str],
    *,
    key: str = "a.txt",
    owner: str = "",
    title: str = "A title",
    fingerprint: str = "f",
    per_chunk: int = 3,
    dimension: int = DIMENSION,
    sentence_vectors: bool = True,
    original: bytes = b"",
) -> NewDocument:
    document = parsed(text_of, title=title, source=key, per_chunk=per_chunk)
    document = replace(document, original=original)
    spans = [document.sentences[chunk.first : chunk.last + 1] for chunk in document.chunks]
    chunks = [unit(" ".join(s.text for s in span), dimension) for span in spans]
    return NewDocument(
        parsed=document,
        vectors=Vectors(
            chunks=np.stack(chunks) if chunks else np.zeros((0, dimension), np.float32),
            sentences=tuple(np.stack([unit(s.text, dimension) for s in span]) for span in spans)
            if sentence_vectors
            else None,
        ),
        key=key,
        owner=owner,
        fingerprint=fingerprint,
    )


def story(name: str, sentences: int = 7) -> list[str]:
    return [f"Sentence {index} of {name} tells of {name}{index}." for index in range(sentences)]


def open_store(place: Place | Path, **options: bool) -> Store:
    return Store.open(place, embedder=EMBEDDER, dimension=DIMENSION, **options)


def processes() -> ForkServerContext:
    """Start processes that have chromadb imported: it would take each of them a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chromadb", "store_crash"])
    return context
