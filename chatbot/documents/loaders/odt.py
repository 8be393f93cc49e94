"""Reads OpenDocument texts (odt): headings, paragraphs, numbered lists, tables, notes, properties.

The XML is read directly: it says all that is needed in two files of the archive.
"""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.loaders.archive import Element, opened, parsed_xml
from chatbot.documents.loaders.marks import formula, lowered, raised
from chatbot.errors import UnreadableFile

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_O, _T, _TABLE, _S, _DRAW = (_ODF % name for name in "office text table style drawing".split())
_FACTS = {"initial-creator": "Author", "creator": "Author", "creation-date": "Created"}
_DRAWN = {f"{_DRAW}image": "picture", f"{_DRAW}object": "embedded formula or chart"}
_MANIFEST = "META-INF/manifest.xml"
_MOST_REPEATED = 1_000
"""Copies of a cell that are written out; a sheet may say "a million times nothing"."""


def read_odt(data: bytes, *, name: str) -> Content:
    """Return the content of an OpenDocument text."""
    with opened(data, name=name, part="content.xml") as archive:
        parts = {part: archive.read(part) for part in archive.namelist() if part.endswith(".xml")}
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise UnreadableFile(f"{name} is encrypted. Save it without a password and add it again.")
    return _Reader(parts, ContentBuilder(name)).content()


class _Reader:
    def __init__(self, parts: dict[str, bytes], builder: ContentBuilder) -> None:
        empty = b"<none/>"
        self._body = parsed_xml(parts["content.xml"])
        self._common = parsed_xml(parts.get("styles.xml", empty))
        self._meta = parsed_xml(parts.get("meta.xml", empty))
        self._builder = builder
        self._notes: list[str] = []
        self._shifts: dict[str, str] = {}
        self._numbered: set[str] = set()
        for root in (self._body, self._common):
            self._read_styles(root)

    def _read_styles(self, root: Element) -> None:
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

    def content(self) -> Content:
        known: dict[str, str] = {}
        for element in self._meta.iter("{*}*"):
            if element.text:
                tag = element.tag.rpartition("}")[2]
                known.setdefault(_FACTS.get(tag, tag), element.text)
        facts = {name: known.get(name, "").partition("T")[0] for name in ("Author", "Created")}
        self._builder.add_facts(facts, origin="file properties")
        for body in self._body.iter(f"{_O}text"):
            self._blocks(body)
        for number, note in enumerate(self._notes, 1):
            self._builder.add(f"Note {number}: {note}")
        edges: dict[str, str] = {}
        for kind in ("header", "footer"):
            for part in self._common.iter(f"{_S}{kind}"):
                edges.setdefault(self._text(part), kind)
        for text, kind in edges.items():
            if any(char.isalpha() for char in text):
                self._builder.add(f"Page {kind}: {text}")
        return self._builder.build(title=self._builder.first_heading or known.get("title", ""))

    def _text(self, element: Element) -> str:
        """Return the text of a paragraph, or of all paragraphs in an element, on one line."""
        if element.tag in (f"{_T}p", f"{_T}h"):
            return " ".join("".join(self._pieces(element)).split())
        return " ".join(filter(None, map(self._text, element)))

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{_T}h":
                self._builder.add_heading(self._text(child))
            elif child.tag == f"{_T}p":
                self._builder.add(self._text(child))
            elif child.tag == f"{_T}list":
                self._builder.add_lines(self._items(child, child.get(f"{_T}style-name"), ""))
            elif child.tag == f"{_TABLE}table":
                self._table(child)
            elif child.tag == f"{_T}tracked-changes":
                self._builder.left_out["tracked change"] += len(child)
            elif isinstance(child.tag, str):
                self._blocks(child)

    def _items(self, items: Element, style: str | None, above: str) -> Iterator[str]:
        for number, item in enumerate(items.iterchildren(f"{_T}list-item", f"{_T}list-header"), 1):
            place = f"{above}{number}." if style in self._numbered else ""
            prefix = f"{place} " if place else ""
            for child in item:
                if child.tag == f"{_T}list":
                    yield from self._items(child, child.get(f"{_T}style-name") or style, place)
                elif text := self._text(child):
                    yield prefix + text
                    prefix = ""

    def _table(self, table: Element) -> None:
        headed = next(table.iter(f"{_TABLE}table-header-rows"), None) is not None
        rows: list[list[str]] = []
        for row in table.iter(f"{_TABLE}table-row"):
            rows.append([])
            for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                text = self._text(cell)
                copies = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                rows[-1] += [text] * min(copies, _MOST_REPEATED if text else 1)
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
            self._notes.append(" ".join(map(self._text, child.iterchildren(f"{_T}note-body"))))
            return raised(str(len(self._notes)), before)
        if child.tag == f"{_O}annotation":
            words = self._text(child)
            return f" [Comment: {words}] " if words else ""
        if child.tag.endswith("}math"):
            return formula(child)
        if what := _DRAWN.get(child.tag):
            self._builder.left_out[what] += 1
            return ""
        text = "".join(self._pieces(child))
        shift = self._shifts.get(child.get(f"{_T}style-name", ""), "")
        if child.tag != f"{_T}span" or not shift:
            return text
        if shift == "struck":
            self._builder.left_out["struck-through passage"] += 1
            return ""
        return (lowered if shift.startswith(("sub", "-")) else raised)(text, before)
