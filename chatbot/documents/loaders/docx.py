"""Reads Word files in order: paragraphs, headings, list items, tables, boxes, notes, page headers.

python-docx opens the package and knows the styles; the paragraphs are read from the XML itself,
because ``Paragraph.text`` leaves out inserted revisions, content controls, formulas, text boxes and
the numbers of lists. The archive is checked before anything is unpacked.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.loaders.archive import (
    Element,
    check_archive,
    office_facts,
    parsed_xml,
    transitional,
)
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.docx_numbers import Numbers, W
from chatbot.documents.loaders.docx_runs import Paragraphs, paragraphs

_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?\d*(?:\s*(?:of|/)\s*\d+)?\W*", re.IGNORECASE)


def read_docx(data: bytes, *, name: str) -> Content:
    """Return the content of a Word file."""
    check_archive(data, name=name, part="word/")
    builder = ContentBuilder()
    with damage_of(name, "read as a Word file", PackageNotFoundError):
        document = Document(io.BytesIO(transitional(data)))
        builder.add_facts(office_facts(document.core_properties), origin="file properties")
        _Reader(document, builder).read()
        title = builder.first_heading or (document.core_properties.title or "")
    return builder.build(title=title)


class _Reader:
    """Writes the body of a document, then its notes and page headers, into a builder."""

    def __init__(self, document: Element, builder: ContentBuilder) -> None:
        self._document = document
        self._builder = builder
        self._styles = {
            style.style_id: style.name or "" for style in document.styles if style.type == 1
        }
        self._numbers = Numbers(document.styles.element, next(self._parts("numbering"), None))
        self._tight = False
        self._texts = Paragraphs(builder.left_out)

    def read(self) -> None:
        self._blocks(self._document.element.body)
        for kind in ("footnotes", "endnotes"):
            for part in self._parts(kind):
                self._notes(part, kind)
        for part in self._parts("comments"):
            # A comment is about the text and not in it; who prints the file does not see it.
            self._builder.left_out["comment"] += len(part)
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for part in self._parts(kind):
                self._labelled(part, f"Page {kind}", seen)

    def _parts(self, kind: str) -> Iterator[Element]:
        """Yield the XML of the parts of a kind that belong to the document."""
        for relation in self._document.part.rels.values():
            if relation.reltype.rsplit("/", 1)[-1] == kind and not relation.is_external:
                yield parsed_xml(relation.target_part.blob)

    def _notes(self, notes: Element, kind: str) -> None:
        for note in notes:
            if note.get(f"{W}type") is None:  # separators have one
                number = self._texts.notes.get((kind, note.get(f"{W}id", "")))
                self._labelled(note, f"Note {number}" if number else "Note")

    def _labelled(self, parent: Element, label: str, seen: set[str] | None = None) -> None:
        """Write the paragraphs of a part that stands beside the text; of a header each once."""
        lines: list[str] = []
        for paragraph in paragraphs(parent):
            text = " ".join(self._texts.read(paragraph).split())
            if text and (seen is None or (text not in seen and not _PAGE_NUMBER.fullmatch(text))):
                lines.append(text)
        if seen is not None:
            seen.update(lines)
        for number, line in enumerate(lines):
            self._builder.add(line if number else f"{label}: {line}", close=number > 0)

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}sdt":
                for content in child.iterchildren(f"{W}sdtContent"):
                    self._blocks(content)
            elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml"):
                self._blocks(child)
            elif child.tag == f"{W}altChunk":
                self._builder.left_out["embedded file"] += 1

    def _paragraph(self, paragraph: Element) -> None:
        text = self._texts.read(paragraph)
        boxes = self._texts.boxes
        number = self._numbers.prefix(paragraph) if text.strip() else None
        style = self._style_name(paragraph)
        if style.startswith("Heading") or style == "Title":
            self._builder.add_heading((number or "") + text)
            self._tight = False
        else:
            item = number is not None or style.startswith("List")
            self._lines((number or "") + text, item=item)
        for box in boxes:
            self._blocks(box)

    def _lines(self, text: str, *, item: bool) -> None:
        for number, line in enumerate(text.split("\n")):
            close = (item and self._tight) or number > 0
            if self._builder.add(" ".join(line.split()), close=close) is not None:
                self._tight = item

    def _table(self, table: Element) -> None:
        self._tight = False
        rows = list(table.iterchildren(f"{W}tr"))
        marked = bool(rows) and rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        cells = [
            [self._cell_text(cell) for cell in row.iter(f"{W}tc") if _row_of(cell) is row]
            for row in rows
        ]
        self._builder.add_table(cells, has_header=marked or None)

    def _style_name(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        identifier = "" if style is None else style.get(f"{W}val", "")
        name: str = self._styles.get(identifier, identifier)
        return name[:1].upper() + name[1:]  # Word writes "heading 1" for a built-in style

    def _cell_text(self, cell: Element) -> str:
        texts = (self._texts.read(one) for one in paragraphs(cell))
        return " ".join(" ".join(texts).split())


def _row_of(cell: Element) -> Element:
    return next(cell.iterancestors(f"{W}tr"))
