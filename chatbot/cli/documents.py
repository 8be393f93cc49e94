"""Commands on the documents of the store: add, list, remove."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from chatbot.bot import Chatbot
from chatbot.cli.remote import RemoteBot, RemoteRefusal, opened
from chatbot.cli.terminal import clean, complain, console, progress_bar
from chatbot.documents import find_files
from chatbot.errors import CollectionNotFound, ConversationNotFound, DocumentError, DocumentNotFound
from chatbot.ingest import is_address
from chatbot.types import Conversation, DocumentInfo, IngestReport

Kept = TypeVar("Kept", DocumentInfo, Conversation)

InOption = Annotated[
    str | None, typer.Option("--in", metavar="NAME", help="The collection to use.")
]
_FEW = 10
_MOST_NAMED = 50
"""Documents that are told one by one."""


def add(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, web addresses, or - for stdin.")
    ],
    *,
    name: Annotated[
        str,
        typer.Option(
            help="For stdin: a name whose suffix says the format (default: the content says it)."
        ),
    ] = "",
    collection: InOption = None,
) -> int:
    """Add files, folders and web pages. Exit 1 if one of them could not be added."""
    if not all(path.strip() for path in paths):
        raise typer.BadParameter("A path is empty. Name a file, a folder or a web address.")
    addresses = [path for path in paths if is_address(path)]
    files = [Path(path) for path in paths if path != "-" and path not in addresses]
    ok = True
    with opened() as bot:

        def told(report: IngestReport) -> bool:
            if collection is not None:
                bot.collections.change(collection, put=report.there)
            return _tell(report)

        if collection is not None:
            _make_sure(bot, collection)
        if "-" in paths:
            data = sys.stdin.buffer.read()
            # Without a name of its own, a second text would replace the first one.
            unnamed = f"stdin-{hashlib.sha256(data).hexdigest()[:8]}"
            ok &= told(bot.add_bytes(data, name=name or unnamed))
        for address in addresses:
            try:
                ok &= told(bot.add_address(address))
            except (DocumentError, RemoteRefusal) as error:
                complain(str(error))
                ok = False
        if files:
            with progress_bar() as progress:
                report = bot.add(*files, progress=progress)
            ok &= told(report)
    return 0 if ok else 1


def _make_sure(bot: Chatbot | RemoteBot, collection: str) -> None:
    """Make the collection where there is none, before anything is added."""
    try:
        bot.collections.get(collection)
    except CollectionNotFound:
        made = bot.collections.create(collection)
        console().print(f"created    the collection {clean(made.name)}")


def refresh() -> int:
    """Fetch all added web addresses again. Exit 1 if one of them could not be fetched."""
    with opened() as bot:
        return 0 if _tell(bot.refresh()) else 1


def sync(
    folder: Annotated[Path, typer.Argument(help="The folder.")],
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Repeat until Ctrl-C whenever something changes.")
    ] = False,
    every: Annotated[
        float, typer.Option(min=0.1, help="With --watch: seconds between two checks.")
    ] = 2.0,
) -> int:
    """Make the documents match a folder. Those whose file is gone are removed."""
    seen = None
    while True:
        now = _looks(folder)
        if now != seen:
            with opened() as bot, progress_bar() as progress:
                ok = _tell(bot.sync(folder, progress=progress), always=seen is None)
            seen = now
        if not watch:
            return 0 if ok else 1
        time.sleep(every)


def _looks(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return when each file of a folder was changed, and its size."""
    found = {}
    for path in find_files([folder]).files:
        with suppress(OSError):  # it has just gone
            status = path.stat()
            found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _tell(report: IngestReport, *, always: bool = True) -> bool:
    """Say what was done; ``always`` names what is unchanged, too."""
    out = console()
    _name_each("added", report.added)
    _name_each("unchanged", report.unchanged if always else ())
    _name_each("removed", report.removed)
    for document_id in report.replaced:
        out.print(f"replaced   {document_id[:12]}  (its file has a new text)")
    for path in report.skipped:
        out.print(f"skipped    {clean(path)}  (not a supported kind of file)")
    for failure in report.failed:
        complain(failure.reason)
    words = ("added", "unchanged", "replaced", "removed", "skipped", "failed")
    counts = [f"{len(of):,} {word}" for word in words if (of := getattr(report, word))]
    if len(counts) > 1 or len(report.added) > _FEW:
        out.print(", ".join(counts))
    return not report.failed


def _name_each(word: str, documents: Sequence[DocumentInfo]) -> None:
    """Print a line for each document, or one for all where they would fill the screen."""
    out = console()
    if len(documents) > _MOST_NAMED:
        sentences = sum(document.sentence_count for document in documents)
        out.print(f"{word:10} {len(documents):,} documents, {sentences:,} sentences")
    for document in documents:
        if len(documents) <= _MOST_NAMED or (document.warnings and word == "added"):
            out.print(f"{word:10} {_line(document)}")
        for warning in document.warnings if word == "added" else ():
            out.print(f"           {clean(warning)}")


def _line(document: DocumentInfo) -> str:
    count = f"{document.sentence_count} sentence{'s' * (document.sentence_count != 1)}"
    return f"{document.id[:12]}  {count:>14}  {clean(document.title)}"


def list_documents(*, collection: InOption = None) -> None:
    """List the documents, oldest first."""
    with opened(read_only=True) as bot:
        documents = bot.documents()
        if collection is not None:
            inside = set(bot.collections.get(collection).documents)
            documents = [one for one in documents if one.id in inside]
    if not documents:
        console().print("There are no documents; add some with `chatbot add PATH`.")
        return
    for document in documents:
        known = f"{document.kind}, added {document.added[:10]}, {clean(document.source)}"
        console().print(f"{_line(document)}  ({known})")


def remove(
    document: Annotated[str, typer.Argument(help="The document's id, or its first digits.")],
) -> None:
    """Remove a document. No answer uses it again."""
    with opened() as bot:
        found = find_document(bot, document)
        bot.remove(found.id)
    console().print(f"removed    {_line(found)}")


def find_document(bot: Chatbot | RemoteBot, digits: str) -> DocumentInfo:
    """Return the document whose id begins with these digits, at least four of them."""
    return by_digits(bot.documents(), digits, "document", DocumentNotFound)


def by_digits(
    items: Sequence[Kept],
    digits: str,
    noun: str,
    error: type[DocumentNotFound | ConversationNotFound],
) -> Kept:
    """Return the one of these items whose id begins with these digits, at least four of them.

    Raises:
        DocumentNotFound: or the other error given, if there is none, or more than one.
    """
    matches = [one for one in items if len(digits) >= 4 and one.id.startswith(digits)]
    if len(matches) != 1:
        have = f"{len(matches)} {noun}s have" if matches else f"No {noun} has"
        see = "list" if noun == "document" else "export"
        raise error(f"{have} an id that begins with {digits[:64]!r}; see `chatbot {see}`.")
    return matches[0]
