"""Reads Word files in order: paragraphs, headings, list items, tables, text boxes, notes.

python-docx opens the package and knows the styles; the paragraphs are read from the XML itself,
because ``Paragraph.text`` leaves out inserted revisions, content controls and text boxes. Deleted
revisions, hidden text and field codes are not text. The archive is checked before anything is
unpacked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from zlib import error as ZlibError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES
from chatbot.errors import FileTooLarge, UnreadableFile, UnsupportedFile

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", _FALLBACK})
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OTHER_OFFICE = {"xl/": "an Excel workbook", "ppt/": "a PowerPoint file"}


def read_docx(data: bytes, *, name: str) -> Content:
    """Return the content of a Word file.

    Raises:
        UnsupportedFile: if it is another kind of Office file.
        UnreadableFile: if it is damaged, encrypted or declares XML entities.
        FileTooLarge: if it unpacks to more than the limits.
    """
    _check_archive(data, name=name)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    try:
        document = Document(io.BytesIO(data))
        builder = ContentBuilder()
        _Reader(document, builder).read()
        title = builder.first_heading or (document.core_properties.title or "")
    except (
        *(LxmlError, PackageNotFoundError, zipfile.BadZipFile, ZlibError, EOFError),
        *(KeyError, ValueError, AttributeError, NotImplementedError, RecursionError),
    ) as error:
        raise UnreadableFile(f"{name} is damaged: it cannot be read as a Word file.") from error
    return builder.build(title=title)


def _check_archive(data: bytes, *, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            # Sizes first: reading a part of a bomb is what must not happen. zipfile never unpacks
            # more than the size that an entry declares.
            too_dense = unpacked > max(RATIO_FREE_BYTES, MAX_UNPACK_RATIO * len(data))
            if unpacked > MAX_UNPACKED_BYTES or too_dense:
                raise FileTooLarge(
                    f"{name} unpacks to {unpacked // 1_000_000} MB, far more than its size; "
                    "it was not opened."
                )
            _check_parts(archive, name=name)
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(f"{name} is damaged: it cannot be unpacked.") from error


def _check_parts(archive: zipfile.ZipFile, *, name: str) -> None:
    names = archive.namelist()
    if "word/document.xml" not in names and not any(part.startswith("word/") for part in names):
        for prefix, what in _OTHER_OFFICE.items():
            if any(part.startswith(prefix) for part in names):
                raise UnsupportedFile(f"{name} is not a Word file but {what}.")
        raise UnsupportedFile(f"{name} is a zip archive, not a Word file.")
    for part in names:
        if part.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                if b"<!DOCTYPE" in file.read(4096).upper():
                    raise UnreadableFile(
                        f"{name} declares XML entities, which no word processor writes; "
                        "it was not opened."
                    )


class _Reader:
    """Writes the body of a document, then its notes, into a builder."""

    def __init__(self, document: Any, builder: ContentBuilder) -> None:  # noqa: ANN401 - docx
        self._document = document
        self._builder = builder
        self._styles = {
            style.style_id: style.name or "" for style in document.styles if style.type == 1
        }
        self._tight = False

    def read(self) -> None:
        self._blocks(self._document.element.body)
        for relation in self._document.part.rels.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind in ("footnotes", "endnotes") and not relation.is_external:
                self._notes(relation.target_part.blob)

    def _notes(self, blob: bytes) -> None:
        from lxml.etree import XMLParser, fromstring

        for note in fromstring(blob, XMLParser(resolve_entities=False, no_network=True)):
            if note.get(f"{_W}type") is None:  # separators have one
                self._blocks(note)

    def _blocks(self, parent: Any) -> None:  # noqa: ANN401 - an lxml element
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag == f"{_W}sdt":
                for content in child.iterchildren(f"{_W}sdtContent"):
                    self._blocks(content)
            elif child.tag in (f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
                self._blocks(child)

    def _paragraph(self, paragraph: Any) -> None:  # noqa: ANN401 - an lxml element
        boxes: list[Any] = []
        text = "".join(_texts(paragraph, boxes))
        style = self._style_name(paragraph)
        if style.startswith("Heading") or style == "Title":
            self._builder.add_heading(text)
            self._tight = False
        else:
            self._lines(text, item=style.startswith("List") or _is_numbered(paragraph))
        for box in boxes:
            self._blocks(box)

    def _lines(self, text: str, *, item: bool) -> None:
        for number, line in enumerate(text.split("\n")):
            close = (item and self._tight) or number > 0
            if self._builder.add(" ".join(line.split()), close=close) is not None:
                self._tight = item

    def _table(self, table: Any) -> None:  # noqa: ANN401 - an lxml element
        self._tight = False
        rows = list(table.iterchildren(f"{_W}tr"))
        marked = bool(rows) and rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None
        cells = [
            [_cell_text(cell) for cell in row.iter(f"{_W}tc") if _row_of(cell) is row]
            for row in rows
        ]
        self._builder.add_table(cells, has_header=marked or None)

    def _style_name(self, paragraph: Any) -> str:  # noqa: ANN401 - an lxml element
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        identifier = "" if style is None else style.get(f"{_W}val", "")
        name: str = self._styles.get(identifier, identifier)
        return name[:1].upper() + name[1:]  # Word writes "heading 1" for a built-in style


def _texts(element: Any, boxes: list[Any]) -> Iterator[str]:  # noqa: ANN401 - an lxml element
    """Yield the pieces of text of a paragraph; text boxes in it are put aside."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in _LEFT_OUT and not _is_hidden(child):
            yield from _texts(child, boxes)


def _is_hidden(run: Any) -> bool:  # noqa: ANN401 - an lxml element
    """Say whether a run is formatted as hidden: no reader sees it, so nothing may rest on it."""
    if run.tag != f"{_W}r":
        return False
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off")


def _is_numbered(paragraph: Any) -> bool:  # noqa: ANN401 - an lxml element
    return paragraph.find(f"{_W}pPr/{_W}numPr") is not None


def _cell_text(cell: Any) -> str:  # noqa: ANN401 - an lxml element
    boxes: list[Any] = []
    texts = ("".join(_texts(paragraph, boxes)) for paragraph in cell.iter(f"{_W}p"))
    return " ".join(" ".join(texts).split())


def _row_of(cell: Any) -> Any:  # noqa: ANN401 - lxml elements
    return next(cell.iterancestors(f"{_W}tr"))
