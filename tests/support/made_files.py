"""Small made files: each kind of content in each format that can hold it, with its right text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from html import escape

from outlook_files import make_msg

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A heading, a paragraph, a numbered list, or a table whose first row names the columns."""

    heading: str = ""
    text: str = ""
    """A paragraph; what stands between two ``^`` is raised."""
    items: tuple[str, ...] = ()
    rows: Rows = ()


@dataclass(frozen=True)
class Kind:
    """A kind of content: what is written, and the sentences that have to come out."""

    parts: tuple[Part, ...]
    right: tuple[str, ...]


KINDS = {
    "prose": Kind(
        (Part(text="The ferry leaves at 9.40 a.m. from pier 3. Dr. Moreau sells the tickets."),),
        ("The ferry leaves at 9.40 a.m. from pier 3.", "Dr. Moreau sells the tickets."),
    ),
    "heading": Kind(
        (Part(heading="Opening hours"), Part(text="The baths open at seven.")),
        ("Opening hours", "The baths open at seven."),
    ),
    "steps": Kind(
        (
            Part(text="The pump is started like this."),
            Part(items=("Open the valve.", "Turn the key.", "Wait for the green lamp.")),
        ),
        (
            "The pump is started like this.",
            "1. Open the valve.",
            "2. Turn the key.",
            "3. Wait for the green lamp.",
        ),
    ),
    "table": Kind(
        (
            Part(text="These rooms can be hired."),
            Part(
                rows=(
                    ("Room", "Seats", "Projector"),
                    ("Alder", "12", "no"),
                    ("Hazel", "40", "yes"),
                    ("Rowan", "8", "no"),
                )
            ),
        ),
        (
            "These rooms can be hired.",
            "Room | Seats | Projector",
            "Alder | 12 | no",
            "Hazel | 40 | yes",
            "Rowan | 8 | no",
        ),
    ),
    "raised": Kind(
        (Part(text="The lake holds 10^6^ litres of water."),),
        ("The lake holds 10⁶ litres of water.",),
    ),
    "letters": Kind(
        (Part(text="Zoë paid 12 € in Malmö. She asked: “Why so dear?”"),),
        ("Zoë paid 12 € in Malmö.", "She asked: “Why so dear?”"),
    ),
}


def _runs(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of a paragraph and whether each is raised."""
    return [(piece, n % 2 == 1) for n, piece in enumerate(text.split("^")) if piece]


def txt(parts: Sequence[Part]) -> bytes:
    blocks = []
    for part in parts:
        lines = [f"{n}. {item}" for n, item in enumerate(part.items, 1)]
        lines += ["\t".join(row) for row in part.rows]
        blocks.append("\n".join(lines) or part.heading or part.text)
    return "\n\n".join(blocks).encode()


def md(parts: Sequence[Part]) -> bytes:
    blocks = []
    for part in parts:
        lines = [f"{n}. {item}" for n, item in enumerate(part.items, 1)]
        if part.rows:
            lines = [" | ".join(row) for row in part.rows]
            lines.insert(1, " | ".join("---" for _ in part.rows[0]))
        if part.heading:
            lines = [f"## {part.heading}"]
        text = "".join(f"<sup>{t}</sup>" if up else t for t, up in _runs(part.text))
        blocks.append("\n".join(lines) or text)
    return "\n\n".join(blocks).encode()


def _markup(parts: Sequence[Part]) -> str:
    found = ""
    for part in parts:
        if part.heading:
            found += f"<h2>{part.heading}</h2>"
        if part.text:
            runs = _runs(part.text)
            inner = "".join(f"<sup>{t}</sup>" if up else escape(t) for t, up in runs)
            found += f"<p>{inner}</p>"
        if part.items:
            found += "<ol>" + "".join(f"<li>{item}</li>" for item in part.items) + "</ol>"
        if part.rows:
            tags = ["th"] + ["td"] * len(part.rows)
            rows = [
                "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
                for tag, row in zip(tags, part.rows, strict=False)
            ]
            found += f"<table>{''.join(rows)}</table>"
    return found


def html(parts: Sequence[Part]) -> bytes:
    head = "<!DOCTYPE html><html><head><meta charset='utf-8'></head>"
    return f"{head}<body><main>{_markup(parts)}</main></body></html>".encode()


def docx(parts: Sequence[Part]) -> bytes:
    import docx as library

    document = library.Document()
    document.core_properties.author = ""
    for part in parts:
        if part.heading:
            document.add_heading(part.heading, 2)
        if part.text:
            paragraph = document.add_paragraph()
            for text, up in _runs(part.text):
                paragraph.add_run(text).font.superscript = up or None
        for item in part.items:
            document.add_paragraph(item, style="List Number")
        if part.rows:
            table = document.add_table(len(part.rows), len(part.rows[0]))
            for row, cells in zip(table.rows, part.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


UNTITLED = "A slide"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def odt(parts: Sequence[Part]) -> bytes:
    body = ""
    for part in parts:
        if part.heading:
            body += f'<text:h text:outline-level="2">{part.heading}</text:h>'
        if part.text:
            inner = "".join(
                f'<text:span text:style-name="up">{t}</text:span>' if up else escape(t)
                for t, up in _runs(part.text)
            )
            body += f"<text:p>{inner}</text:p>"
        if part.items:
            items = (f"<text:list-item><text:p>{i}</text:p></text:list-item>" for i in part.items)
            body += f'<text:list text:style-name="steps">{"".join(items)}</text:list>'
        if part.rows:
            rows = ""
            for row in part.rows:
                cells = (f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
                rows += f"<table:table-row>{''.join(cells)}</table:table-row>"
            body += f"<table:table>{rows}</table:table>"
    styles = (
        '<style:style style:name="up" style:family="text">'
        '<style:text-properties style:text-position="super 58%"/></style:style>'
        '<text:list-style style:name="steps"><text:list-level-style-number text:level="1" '
        'style:num-suffix="." style:num-format="1"/></text:list-style>'
    )
    names = " ".join(
        f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table", "style")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def rtf(parts: Sequence[Part]) -> bytes:
    def coded(text: str) -> str:
        return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)

    body = ""
    for part in parts:
        if part.heading or part.text:
            runs = _runs(part.heading or part.text)
            inner = "".join(f"{{\\super {t}}}" if up else coded(t) for t, up in runs)
            body += f"\\pard {inner}\\par\n"
        for number, item in enumerate(part.items, 1):
            body += f"\\pard {number}. {item}\\par\n"
        for row in part.rows:
            ends = "".join(f"\\cellx{2000 * n}" for n in range(1, len(row) + 1))
            cells = "".join(f"{cell}\\cell " for cell in row)
            body += f"\\trowd{ends} {cells}\\row\n"
    return f"{{\\rtf1\\ansi\\uc1\n{body}}}".encode()


def epub(parts: Sequence[Part]) -> bytes:
    page = (
        '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title></title></head><body>{_markup(parts)}</body></html>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "book.opf": package,
            "a.xhtml": page,
        }
    )


def pptx(parts: Sequence[Part]) -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = next((part.heading for part in parts if part.heading), UNTITLED)
    for number, part in enumerate(parts):
        place = Inches(1), Inches(2 + number), Inches(6), Inches(1)
        if part.text or part.items:
            frame = slide.shapes.add_textbox(*place).text_frame
            lines = [f"{n}. {item}" for n, item in enumerate(part.items, 1)] or [part.text]
            for n, line in enumerate(lines):
                paragraph = frame.paragraphs[0] if not n else frame.add_paragraph()
                for text, up in _runs(line):
                    run = paragraph.add_run()
                    run.text = text
                    if up:
                        run.font._element.set("baseline", "30000")
        if part.rows:
            size = len(part.rows), len(part.rows[0])
            table = slide.shapes.add_table(*size, *place).table
            for row, cells in enumerate(part.rows):
                for column, cell in enumerate(cells):
                    table.cell(row, column).text = cell
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def pdf(parts: Sequence[Part]) -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    styles, story = getSampleStyleSheet(), []
    for part in parts:
        if part.heading:
            story.append(Paragraph(part.heading, styles["Heading1"]))
        if part.text:
            runs = _runs(part.text)
            inner = "".join(f"<super>{t}</super>" if up else escape(t) for t, up in runs)
            story.append(Paragraph(inner, styles["Normal"]))
        for number, item in enumerate(part.items, 1):
            story.append(Paragraph(f"{number}. {item}", styles["Normal"]))
        if part.rows:
            story.append(Table(part.rows, style=[("GRID", (0, 0), (-1, -1), 1, "black")]))
    stream = io.BytesIO()
    SimpleDocTemplate(stream, author="", invariant=1).build(story)
    return stream.getvalue()


def ipynb(parts: Sequence[Part]) -> bytes:
    import json

    cell = {"cell_type": "markdown", "metadata": {}, "source": md(parts).decode()}
    return json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}).encode()


def eml(parts: Sequence[Part]) -> bytes:
    message = EmailMessage()
    message["From"] = SENDER
    message.set_content(_markup(parts), subtype="html")
    return message.as_bytes()


def msg(parts: Sequence[Part]) -> bytes:
    return make_msg({0x0C1A: "Ada", 0x0C1F: "ada@example.org", 0x1013: _markup(parts)})


def zipped(parts: Sequence[Part]) -> bytes:
    return archive({"inside.md": md(parts).decode()})


def archive(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            target.writestr(name, text)
    return stream.getvalue()


SENDER = "Ada <ada@example.org>"
FORMATS: dict[str, Callable[[Sequence[Part]], bytes]] = {
    "txt": txt, "md": md, "html": html, "docx": docx, "odt": odt, "rtf": rtf, "epub": epub,
    "pptx": pptx, "pdf": pdf, "ipynb": ipynb, "eml": eml, "msg": msg, "zip": zipped,
}  # fmt: skip
BEFORE = {"eml": (f"From: {SENDER}",), "msg": (f"From: {SENDER}",), "zip": ("inside.md",)}
"""What a format itself puts before what is written in it."""
UNABLE = {("txt", "raised"), ("txt", "table")}
"""Kinds that a format has no way to write."""


def made_files() -> dict[str, tuple[Kind, Callable[[], bytes]]]:
    """Return each file by its name: its kind, and what makes it."""
    return {
        f"{kind}.{suffix}": (content, partial(make, content.parts))
        for suffix, make in FORMATS.items()
        for kind, content in KINDS.items()
        if (suffix, kind) not in UNABLE
    }
