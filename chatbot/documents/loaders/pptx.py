"""Reads PowerPoint files: each slide is a page, with its title, text, tables, charts and notes.

python-pptx opens the package; the text is read from the XML of the paragraphs, because
``paragraph.text`` leaves out formulas and what is raised or struck out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from pptx import Presentation
from pptx.exc import PythonPptxError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_PAGES
from chatbot.documents.loaders.archive import Element, add_office_facts, office_file
from chatbot.documents.loaders.marks import STRUCK, formula, lowered, raised
from chatbot.errors import FileTooLarge

DAMAGE = (PythonPptxError,)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FURNITURE = frozenset({"ftr", "hdr", "dt"})
"""Placeholders that stand on every slide."""


def read_pptx(data: bytes, *, name: str) -> Content:
    """Return the content of a PowerPoint file."""
    show = Presentation(office_file(data, name=name, part="ppt/"))
    if len(show.slides) > MAX_PAGES:
        raise FileTooLarge(f"{name} has more than {MAX_PAGES:,} slides, the limit.")
    reader = _Reader(ContentBuilder(name))
    add_office_facts(show.core_properties, reader.builder)
    for slide in show.slides:
        reader.slide(slide)
    return reader.content(show.core_properties.title or "")


class _Reader:
    def __init__(self, builder: ContentBuilder) -> None:
        self.builder = builder
        self._starts: list[int] = []
        self._footers: dict[str, None] = {}

    def content(self, title: str) -> Content:
        title = self.builder.first_heading if title in ("", "PowerPoint Presentation") else title
        end = self.builder.length
        for footer in self._footers:
            self.builder.add(f"Page footer: {footer}")
        return self.builder.build(title=title, pages=[min(start, end) for start in self._starts])

    def slide(self, slide: Element) -> None:
        # The next block begins behind a blank line, if it is not the first.
        self._starts.append(self.builder.length + 2 if self.builder.length else 0)
        title = slide.shapes.title
        heading = self._text(title.text_frame) if title is not None else ""
        self.builder.add_heading(heading or f"Slide {len(self._starts)}")
        for shape in _flat(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                self._shape(shape)
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if notes is not None and (text := self._text(notes)):
            self.builder.add(f"Notes: {text}")
        for relation in slide.part.rels.values():
            if relation.reltype.endswith("/comments"):
                self.builder.left_out["comment"] += relation.target_part.blob.count(b":cm ")

    def _text(self, frame: Element) -> str:
        return " ".join(" ".join(map(self._paragraph, frame.paragraphs)).split())

    def _paragraph(self, paragraph: Element) -> str:
        """Return the text of a paragraph; what is struck out only if it is all."""
        struck: list[str] = []
        text = " ".join("".join(_pieces(paragraph._p, struck)).split())
        if struck and not text:
            return STRUCK + " ".join(struck)
        self.builder.left_out["struck-through passage"] += len(struck)
        return text

    def _shape(self, shape: Element) -> None:
        kind = shape.is_placeholder and next(iter(shape.element.xpath(".//p:nvPr/p:ph/@type")), "")
        if kind == "sldNum":
            return
        if kind in _FURNITURE:
            self._footers.setdefault(self._text(shape.text_frame))
        elif shape.has_text_frame:
            self.builder.add_lines(map(self._paragraph, shape.text_frame.paragraphs))
        elif getattr(shape, "has_table", False):
            rows = [[self._text(cell.text_frame) for cell in row.cells] for row in shape.table.rows]
            self.builder.add_table(rows, has_header=shape.table.first_row or None)
        elif getattr(shape, "has_chart", False):
            self._chart(shape.chart)
        elif hasattr(shape, "image"):
            self.builder.left_out["picture"] += 1
        elif shape.element.tag.endswith("}graphicFrame"):
            self.builder.left_out["diagram or embedded file"] += 1

    def _chart(self, chart: Element) -> None:
        """Write the values of a chart as a table."""
        if chart.has_title and chart.chart_title.has_text_frame:
            self.builder.add(self._text(chart.chart_title.text_frame))
        for plot in chart.plots:
            categories = [str(category) for category in plot.categories]
            self.builder.left_out["chart"] += not categories
            columns = [
                [one.name, *("" if value is None else f"{value:.10g}" for value in one.values)]
                for one in plot.series
            ]
            rows = zip_longest(["", *categories], *columns, fillvalue="")
            self.builder.add_table(list(rows)[: len(categories) + 1], has_header=True)


def _flat(shapes: Element) -> Iterator[Element]:
    """Yield the shapes of a slide, those in groups too."""
    for shape in shapes:
        if shape.element.tag.endswith("}grpSp"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _pieces(element: Element, struck: list[str]) -> Iterator[str]:
    before = ""
    for child in element:
        if child.tag in (f"{_A}r", f"{_A}fld"):
            text = child.findtext(f"{_A}t", "")
            properties = child.find(f"{_A}rPr")
            if properties is not None and properties.get("strike", "noStrike") != "noStrike":
                struck.append(text)
                continue
            shift = 0 if properties is None else int(properties.get("baseline", "0").strip("%"))
            if shift:
                text = (raised if shift > 0 else lowered)(text, before)
            before = text
            yield text
        elif child.tag == f"{_A}br":
            yield " "
        elif child.tag == _MATH:
            yield formula(child)
        elif isinstance(child.tag, str) and child.tag != _FALLBACK:
            yield from _pieces(child, struck)
