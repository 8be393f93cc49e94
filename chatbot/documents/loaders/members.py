"""Reads the files that lie in another file: the members of a zip archive, attachments of a mail."""

from __future__ import annotations

from pathlib import PurePath

from chatbot.documents.blocks import ContentBuilder
from chatbot.documents.loaders import LOADERS, SUPPORTED_SUFFIXES
from chatbot.documents.sniff import check_content
from chatbot.errors import DocumentError, ScannedFile


def add_member(data: bytes, name: str, builder: ContentBuilder) -> list[str]:
    """Append a file under its name as a heading; return what of it is left out.

    An archive in an archive is not opened: each level can hold a thousand times the one above it.
    """
    kind = SUPPORTED_SUFFIXES.get(PurePath(name).suffix.lower())
    if kind is None:
        return [f"{name} was left out: it is not a supported kind of file."]
    if kind == "zip":
        return [f"{name} was left out: it is an archive inside another file."]
    try:
        check_content(data, name=name, kind=kind)
        content = LOADERS[kind].load(data, name=name)
    except DocumentError as error:
        builder.scanned |= isinstance(error, ScannedFile)
        return [f"{name} was left out: {error}"]
    if content.blocks:
        builder.add_heading(name)
        builder.add_content(content)
    return [f"{name}: {warning}" for warning in content.warnings]
