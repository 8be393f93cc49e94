"""Reads zip archives of files that can be read: one document, a heading for each file."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_MEMBERS, MAX_TEXT_CHARS
from chatbot.documents.loaders.archive import check_sizes
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.members import add_member
from chatbot.errors import FileTooLarge, UnreadableFile

_ENCRYPTED = 0x1


def read_zip(data: bytes, *, name: str) -> Content:
    """Return the contents of all supported files in an archive."""
    builder = ContentBuilder()
    warnings: list[str] = []
    with damage_of(name, "unpacked"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_sizes(archive, len(data), name=name)
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
            warnings += add_member(archive.read(entry), entry.filename, builder)
            if builder.length > MAX_TEXT_CHARS:
                raise FileTooLarge(
                    f"{name} has more than {MAX_TEXT_CHARS:,} characters of text, the limit."
                )
    return builder.build(warnings=warnings)


def _is_seen(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders and what programs add unseen (".DS_Store", "__MACOSX/")."""
    parts = PurePosixPath(entry.filename).parts
    return not entry.is_dir() and not any(part[0] == "." or part == "__MACOSX" for part in parts)
