"""Reads zip archives, and what lies in other files: one document, a heading for each file."""

from __future__ import annotations

import zipfile
from pathlib import PurePath, PurePosixPath

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_MEMBERS
from chatbot.documents.loaders import LOADERS, SUPPORTED_SUFFIXES
from chatbot.documents.loaders.archive import opened
from chatbot.documents.sniff import check_content
from chatbot.errors import DocumentError, FileTooLarge, ScannedFile, UnreadableFile

_ENCRYPTED = 0x1


def read_zip(data: bytes, *, name: str) -> Content:
    """Return the contents of all supported files in an archive."""
    builder = ContentBuilder(name)
    with opened(data, name=name) as archive:
        entries = [entry for entry in archive.infolist() if _is_seen(entry)]
        if len(entries) > MAX_MEMBERS:
            raise FileTooLarge(
                f"{name} has {len(entries):,} files, and the limit for one archive is "
                f"{MAX_MEMBERS:,}."
            )
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise UnreadableFile(
                f"{name} is encrypted. Pack it without a password and add it again."
            )
        for entry in entries:
            add_member(archive.read(entry), entry.filename, builder)
    return builder.build()


def _is_seen(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders and what programs add unseen (".DS_Store", "__MACOSX/")."""
    parts = PurePosixPath(entry.filename).parts
    return not entry.is_dir() and not any(part[0] == "." or part == "__MACOSX" for part in parts)


def add_member(data: bytes, name: str, builder: ContentBuilder) -> None:
    """Append a file under its name as a heading, or note why it is left out.

    An archive in an archive is not opened: each level can hold a thousand times the one above it.
    """
    kind = SUPPORTED_SUFFIXES.get(PurePath(name).suffix.lower())
    try:
        if kind is None:
            raise DocumentError("it is not a supported kind of file.")
        if kind == "zip":
            raise DocumentError("it is an archive inside another file.")
        check_content(data, name=name, kind=kind)
        content = LOADERS[kind].load(data, name=name)
    except DocumentError as error:
        builder.scanned |= isinstance(error, ScannedFile)
        builder.warnings.append(f"{name} was left out: {error}")
        return
    if content.blocks:
        builder.add_heading(name)
        builder.add_content(content)
    builder.warnings += [f"{name}: {warning}" for warning in content.warnings]
