"""Adds files and texts: reads, embeds and writes at once.

While one batch is embedded the next one is read and the last one written: reading and writing keep
one core busy, embedding all. What is committed stays, whatever happens after it, and a file that
is there as it was is not read again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Final

from chatbot.documents import (
    LOADER_VERSION,
    MAX_FILE_BYTES,
    find_files,
    load_bytes,
    load_file,
    parse_text,
    shown_path,
)
from chatbot.errors import DocumentError, SettingsError, UnreadableFile
from chatbot.ingest.batches import Read, Source, batches, embed
from chatbot.ingest.fetching import fetch
from chatbot.ingest.progress import Progress, size_of
from chatbot.models.embedder import Embedder
from chatbot.store import AddResult, Store
from chatbot.types import (
    DocumentInfo,
    FailedSource,
    IngestReport,
    ParsedDocument,
    ProgressCallback,
)

_ADDRESS_KEY: Final = "url:"


@dataclass(slots=True)
class _Outcome:
    """What is to be reported of one addition."""

    progress: Progress
    added: list[DocumentInfo] = field(default_factory=list)
    unchanged: list[DocumentInfo] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    """Ids of documents whose files are as they were: not even read."""
    replaced: list[str] = field(default_factory=list)
    failed: list[FailedSource] = field(default_factory=list)

    def take(self, batch: Sequence[Read], result: AddResult) -> None:
        self.added += result.added
        self.unchanged += result.unchanged
        self.replaced += result.replaced
        self.progress.committed(
            sum(source.size for source, _ in batch), sum(len(read.sentences) for _, read in batch)
        )


class Ingest:
    """Adds files and texts to a store."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._count = embedder.count_tokens

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
            progress: called before each file is read and after each commit, from several
                threads, and once at the end.
            key_prefix: files are kept under ``prefix:name`` instead of their absolute path, so that
                a bundled file stays the same source wherever the package lies.

        Raises:
            StoreError: if the store cannot be written; earlier batches stay.
        """
        found = find_files(paths)
        outcome = _Outcome(Progress(found.files, progress), failed=list(found.failed))
        report = self._run(self._file_sources(found.files, outcome, key_prefix), outcome)
        outcome.progress.end()
        return replace(report, skipped=tuple(map(shown_path, found.skipped)))

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
        parsed = parse_text(text, title=title, source=source, count_tokens=self._count)
        return self._add_parsed(parsed, key=f"text:{source}")

    def add_bytes(self, data: bytes, *, name: str) -> IngestReport:
        """Add the content of a file that has no path here (an upload, standard input).

        Raises:
            DocumentError: if it cannot be read.
        """
        parsed = load_bytes(data, name=name, count_tokens=self._count)
        return self._add_parsed(parsed, key=f"upload:{name}")

    def add_address(self, address: str) -> IngestReport:
        """Fetch a web address and add what stands there, under the address.

        Raises:
            DocumentError: if it may not be fetched, or cannot be read.
        """
        fetched = fetch(address)
        parsed = load_bytes(fetched.data, name=fetched.name, count_tokens=self._count)
        parsed = replace(parsed, document=replace(parsed.document, source=address))
        return self._add_parsed(parsed, key=f"{_ADDRESS_KEY}{address}")

    def refresh(self) -> IngestReport:
        """Fetch all web addresses of the owner again; those that fail stay as they are."""
        reports = []
        for key in [one.key for one in self._store.sources() if one.key.startswith(_ADDRESS_KEY)]:
            address = key.removeprefix(_ADDRESS_KEY)
            try:
                reports.append(self.add_address(address))
            except DocumentError as error:
                failed = FailedSource(source=address, reason=str(error))
                reports.append(IngestReport(failed=(failed,)))
        return joined(reports)

    def sync(self, folder: Path, *, progress: ProgressCallback | None = None) -> IngestReport:
        """Add what is new or changed in a folder, and remove what was added from it and is gone.

        Nothing is removed where a folder cannot be read, or holds no file at all: it may be a disk
        that is not there now.

        Raises:
            UnreadableFile: if it is no folder.
            StoreError: if the store cannot be written; earlier batches stay.
        """
        if not folder.is_dir():
            raise UnreadableFile(f"There is no folder {shown_path(folder)}.")
        report = self.add_paths([folder], progress=progress)
        found = find_files([folder])
        if found.failed:
            return report
        kept = set(map(_key, found.files))
        inside = f"{_key(folder)}{os.sep}"
        sources = self._store.sources()
        gone = [one for one in sources if one.key.startswith(inside) and one.key not in kept]
        removed = self._store.documents_with([one.document_id for one in gone])
        self._store.forget([one.key for one in gone])
        return replace(report, removed=tuple(removed))

    def _add_parsed(self, parsed: ParsedDocument, *, key: str) -> IngestReport:
        source = Source(key=key, name=parsed.document.source, fingerprint="", parse=lambda: parsed)
        return self._run([source], _Outcome(Progress((), None)))

    def _file_sources(
        self, files: Sequence[Path], outcome: _Outcome, key_prefix: str | None
    ) -> Iterator[Source]:
        for number, path in enumerate(files):
            outcome.progress.reading(number, path)
            key = f"{key_prefix}:{path.name}" if key_prefix else _key(path)
            fingerprint = _fingerprint(path)
            known = self._store.source(key)
            if known is not None and fingerprint and known.fingerprint == fingerprint:
                outcome.untouched.append(known.document_id)
                outcome.progress.passed(size_of(path))
                continue
            yield Source(
                key=key,
                name=shown_path(path),
                fingerprint=fingerprint,
                parse=partial(load_file, path, count_tokens=self._count),
                size=size_of(path),
            )

    def _run(self, sources: Iterable[Source], outcome: _Outcome) -> IngestReport:
        upcoming = batches(self._parsed(sources, outcome))
        owner = self._store.owner or ""
        with (
            ThreadPoolExecutor(1, "chatbot-reader") as reader,
            ThreadPoolExecutor(1, "chatbot-writer") as writer,
        ):
            written: list[Read] = []
            pending = writer.submit(AddResult)
            following = reader.submit(next, upcoming, None)
            while (batch := following.result()) is not None:
                following = reader.submit(next, upcoming, None)
                documents = embed(batch, self._embedder, owner=owner)
                outcome.take(written, pending.result())
                written, pending = batch, writer.submit(self._store.add, documents)
            outcome.take(written, pending.result())
        return IngestReport(
            added=tuple(outcome.added),
            unchanged=(*self._store.documents_with(outcome.untouched), *outcome.unchanged),
            replaced=tuple(outcome.replaced),
            failed=tuple(outcome.failed),
        )

    def _parsed(self, sources: Iterable[Source], outcome: _Outcome) -> Iterator[Read]:
        for source in sources:
            try:
                yield source, source.parse()
            except DocumentError as error:
                outcome.failed.append(FailedSource(source=source.name, reason=str(error)))
                outcome.progress.passed(source.size)


def joined(reports: Sequence[IngestReport]) -> IngestReport:
    """Return several reports as one."""
    names = [one.name for one in fields(IngestReport)]
    return IngestReport(
        **{name: tuple(x for report in reports for x in getattr(report, name)) for name in names}
    )


def _key(path: Path) -> str:
    """Return the absolute path as text that can be stored, also of a name that is no UTF-8."""
    return os.fsencode(path.absolute()).decode("utf-8", "backslashreplace")


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
