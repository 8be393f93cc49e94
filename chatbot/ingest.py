"""The ingest path: files become parsed documents, their chunks are embedded, the store keeps them.

While one batch is embedded the next one is read and the last one written: reading and writing keep
one core busy, embedding all. Knows no file format and no database. Used by the bot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.documents import (
    LOADER_VERSION,
    MAX_FILE_BYTES,
    find_files,
    load_bytes,
    load_file,
    parse_text,
)
from chatbot.errors import DocumentError, SettingsError
from chatbot.models.embedder import ChunkVectors, Embedder
from chatbot.store import AddResult, NewDocument, Store
from chatbot.types import (
    Document,
    FailedSource,
    IngestProgress,
    IngestReport,
    ParsedDocument,
    ProgressCallback,
    Span,
)

BATCH_CHUNKS = 128
"""Chunks embedded and committed together: enough to sort by length, little enough to lose."""


@dataclass(slots=True)
class _Outcome:
    added: list[Document] = field(default_factory=list)
    unchanged: list[Document] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    failed: list[FailedSource] = field(default_factory=list)

    def take(self, result: AddResult) -> None:
        self.added += result.added
        self.unchanged += result.unchanged
        self.replaced += result.replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Something to add: how to parse it, and the name it is kept under."""

    key: str
    name: str
    fingerprint: str
    parse: Callable[[], ParsedDocument]


class Ingest:
    """Adds files and texts to a store."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def add_paths(
        self,
        paths: Sequence[Path],
        *,
        progress: ProgressCallback | None = None,
        key_prefix: str | None = None,
    ) -> IngestReport:
        """Add files and folders; a file that cannot be read fails alone.

        Args:
            paths: files, and folders searched for supported files.
            progress: called before each file, from another thread, and once at the end.
            key_prefix: files are kept under ``prefix:name`` instead of their absolute path, so that
                a bundled file stays the same source wherever the package lies.

        Raises:
            StoreError: if the store cannot be written; earlier batches stay.
        """
        found = find_files(paths)
        outcome = _Outcome()
        sources = self._file_sources(found.files, outcome, progress, key_prefix)
        self._run(sources, outcome)
        if progress is not None:
            progress(IngestProgress(done=len(found.files), total=len(found.files), source=""))
        return _report(outcome, skipped=tuple(str(path) for path in found.skipped))

    def add_corpus(self, folder: Path) -> None:
        """Add the documents that a new store starts with: all files of a folder but its README.

        Raises:
            SettingsError: if there is no such folder.
        """
        if not folder.is_dir():
            raise SettingsError(f"The corpus folder {folder} does not exist.")
        files = [path for path in sorted(folder.iterdir()) if path.name != "README.md"]
        self.add_paths(files, key_prefix="corpus")

    def add_text(self, text: str, *, title: str, source: str) -> IngestReport:
        """Add a text under the name ``source``.

        Raises:
            DocumentError: if the text is empty or too long.
        """
        parsed = parse_text(
            text, title=title, source=source, count_tokens=self._embedder.count_tokens
        )
        return self._add_parsed(parsed, key=f"text:{source}")

    def add_bytes(self, data: bytes, *, name: str) -> IngestReport:
        """Add the content of a file that has no path here (an upload, standard input).

        Raises:
            DocumentError: if it cannot be read.
        """
        parsed = load_bytes(data, name=name, count_tokens=self._embedder.count_tokens)
        return self._add_parsed(parsed, key=f"upload:{name}")

    def _add_parsed(self, parsed: ParsedDocument, *, key: str) -> IngestReport:
        outcome = _Outcome()
        source = _Source(key=key, name=parsed.document.source, fingerprint="", parse=lambda: parsed)
        self._run([source], outcome)
        return _report(outcome)

    def _file_sources(
        self,
        files: Sequence[Path],
        outcome: _Outcome,
        progress: ProgressCallback | None,
        key_prefix: str | None,
    ) -> Iterator[_Source]:
        for number, path in enumerate(files):
            if progress is not None:
                progress(IngestProgress(done=number, total=len(files), source=str(path)))
            key = f"{key_prefix}:{path.name}" if key_prefix else str(path.absolute())
            fingerprint = _fingerprint(path)
            known = self._store.source(key)
            if known is not None and fingerprint and known.fingerprint == fingerprint:
                outcome.unchanged.append(self._store.document(known.document_id))
                continue
            yield _Source(
                key=key,
                name=str(path),
                fingerprint=fingerprint,
                parse=lambda path=path: load_file(  # type: ignore[misc]
                    path, count_tokens=self._embedder.count_tokens
                ),
            )

    def _run(self, sources: Iterable[_Source], outcome: _Outcome) -> None:
        batches = _batches(self._parsed(sources, outcome))
        with ExitStack() as stack:
            reader = stack.enter_context(ThreadPoolExecutor(1, "chatbot-reader"))
            writer = stack.enter_context(ThreadPoolExecutor(1, "chatbot-writer"))
            pending: Future[AddResult] | None = None
            upcoming = reader.submit(next, batches, None)
            while (batch := upcoming.result()) is not None:
                upcoming = reader.submit(next, batches, None)
                documents = self._embed(batch)
                if pending is not None:
                    outcome.take(pending.result())
                pending = writer.submit(self._store.add, documents)
            if pending is not None:
                outcome.take(pending.result())

    def _parsed(
        self, sources: Iterable[_Source], outcome: _Outcome
    ) -> Iterator[tuple[_Source, ParsedDocument]]:
        for source in sources:
            try:
                yield source, source.parse()
            except DocumentError as error:
                outcome.failed.append(FailedSource(source=source.name, reason=str(error)))

    def _embed(self, batch: Sequence[tuple[_Source, ParsedDocument]]) -> list[NewDocument]:
        texts: list[str] = []
        spans: list[list[Span]] = []
        for _, parsed in batch:
            for text, inner in _chunk_texts(parsed):
                texts.append(text)
                spans.append(inner)
        vectors = self._embedder.embed_chunks(texts, spans)
        documents = []
        first = 0
        for source, parsed in batch:
            last = first + len(parsed.chunks)
            documents.append(
                NewDocument(
                    parsed=parsed,
                    vectors=_part(vectors, first, last),
                    key=source.key,
                    owner=self._store.owner or "",
                    fingerprint=source.fingerprint,
                )
            )
            first = last
        return documents


def _part(vectors: ChunkVectors, first: int, last: int) -> ChunkVectors:
    sentences = vectors.sentences
    return ChunkVectors(
        chunks=vectors.chunks[first:last],
        sentences=None if sentences is None else sentences[first:last],
    )


def _chunk_texts(parsed: ParsedDocument) -> Iterator[tuple[str, list[Span]]]:
    for chunk in parsed.chunks:
        sentences = parsed.sentences[chunk.first : chunk.last + 1]
        start, end = sentences[0].start, sentences[-1].end
        spans = [Span(start=s.start - start, end=s.end - start) for s in sentences]
        yield parsed.document.text[start:end], spans


def _batches(
    parsed: Iterable[tuple[_Source, ParsedDocument]],
) -> Iterator[list[tuple[_Source, ParsedDocument]]]:
    batch: list[tuple[_Source, ParsedDocument]] = []
    chunks = 0
    for item in parsed:
        batch.append(item)
        chunks += len(item[1].chunks)
        if chunks >= BATCH_CHUNKS:
            yield batch
            batch, chunks = [], 0
    if batch:
        yield batch


def _fingerprint(path: Path) -> str:
    """Return a hash of the file and of how it would be read, or "" if it cannot be read here."""
    try:
        # Only regular files of a size that may be read: opening a named pipe would wait forever.
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return ""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError:
        return ""
    return f"{LOADER_VERSION}:{digest.hexdigest()}"


def _report(outcome: _Outcome, *, skipped: tuple[str, ...] = ()) -> IngestReport:
    return IngestReport(
        added=tuple(outcome.added),
        unchanged=tuple(outcome.unchanged),
        replaced=tuple(outcome.replaced),
        failed=tuple(outcome.failed),
        skipped=skipped,
    )
