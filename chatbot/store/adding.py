"""The phases of adding documents, and the checks before them.

Each phase is a function of its own so that the crash tests can cut the process in any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import Connection

from chatbot.errors import StoreError
from chatbot.store import collections, reading, writing
from chatbot.store.chroma import ChromaIndex
from chatbot.store.home import Home
from chatbot.store.index import VectorIndex
from chatbot.store.records import AddResult, ChunkKey, NewDocument
from chatbot.store.tables import among, pending
from chatbot.types import ParsedDocument


def prepare(items: Sequence[NewDocument], dimension: int) -> list[NewDocument]:
    """Return the checked items, the last one of each source.

    Raises:
        StoreError: the vectors have another dimension than the store, or are not numbers.
        ValueError: sentences or chunks do not fit the text, or vectors do not fit the chunks.
    """
    for item in items:
        check_spans(item.parsed)
        _check_vectors(item, dimension)
    return list({(item.owner, item.key): item for item in items}.values())


def check_spans(parsed: ParsedDocument) -> None:
    """Check that sentences are slices of the text and that chunks part them without a gap.

    Raises:
        ValueError: they are not.
    """
    text, name = parsed.document.text, parsed.document.source
    for position, sentence in enumerate(parsed.sentences):
        if sentence.index != position or text[sentence.start : sentence.end] != sentence.text:
            raise ValueError(f"Sentence {position} of {name} is not where it says.")
    following = 0
    for position, chunk in enumerate(parsed.chunks):
        if (chunk.index, chunk.first) != (position, following) or chunk.last < chunk.first:
            raise ValueError(f"Chunk {position} of {name} does not follow the one before.")
        following = chunk.last + 1
    if following != len(parsed.sentences):
        raise ValueError(f"The chunks of {name} do not hold all of its sentences.")
    for chunk, (start, end) in zip(parsed.chunks, writing.chunk_bounds(parsed), strict=True):
        for sentence in parsed.sentences[chunk.first : chunk.last + 1]:
            if not start <= sentence.start <= sentence.end <= end:
                raise ValueError(f"Sentence {sentence.index} of {name} leaves its chunk.")


def _check_vectors(item: NewDocument, dimension: int) -> None:
    chunks, sentences = item.vectors.chunks, item.vectors.sentences
    sizes = [chunk.last - chunk.first + 1 for chunk in item.parsed.chunks]
    if len(chunks) != len(sizes):
        raise ValueError(f"{len(chunks)} vectors for {len(sizes)} chunks.")
    if sentences is not None and [len(vectors) for vectors in sentences] != sizes:
        raise ValueError("The sentences' vectors do not fit the chunks.")
    for vectors in [chunks, *(sentences or ())]:
        if len(vectors) and vectors.shape[1:] != (dimension,):
            raise StoreError(
                f"The embedding model gave vectors of {vectors.shape[-1]} numbers and the store "
                f"holds vectors of {dimension}: check the embedding settings."
            )
        if not np.isfinite(vectors).all():
            raise StoreError(
                "The embedding model gave vectors that are not numbers: check the embedding server."
            )


def find_new(connection: Connection, items: Sequence[NewDocument]) -> list[NewDocument]:
    """Return the items whose text the store has not, each text once."""
    first: dict[str, NewDocument] = {}
    for item in items:
        first.setdefault(item.parsed.document.id, item)
    known = reading.numbers_of(connection, first)
    return [item for name, item in first.items() if name not in known]


def note_intent(home: Home, new: Sequence[NewDocument]) -> None:
    """Phase 1: note which documents' vectors are about to stand in Chroma."""
    with home.writing() as connection:
        writing.add_pending(connection, [item.parsed.document.id for item in new])


def index_documents(chroma: ChromaIndex, new: Sequence[NewDocument]) -> None:
    """Phase 2: write the vectors of the new documents to Chroma, as many as there are at once."""
    keys = [
        ChunkKey(document_id=item.parsed.document.id, index=chunk.index)
        for item in new
        for chunk in item.parsed.chunks
    ]
    if keys:
        filled = [item.vectors.chunks for item in new if len(item.vectors.chunks)]
        chroma.upsert(keys, np.concatenate(filled).astype(np.float32, copy=False))


def commit_documents(
    home: Home,
    items: Sequence[NewDocument],
    new: Sequence[NewDocument],
    *,
    require_lock: Callable[[], None] = lambda: None,
    owner: str | None = None,
) -> AddResult | None:
    """Phase 3: make everything visible in one transaction, and retire what it replaces.

    What the ``owner`` did not see before is told as added, whoever else has it; what becomes
    everybody's, if not everybody saw it.

    Returns:
        None, and nothing is changed, where others have changed what phase 2 rests on: a text that
        was there is gone, or one that was not is there, or was swept away.
    """
    if owner is None and not any(item.owner for item in items):
        owner = ""
    names = list(dict.fromkeys(item.parsed.document.id for item in items))
    made = {item.parsed.document.id: item for item in new}
    with home.writing(alone=True) as connection:
        known = reading.numbers_of(connection, names)
        require_lock()
        noted = reading.count(connection, pending, among(connection, pending.c.document_id, made))
        if noted < len(made) or any(name not in known and name not in made for name in names):
            return None
        seen = reading.numbers_of(connection, names, owner)
        retired = _write(connection, items, known, made)
        writing.drop_pending(connection, list(made))
        writing.next_generation(connection)
        rows = reading.rows_of(connection, names, owner)
        return AddResult(
            added=tuple(reading.info(rows[name]) for name in names if name not in seen),
            unchanged=tuple(reading.info(rows[name]) for name in names if name in seen),
            replaced=retired,
        )


def _write(
    connection: Connection,
    items: Sequence[NewDocument],
    known: dict[str, int],
    made: dict[str, NewDocument],
) -> tuple[str, ...]:
    """Write documents and sources, and return the ids of those that went."""
    added = writing.now()
    for name, item in made.items():
        if name not in known:  # else another process has just added the same text
            known[name] = writing.add_document(connection, item, added)
    left = []
    for item in items:
        number = known[item.parsed.document.id]
        before = writing.set_source(connection, item, number, added)
        if before is not None:
            collections.follow(connection, before, number, item.owner)
            left.append(before)
    return writing.retire_documents(connection, left)


def sweep(home: Home, index: VectorIndex) -> None:
    """Phase 4: remove from Chroma what is noted but not committed, and the notes."""
    with home.reading() as connection:
        if not reading.pending(connection):
            return
    with home.sweeping():
        with home.reading() as connection:
            noted = reading.pending(connection)
        index.remove([name for name, committed in noted if not committed])
        with home.writing() as connection:
            writing.drop_pending(connection, [name for name, _ in noted])
