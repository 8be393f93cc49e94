"""Reads EPUB books: the chapters in the order in which they are read, author and date as facts."""

from __future__ import annotations

import io
import posixpath
import zipfile
from urllib.parse import unquote

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.limits import MAX_TEXT_CHARS
from chatbot.documents.loaders.archive import Element, check_archive, parsed_xml
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.html import write_html
from chatbot.errors import FileTooLarge, UnreadableFile

_CONTAINER = "META-INF/container.xml"
_FACTS = {"creator": "Author", "publisher": "Publisher", "date": "Date"}
_PROTECTION = "META-INF/rights.xml"


def read_epub(data: bytes, *, name: str) -> Content:
    """Return the content of a book."""
    check_archive(data, name=name, part=_CONTAINER)
    with damage_of(name, "read as a book"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _PROTECTION in archive.namelist():
            raise UnreadableFile(f"{name} is protected (DRM): its text cannot be read.")
        return _book(archive, name=name)


def _book(archive: zipfile.ZipFile, *, name: str) -> Content:
    root = next(_elements(parsed_xml(archive.read(_CONTAINER)), "rootfile")).get("full-path")
    package = parsed_xml(archive.read(root))
    known = {_local(element): (element.text or "") for element in package.iter() if element.text}
    builder = ContentBuilder()
    builder.add_facts({fact: known.get(tag, "") for tag, fact in _FACTS.items()})
    items = {item.get("id"): item for item in _elements(package, "item")}
    warnings: list[str] = []
    missing = 0
    for reference in _elements(package, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue  # the table of contents repeats the headings
        path = posixpath.join(posixpath.dirname(root), unquote(item.get("href", "")))
        try:
            chapter = archive.read(posixpath.normpath(path))
        except KeyError:
            missing += 1
            continue
        warnings += write_html(chapter, builder, name=name)
        if builder.length > 2 * MAX_TEXT_CHARS:  # the exact limit is checked on the finished text
            raise FileTooLarge(f"{name} has more than {2 * MAX_TEXT_CHARS:,} characters of text.")
    if missing:
        warnings.append(f"{counted(missing, 'chapter')} missing in the file.")
    return builder.build(title=known.get("title", ""), warnings=tuple(dict.fromkeys(warnings)))


def _elements(root: Element, name: str) -> Element:
    return root.iter(f"{{*}}{name}")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
