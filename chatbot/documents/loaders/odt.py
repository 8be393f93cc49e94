"""Reads OpenDocument texts (odt): headings, paragraphs, numbered lists, tables, notes, properties.

The XML is read directly: it says all that is needed in two files of the archive.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.loaders.archive import Element, check_archive, parsed_xml
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.marks import formula, lowered, raised

_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FACTS = {"initial-creator": "Author", "creator": "Author", "creation-date": "Created"}
_MOST_REPEATED = 1_000
"""Copies of a cell that are written out; a sheet may say "a million times nothing"."""


def read_odt(data: bytes, *, name: str) -> Content:
    """Return the content of an OpenDocument text."""
    check_archive(data, name=name, part="content.xml")
    what = "read as an OpenDocument text, or it is encrypted"
    with damage_of(name, what), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        parts = (part for part in ("content.xml", "styles.xml", "meta.xml") if part in names)
        reader = _Reader({part: parsed_xml(archive.read(part)) for part in parts})
        reader.read()
        return reader.content()


class _Reader:
    def __init__(self, roots: dict[str, Element]) -> None:
        self._roots = roots
        self._builder = ContentBuilder()
        self._notes: list[str] = []
        self._shifts: dict[str, str] = {}
        self._numbered: set[str] = set()
        self._title = ""
        for root in roots.values():
            self._styles(root)

    def _styles(self, root: Element) -> None:
        for style in root.iter(f"{_S}style"):
            for properties in style.iter(f"{_S}text-properties"):
                place = properties.get(f"{_S}text-position", "")
                struck = properties.get(f"{_S}text-line-through-style", "none") != "none"
                shift = "struck" if struck else place.split(" ")[0]
                if shift and not shift.startswith("0"):
                    self._shifts[style.get(f"{_S}name")] = shift
        for style in root.iter(f"{_T}list-style"):
            if style.find(f"{_T}list-level-style-number[@{_T}level='1']") is not None:
                self._numbered.add(style.get(f"{_S}name"))

    def read(self) -> None:
        facts: dict[str, str] = {}
        if "meta.xml" in self._roots:
            for element in self._roots["meta.xml"].iter():
                tag = str(element.tag).rpartition("}")[2]
                if tag in _FACTS and element.text:
                    facts.setdefault(_FACTS[tag], element.text.partition("T")[0])
                elif tag == "title":
                    self._title = element.text or ""
        if not facts.get("Author"):
            facts.pop("Created", None)
        self._builder.add_facts(facts, origin="file properties")
        for body in self._roots["content.xml"].iter(f"{_O}text"):
            self._blocks(body)
        for number, note in enumerate(self._notes, 1):
            self._builder.add(f"Note {number}: {note}")
        self._page_headers()

    def content(self) -> Content:
        title = self._builder.first_heading or self._title
        return self._builder.build(title=title)

    def _page_headers(self) -> None:
        seen: set[str] = set()
        styles = self._roots.get("styles.xml")
        if styles is None:
            return
        for kind in ("header", "footer"):
            for part in styles.iter(f"{_S}{kind}"):
                text = " ".join(" ".join(self._texts(p)) for p in part.iter(f"{_T}p")).strip()
                if any(char.isalpha() for char in text) and text not in seen:
                    seen.add(text)
                    self._builder.add(f"Page {kind}: {text}")

    def _texts(self, paragraph: Element) -> list[str]:
        return "".join(self._pieces(paragraph)).split()

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{_T}h":
                self._builder.add_heading(" ".join(self._texts(child)))
            elif child.tag == f"{_T}p":
                self._builder.add(" ".join(self._texts(child)))
            elif child.tag == f"{_T}list":
                self._list(child, child.get(f"{_T}style-name"), "")
            elif child.tag == f"{_TABLE}table":
                self._table(child)
            elif child.tag == f"{_T}tracked-changes":
                self._builder.left_out["tracked change"] += len(child)
            elif isinstance(child.tag, str):
                self._blocks(child)

    def _list(self, items: Element, style: str | None, above: str) -> None:
        number = 0
        close = False
        for item in items.iter(f"{_T}list-item", f"{_T}list-header"):
            if next(item.iterancestors(f"{_T}list")) is not items:
                continue
            number += 1
            place = f"{above}{number}." if style in self._numbered else ""
            prefix = f"{place} " if place else ""
            for child in item:
                if child.tag == f"{_T}list":
                    self._list(child, child.get(f"{_T}style-name") or style, place)
                    continue
                text = " ".join(self._texts(child))
                added = self._builder.add(prefix + text, close=close) if text else None
                close, prefix = added is not None or close, ""

    def _table(self, table: Element) -> None:
        headed = next(table.iter(f"{_TABLE}table-header-rows"), None) is not None
        rows: list[list[str]] = []
        for row in table.iter(f"{_TABLE}table-row"):
            cells: list[str] = []
            for cell in row:
                if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    text = " ".join(word for p in cell.iter(f"{_T}p") for word in self._texts(p))
                    copies = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                    cells += [text] * min(copies, _MOST_REPEATED if text else 1)
            rows.append(cells)
        self._builder.add_table(rows, has_header=headed or None)

    def _pieces(self, element: Element) -> Iterator[str]:
        before = element.text or ""
        yield before
        for child in element:
            if isinstance(child.tag, str):
                text = self._inline(child, before)
                yield text
                before = text or before
            yield child.tail or ""
            before = child.tail or before

    def _inline(self, child: Element, before: str) -> str:
        if child.tag in (f"{_T}s", f"{_T}tab", f"{_T}line-break"):
            return " "
        if child.tag == f"{_T}note":
            body = child.find(f"{_T}note-body")
            words = [w for p in body.iter(f"{_T}p") for w in self._texts(p)] if len(body) else []
            self._notes.append(" ".join(words))
            return raised(str(len(self._notes)), before)
        if child.tag == f"{_O}annotation":
            words = [word for p in child.iter(f"{_T}p") for word in self._texts(p)]
            return f" [Comment: {' '.join(words)}] " if words else ""
        if child.tag == f"{_DRAW}image":
            self._builder.left_out["picture"] += 1
            return ""
        if child.tag.endswith("}math"):
            return formula(child)
        if child.tag == f"{_DRAW}object":
            self._builder.left_out["embedded formula or chart"] += 1
            return ""
        text = "".join(self._pieces(child))
        shift = self._shifts.get(child.get(f"{_T}style-name", ""), "")
        if child.tag == f"{_T}span" and shift == "struck":
            self._builder.left_out["struck-through passage"] += 1
            return ""
        if child.tag == f"{_T}span" and shift:
            down = shift.startswith(("sub", "-"))
            return (lowered if down else raised)(text, before)
        return text
