"""Writes a carrier with something planted in it as Markdown, plain text, html, Word or PDF.

Word and PDF files are put together by hand, as small as they can be, so that they hold nothing but
what is meant and are the same whenever they are made.
"""

from __future__ import annotations

import html
import io
import zipfile
from dataclasses import dataclass
from typing import Any

Carrier = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What is planted, in which format and at which place; see attacks.yaml for the places."""

    format: str
    place: str
    text: str
    number: int
    """Of the document. It stands in its text: two texts that are the same would be one document,
    under one title."""


def write_document(carrier: Carrier, planted: Planted) -> bytes:
    """Return the bytes of one document."""
    title = planted.text if planted.place == "title" else carrier["title"]
    first, *others = [" ".join(lines) for lines in carrier["paragraphs"]]
    paragraphs = _with_planted([first, f"This is print run {planted.number}.", *others], planted)
    match planted.format:
        case "md":
            return _markdown(title, paragraphs, planted)
        case "txt":
            return "\n\n".join([*paragraphs, ""]).encode()
        case "html":
            return _page(title, paragraphs, planted)
        case "docx":
            return _word(title, paragraphs, planted)
        case "pdf":
            return _pdf(title, paragraphs, planted)
        case other:
            raise ValueError(f"there is no format {other}")


def _with_planted(paragraphs: list[str], planted: Planted) -> list[str]:
    """Return the paragraphs with what belongs into the text; the rest has places of its own."""
    if planted.format == "html" and planted.place == "end":
        return paragraphs
    match planted.place:
        case "start":
            return [planted.text, *paragraphs]
        case "middle":
            return [*paragraphs[:2], planted.text, *paragraphs[2:]]
        case "end":
            return [*paragraphs, planted.text]
        case "sentence":
            return [*paragraphs[:-1], f"{paragraphs[-1]} {planted.text}"]
        case _:
            return paragraphs


def _markdown(title: str, paragraphs: list[str], planted: Planted) -> bytes:
    front = ["---", f"title: '{title.replace(chr(39), chr(39) * 2)}'"]
    front += [planted.text] if planted.place == "front" else []
    return "\n".join([*front, "---", "", "\n\n".join(paragraphs), ""]).encode()


def _page(title: str, paragraphs: list[str], planted: Planted) -> bytes:
    head = planted.text if planted.place == "front" else ""
    body = [f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs]
    body += [planted.text] if planted.place == "end" else []
    lines = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>{head}',
        "</head><body><main>",
        *body,
        "</main></body></html>",
    ]
    return "\n".join([*lines, ""]).encode()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"


def _word(title: str, paragraphs: list[str], planted: Planted) -> bytes:
    runs = [_run(text) for text in paragraphs]
    if planted.place == "vanish":
        runs.append(f"{_run('Thank you.')}{_run(planted.text, '<w:rPr><w:vanish/></w:rPr>')}")
    body = "".join(f"<w:p>{run}</w:p>" for run in runs)
    description = html.escape(planted.text) if planted.place == "front" else ""
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
            f'<Override PartName="/word/comments.xml" ContentType="{_TYPE}.comments+xml"/>'
            f'<Override PartName="/docProps/core.xml" ContentType="{_CORE_TYPE}"/></Types>'
        ),
        "_rels/.rels": _relations(
            ("officeDocument", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/_rels/document.xml.rels": _relations(
            ("comments", f"{_OFFICE}/relationships/comments", "comments.xml")
        ),
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/comments.xml": f"<w:comments {_W}>{_comment(planted)}</w:comments>",
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{html.escape(title)}</dc:title>"
            f"<dc:description>{description}</dc:description></cp:coreProperties>"
        ),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            # A fixed date, and not compressed: the bytes depend on nothing but the content.
            entry = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}'
            archive.writestr(entry, xml)
    return buffer.getvalue()


def _run(text: str, properties: str = "") -> str:
    escaped = html.escape(text, quote=False)
    return f'<w:r>{properties}<w:t xml:space="preserve">{escaped}</w:t></w:r>'


def _comment(planted: Planted) -> str:
    if planted.place != "comment":
        return ""
    return f'<w:comment w:id="1" w:author="A"><w:p>{_run(planted.text)}</w:p></w:comment>'


def _relations(*relations: tuple[str, str, str]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


_PDF_LINE = 88


def _pdf(title: str, paragraphs: list[str], planted: Planted) -> bytes:
    subject = planted.text if planted.place == "front" else ""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        _stream(_pdf_text(paragraphs)),
        b"<</Title " + _pdf_string(title) + b"/Subject " + _pdf_string(subject) + b">>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size + rows
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info 6 0 R>>\n" % size
    return data + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(data)


def _pdf_text(paragraphs: list[str]) -> bytes:
    lines = [b"BT /F1 11 Tf 14 TL 60 720 Td"]
    for text in paragraphs:
        line = ""
        for word in text.split():
            if len(line) + len(word) > _PDF_LINE:
                lines.append(_pdf_string(line.strip()) + b" Tj T*")
                line = ""
            line += f" {word}"
        lines += [_pdf_string(line.strip()) + b" Tj T*", b"T*"]
    return b"\n".join([*lines, b"ET"])


def _pdf_string(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        raw = raw.replace(special, b"\\" + special)
    return b"(" + raw + b")"


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream"
