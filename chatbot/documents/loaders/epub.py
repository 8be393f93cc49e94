"""Reads EPUB books: the chapters in the order in which they are read, author and date as facts."""

from __future__ import annotations

import posixpath
import zipfile
from urllib.parse import unquote

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.loaders.archive import opened, parsed_xml
from chatbot.documents.loaders.html import write_html
from chatbot.errors import UnreadableFile

_CONTAINER = "META-INF/container.xml"
_FACTS = {"creator": "Author", "publisher": "Publisher", "date": "Date"}
_PROTECTION = "META-INF/rights.xml"


def read_epub(data: bytes, *, name: str) -> Content:
    """Return the content of a book."""
    with opened(data, name=name, part=_CONTAINER) as archive:
        if _PROTECTION in archive.namelist():
            raise UnreadableFile(f"{name} is protected (DRM): its text cannot be read.")
        return _book(archive, ContentBuilder(name))


def _book(archive: zipfile.ZipFile, builder: ContentBuilder) -> Content:
    container = parsed_xml(archive.read(_CONTAINER))
    root = next(container.iter("{*}rootfile")).get("full-path")
    package = parsed_xml(archive.read(root))
    named = [one for one in package.iter("{*}*") if one.text]
    known = {one.tag.rpartition("}")[2]: one.text for one in named}
    builder.add_facts({fact: known.get(tag, "") for tag, fact in _FACTS.items()})
    items = {item.get("id"): item for item in package.iter("{*}item")}
    missing = 0
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue  # the table of contents repeats the headings
        path = posixpath.join(posixpath.dirname(root), unquote(item.get("href", "")))
        try:
            chapter = archive.read(posixpath.normpath(path))
        except KeyError:
            missing += 1
            continue
        write_html(chapter, builder)
    if missing:
        builder.warnings.append(f"{counted(missing, 'chapter')} missing in the file.")
    return builder.build(title=known.get("title", ""))
