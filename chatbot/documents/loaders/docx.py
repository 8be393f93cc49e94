"""Reads Word files in order: paragraphs, headings, list items, tables, boxes, notes, page headers.

python-docx opens the package and knows the styles; the paragraphs are read from the XML itself,
because ``Paragraph.text`` leaves out inserted revisions, content controls, formulas, text boxes and
the numbers of lists. The archive is checked before anything is unpacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx import Document
from docx.exceptions import PythonDocxError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.loaders.archive import Element, add_office_facts, office_file, parsed_xml
from chatbot.documents.loaders.docx_numbers import Numbers, W
from chatbot.documents.loaders.docx_runs import Paragraphs, paragraphs

DAMAGE = (PythonDocxError,)
_AROUND = frozenset(f"{W}{name}" for name in ("ins", "moveTo", "customXml", "sdt", "sdtContent"))
_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?\d*(?:\s*(?:of|/)\s*\d+)?\W*", re.IGNORECASE)


def read_docx(data: bytes, *, name: str) -> Content:
    """Return the content of a Word file."""
    builder = ContentBuilder(name)
    document = Document(office_file(data, name=name, part="word/"))
    add_office_facts(document.core_properties, builder)
    _Reader(document, builder).read()
    return builder.build(title=builder.first_heading or document.core_properties.title or "")


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
            for notes in self._parts(kind):
                for note in notes:
                    if note.get(f"{W}type") is None:  # separators have one
                        number = self._texts.notes.get((kind, note.get(f"{W}id", "")))
                        self._labelled(f"Note {number}" if number else "Note", self._lines_in(note))
        for part in self._parts("comments"):
            # A comment is about the text and not in it; who prints the file does not see it.
            self._builder.left_out["comment"] += len(part)
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for part in self._parts(kind):
                lines = [
                    line
                    for line in self._lines_in(part)
                    if line not in seen and not _PAGE_NUMBER.fullmatch(line)
                ]
                seen.update(lines)
                self._labelled(f"Page {kind}", lines)

    def _parts(self, kind: str) -> Iterator[Element]:
        """Yield the XML of the parts of a kind that belong to the document."""
        for relation in self._document.part.rels.values():
            if relation.reltype.rsplit("/", 1)[-1] == kind and not relation.is_external:
                yield parsed_xml(relation.target_part.blob)

    def _lines_in(self, parent: Element) -> list[str]:
        texts = (" ".join(self._texts.read(one).split()) for one in paragraphs(parent))
        return [text for text in texts if text]

    def _labelled(self, label: str, lines: list[str]) -> None:
        """Write what stands beside the text."""
        if lines:
            self._builder.add_lines([f"{label}: {lines[0]}", *lines[1:]])

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in _AROUND:
                self._blocks(child)
            elif child.tag == f"{W}altChunk":
                self._builder.left_out["embedded file"] += 1

    def _paragraph(self, paragraph: Element) -> None:
        text = self._texts.read(paragraph)
        boxes = self._texts.boxes
        number = self._numbers.prefix(paragraph) if text.strip() else None
        text = (number or "") + text
        style = self._style_name(paragraph)
        if style.startswith("Heading") or style == "Title":
            self._builder.add_heading(text)
            self._tight = False
        else:
            item = number is not None or style.startswith("List")
            for n, line in enumerate(text.split("\n")):
                close = (item and self._tight) or n > 0
                if self._builder.add(" ".join(line.split()), close=close) is not None:
                    self._tight = item
        for box in boxes:
            self._blocks(box)

    def _style_name(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        identifier = "" if style is None else style.get(f"{W}val", "")
        name: str = self._styles.get(identifier, identifier)
        return name[:1].upper() + name[1:]  # Word writes "heading 1" for a built-in style

    def _table(self, table: Element) -> None:
        self._tight = False
        rows = list(table.iterchildren(f"{W}tr"))
        marked = bool(rows) and rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        cells = [
            [
                " ".join(self._lines_in(cell))
                for cell in row.iter(f"{W}tc")
                if next(cell.iterancestors(f"{W}tr")) is row
            ]
            for row in rows
        ]
        self._builder.add_table(cells, has_header=marked or None)
