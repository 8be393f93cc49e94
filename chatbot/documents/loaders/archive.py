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

from chatbot.documents.blocks import ContentBuilder
from chatbot.documents.limits import MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES
from chatbot.documents.loaders import LOADERS, packed_kinds
from chatbot.errors import FileTooLarge, UnreadableFile, UnsupportedFile

Element = Any
"""An element of lxml, or an object of a library that has no types."""
_TEMPLATE_DAY = "2013-12-23"
"""The day of the template in python-docx, which its users pass on."""
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")


def opened(data: bytes, *, name: str, part: str = "") -> zipfile.ZipFile:
    """Return an archive; refuse one that unpacks to far more or is another kind of file.

    Reading a part of a bomb is what must not happen. zipfile never unpacks more than the size that
    an entry declares.

    Args:
        data: the bytes of the archive.
        name: the file's name, for the message.
        part: a file or a folder ("word/") that this kind of file has.

    Raises:
        FileTooLarge: if it unpacks to more than the limits.
        UnreadableFile: if its XML declares entities.
        UnsupportedFile: if it is another kind of file.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    unpacked = sum(entry.file_size for entry in archive.infolist())
    too_dense = unpacked > max(RATIO_FREE_BYTES, MAX_UNPACK_RATIO * len(data))
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise FileTooLarge(
            f"{name} would unpack to {unpacked // 1_000_000} MB, far more than its own size, "
            "so it was not opened."
        )
    if part:
        _check_parts(archive, name=name, part=part)
    return archive


def _check_parts(archive: zipfile.ZipFile, *, name: str, part: str) -> None:
    kinds = packed_kinds(archive.namelist())
    if not any(one.part == part for one in kinds):
        wanted = next(loader.what for loader in LOADERS.values() if loader.part == part)
        found = f"not {wanted} but {kinds[0].what}" if kinds else f"a zip archive, not {wanted}"
        raise UnsupportedFile(f"{name} is {found}.")
    for entry in archive.namelist():
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


def office_file(data: bytes, *, name: str, part: str) -> io.BytesIO:
    """Return an Office file with the usual names of its XML, whatever standard it was saved by.

    ISO/IEC 29500 has a strict form that differs in the addresses of its namespaces only, for all
    that is read here. The libraries know the transitional form.
    """
    with opened(data, name=name, part=part) as source:
        parts = {path: source.read(path) for path in source.namelist() if path[-1] != "/"}
    if not any(_STRICT.search(xml) for path, xml in parts.items() if path.endswith(".rels")):
        return io.BytesIO(data)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for path, content in parts.items():
            if path.endswith((".xml", ".rels")):
                content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
            target.writestr(path, content)
    return stream


def add_office_facts(properties: Element, builder: ContentBuilder) -> None:
    """Append author, date and state of a file."""
    created = properties.created.date().isoformat() if properties.created else ""
    facts = {
        "Author": getattr(properties, "author", None) or getattr(properties, "creator", None),
        "Created": "" if created == _TEMPLATE_DAY else created,
        "Version": properties.version,
        "Status": getattr(properties, "content_status", None),
    }
    builder.add_facts({name: fact or "" for name, fact in facts.items()}, origin="file properties")
