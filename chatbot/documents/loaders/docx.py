"""Reads Word files in order: paragraphs, headings, list items, tables, boxes, notes, page headers.

python-docx opens the package and knows the styles; the paragraphs are read from the XML itself,
because ``Paragraph.text`` leaves out inserted revisions, content controls, formulas, text boxes and
the numbers of lists. Deleted revisions, hidden text and field codes are no text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from docx import Document
from docx.exceptions import PythonDocxError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.loaders.archive import Element, add_office_facts, office_file, parsed_xml
from chatbot.documents.loaders.docx_numbers import Numbers, W
from chatbot.documents.loaders.marks import STRUCK, formula, lowered, raised

DAMAGE = (PythonDocxError,)
_AROUND = frozenset(f"{W}{name}" for name in ("ins", "moveTo", "customXml", "sdt", "sdtContent"))
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What an old program shows instead of the element beside it."""
_IGNORED = frozenset({f"{W}instrText", f"{W}pPr", f"{W}rPr", _FALLBACK})
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_DRAWN = {
    "pic": "picture",
    "imagedata": "picture",
    "chart": "chart",
    "relIds": "diagram",
    "OLEObject": "embedded file",
    "altChunk": "embedded file",
}
_SYMBOL = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        "\xa3\xa5\xac\xae\xb0\xb1\xb3\xb4\xb7\xb8\xb9\xbb\xce\xd6\xe5\xf2",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ≤∞←→°±≥×•÷≠≈∈√∑∫",
        strict=True,
    )
)
_WINGDINGS = {
    "\xfc": "✓",
    "\xfb": "✗",
    "\xfe": "[x]",
    "\xfd": "[x]",
    "\xa8": "[ ]",
    "\x6f": "[ ]",
    "\xe0": "→",
    "\xdf": "←",
}
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
        self._texts = _Paragraphs(builder.left_out)

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
        texts = (" ".join(self._texts.read(one).split()) for one in _paragraphs(parent))
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


def _paragraphs(parent: Element) -> Iterator[Element]:
    for paragraph in parent.iter(f"{W}p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield paragraph


class _Paragraphs:
    """Reads the paragraphs of one document, one after the other."""

    def __init__(self, left_out: Counter[str]) -> None:
        self._left_out = left_out
        self.notes: dict[tuple[str, str], int] = {}
        """The number of each note by its kind and id, in the order of the marks."""
        self.boxes: list[Element] = []
        """The text boxes in the last paragraph, whose text is none of it."""
        self._parts: list[str] = []
        self._struck: list[str] = []

    def read(self, paragraph: Element) -> str:
        self.boxes, self._parts, self._struck = [], [], []
        for piece in self._pieces(paragraph):
            self._parts.append(piece)
        text = "".join(self._parts)
        struck = " ".join("".join(self._struck).split())
        if struck and not text.strip():
            return STRUCK + struck
        self._left_out["struck-through passage"] += bool(struck)
        return text

    def _pieces(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in _BREAKS:
                yield _BREAKS[child.tag]
            elif child.tag == f"{W}r":
                yield from self._run(child)
            elif child.tag == _MATH:
                yield formula(child)
            elif child.tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif child.tag in _DELETED:
                self._left_out["deleted passage"] += 1
            elif child.tag not in _IGNORED and isinstance(child.tag, str):
                yield from self._other(child)

    def _run(self, run: Element) -> Iterator[str]:
        if _is_on(run, f"rPr/{W}vanish"):  # no reader sees it, so nothing may rest on it
            self._left_out["hidden passage"] += run.find(f"{W}t") is not None
            return
        text = "".join(self._pieces(run))
        shift = run.find(f"{W}rPr/{W}vertAlign")
        kind = "" if shift is None else shift.get(f"{W}val", "")
        struck = _is_on(run, f"rPr/{W}strike") or _is_on(run, f"rPr/{W}dstrike")
        if text.strip() and struck:
            self._struck.append(text)
        elif kind == "superscript":
            yield raised(text, "".join(self._parts[-1:]))
        elif kind == "subscript":
            yield lowered(text, "".join(self._parts[-1:]))
        else:
            yield text

    def _other(self, child: Element) -> Iterator[str]:
        name = child.tag.rpartition("}")[2]
        if child.tag == f"{W}sym":
            yield self._symbol(child)
        elif child.tag in _NOTES:
            key = (_NOTES[child.tag], child.get(f"{W}id", ""))
            yield raised(str(self.notes.setdefault(key, len(self.notes) + 1)), "")
        elif child.tag == f"{W}checkBox":
            yield "[x]" if _is_on(child, "checked", "default") else "[ ]"
        else:
            if name in _DRAWN:
                self._left_out[_DRAWN[name]] += 1
            yield from self._pieces(child)

    def _symbol(self, symbol: Element) -> str:
        """Return a letter of a symbol font as the character that it shows."""
        font = symbol.get(f"{W}font", "")
        code = int(symbol.get(f"{W}char", "0"), 16)
        char = chr(code - 0xF000 if code >= 0xF000 else code)
        known = {"Symbol": _SYMBOL, "Wingdings": _WINGDINGS}.get(font)
        if known is None and code < 0xE000:
            return char
        shown = (known or {}).get(char, "")
        self._left_out["symbol"] += not shown
        return shown


def _is_on(element: Element, *paths: str) -> bool:
    """Say whether the first of these parts that an element has is switched on."""
    found = (element.find(f"{W}{path}") for path in paths)
    switch = next((one for one in found if one is not None), None)
    return switch is not None and switch.get(f"{W}val", "1") not in ("0", "false", "off")
