"""Opens zip archives safely, and knows what all Office files have in common.

Sizes are checked before anything is unpacked; XML that declares entities is refused. Knows zip and
the names of Office's XML, no document.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml.etree import XMLParser, fromstring  # type: ignore[import-untyped]

from chatbot.documents.limits import MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES
from chatbot.documents.loaders import LOADERS
from chatbot.documents.loaders.damage import damage_of
from chatbot.errors import FileTooLarge, UnreadableFile, UnsupportedFile

Element = Any
"""An element of lxml, or an object of a library that has no types."""
_TEMPLATE_DAY = "2013-12-23"
"""The day of the template in python-docx, which its users pass on."""
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")


def check_archive(data: bytes, *, name: str, part: str) -> None:
    """Refuse an archive that unpacks to too much, is damaged, or is another kind of file.

    Args:
        data: the bytes of the archive.
        name: the file's name, for the message.
        part: a file or a folder ("word/") that this kind of file has.

    Raises:
        FileTooLarge: if it unpacks to more than the limits.
        UnreadableFile: if it is damaged or declares XML entities.
        UnsupportedFile: if it is another kind of file.
    """
    with damage_of(name, "unpacked"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_sizes(archive, len(data), name=name)
        _check_parts(archive, name=name, part=part)


def check_sizes(archive: zipfile.ZipFile, size: int, *, name: str) -> None:
    """Refuse an archive of ``size`` bytes that unpacks to far more.

    Reading a part of a bomb is what must not happen. zipfile never unpacks more than the size that
    an entry declares.
    """
    unpacked = sum(entry.file_size for entry in archive.infolist())
    too_dense = unpacked > max(RATIO_FREE_BYTES, MAX_UNPACK_RATIO * size)
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise FileTooLarge(
            f"{name} would unpack to {unpacked // 1_000_000} MB, far more than its own size, "
            "so it was not opened."
        )


def _check_parts(archive: zipfile.ZipFile, *, name: str, part: str) -> None:
    names = archive.namelist()
    if not any(entry.startswith(part) for entry in names):
        wanted = next(loader.what for loader in LOADERS.values() if loader.part == part)
        for loader in LOADERS.values():
            if loader.part and any(entry.startswith(loader.part) for entry in names):
                raise UnsupportedFile(f"{name} is not {wanted} but {loader.what}.")
        raise UnsupportedFile(f"{name} is a zip archive, not {wanted}.")
    for entry in names:
        if entry.endswith((".xml", ".rels")):
            with archive.open(entry) as file:
                if b"<!DOCTYPE" in file.read(4096).upper():
                    raise UnreadableFile(
                        f"{name} declares XML entities. No office program writes them, "
                        "so the file was not opened."
                    )


def parsed_xml(data: bytes) -> Element:
    """Return the root of an XML file; what it names is neither fetched nor expanded."""
    return fromstring(data, XMLParser(resolve_entities=False, no_network=True))


def transitional(data: bytes) -> bytes:
    """Return an Office file with the usual names of its XML, whatever standard it was saved by.

    ISO/IEC 29500 has a strict form that differs in the addresses of its namespaces only, for all
    that is read here. The libraries know the transitional form.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
    if not any(_STRICT.search(part) for name, part in parts.items() if name.endswith(".rels")):
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, part in parts.items():
            if name.endswith((".xml", ".rels")):
                part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
            target.writestr(name, part)
    return stream.getvalue()


def office_facts(properties: Element) -> dict[str, str]:
    """Return author, date and state of a file; the date only where somebody is named."""
    author = getattr(properties, "author", None) or getattr(properties, "creator", None) or ""
    facts = {"Author": author}
    created = properties.created
    if author and created and created.date().isoformat() != _TEMPLATE_DAY:
        facts["Created"] = created.date().isoformat()
    facts["Version"] = properties.version or ""
    facts["Status"] = getattr(properties, "content_status", None) or ""
    return facts
