"""Commands on the documents of the store: add, list, remove."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from chatbot.bot import Chatbot
from chatbot.cli.remote import RemoteBot, opened
from chatbot.cli.terminal import clean, complain, console, progress_bar
from chatbot.errors import CollectionNotFound, DocumentNotFound
from chatbot.types import DocumentInfo, IngestReport

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,10}://", re.IGNORECASE)
InOption = Annotated[
    str | None, typer.Option("--in", metavar="NAME", help="Of this collection alone.")
]
_MOST_NAMED = 50
"""Documents that are told one by one."""


def add(
    paths: Annotated[list[str], typer.Argument(help="Files and folders, or - for stdin.")],
    *,
    name: Annotated[
        str,
        typer.Option(
            help="For stdin: its name, whose suffix says how to read it; else the content does."
        ),
    ] = "",
    collection: InOption = None,
) -> int:
    """Add files and folders; exit 1 if one of them could not be added."""
    for path in paths:
        if not path.strip():
            raise typer.BadParameter("An empty name stands for no file and no folder.")
        if _ADDRESS.match(path):
            raise typer.BadParameter(
                f"{path} is a web address; save the page and add the file, nothing is fetched."
            )
    files = [Path(path) for path in paths if path != "-"]
    ok = True
    with opened() as bot:
        if collection is not None:
            _make_sure(bot, collection)
        if "-" in paths:
            data = sys.stdin.buffer.read()
            # Without a name of its own, a second text would replace the first one.
            unnamed = f"stdin-{hashlib.sha256(data).hexdigest()[:8]}"
            ok &= _tell(_collected(bot, bot.add_bytes(data, name=name or unnamed), collection))
        if files:
            with progress_bar() as progress:
                report = bot.add(*files, progress=progress)
            ok &= _tell(_collected(bot, report, collection))
    return 0 if ok else 1


def _make_sure(bot: Chatbot | RemoteBot, collection: str) -> None:
    """Make the collection where there is none, before anything is added."""
    try:
        bot.collections.get(collection)
    except CollectionNotFound:
        made = bot.collections.create(collection)
        console().print(f"created    the collection {clean(made.name)}")


def _collected(
    bot: Chatbot | RemoteBot, report: IngestReport, collection: str | None
) -> IngestReport:
    """Put what was added, or was there already, into the collection, if one is named."""
    if collection is not None:
        bot.collections.change(collection, put=report.there)
    return report


def _tell(report: IngestReport) -> bool:
    out = console()
    _name_each("added", report.added)
    _name_each("unchanged", report.unchanged)
    for document_id in report.replaced:
        out.print(f"replaced   {document_id[:12]}  (its file has a new text)")
    for path in report.skipped:
        out.print(f"skipped    {clean(path)}  (not a supported kind of file)")
    for failure in report.failed:
        complain(failure.reason)
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


def list_documents(*, collection: InOption = None) -> int:
    """List the documents, oldest first."""
    with opened(read_only=True) as bot:
        documents = bot.documents()
        if collection is not None:
            inside = set(bot.collections.get(collection).documents)
            documents = [one for one in documents if one.id in inside]
    if not documents:
        console().print("There are no documents; add some with `chatbot add PATH`.")
        return 0
    for document in documents:
        known = f"{document.kind}, added {document.added[:10]}, {clean(document.source)}"
        console().print(f"{_line(document)}  ({known})")
    return 0


def remove(
    document: Annotated[str, typer.Argument(help="The document's id, or its first digits.")],
) -> int:
    """Remove a document; it is never retrieved again."""
    with opened() as bot:
        found = find_document(bot, document)
        bot.remove(found.id)
    console().print(f"removed    {_line(found)}")
    return 0


def find_document(bot: Chatbot | RemoteBot, digits: str) -> DocumentInfo:
    """Return the document whose id begins with these digits, at least four of them.

    Raises:
        DocumentNotFound: if there is none, or more than one.
    """
    matches = [d for d in bot.documents() if len(digits) >= 4 and d.id.startswith(digits)]
    if len(matches) != 1:
        have = f"{len(matches)} documents have" if matches else "No document has"
        raise DocumentNotFound(f"{have} an id that begins with {digits!r}; see `chatbot list`.")
    return matches[0]
