"""Makes the files that the tests of documents read, good and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from chatbot.documents import load_bytes
from chatbot.types import ParsedDocument

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def count_words(texts: Sequence[str]) -> list[int]:
    """Stand for the embedder's tokenizer: a word is a token."""
    return [len(text.split()) for text in texts]


def parse(data: bytes | str, name: str) -> ParsedDocument:
    """Load bytes (or UTF-8 text) as the file ``name``."""
    raw = data.encode() if isinstance(data, str) else data
    return load_bytes(raw, name=name, count_tokens=count_words)


def texts(document: ParsedDocument) -> list[str]:
    """Return the sentences' texts, each held against the document."""
    for sentence in document.sentences:
        assert document.document.text[sentence.start : sentence.end] == sentence.text
    return [sentence.text for sentence in document.sentences]


def make_pdf(pages: Iterable[Sequence[str]], *, title: str = "", encrypt: object = None) -> bytes:
    """Set each page's lines one under the other."""
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=encrypt)
    canvas.setTitle(title)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(50, 800 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def drawn_pdf(draw: Callable[[Canvas], object], author: str = "") -> bytes:
    """Make a page by drawing on it."""
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setFont("Helvetica", 12)
    canvas.setAuthor(author)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def raw_pdf(
    content: bytes, font: bytes, *, filters: bytes = b"", others: Sequence[bytes] = ()
) -> bytes:
    """Make a page of this content stream, set in this font (object 5); others follow as 6, 7."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), filters, content),
        font,
        *others,
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%b endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(data))
    )


def blank_pdf(pages: int, *, password: str = "") -> bytes:
    """Make a pdf of empty pages."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def make_docx(body: str) -> bytes:
    """Make a Word file whose body is this XML."""
    xml = f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
    return docx_with({"word/document.xml": xml.encode()})


def docx_beside(body: str, kind: str, part: str) -> bytes:
    """Make a Word file with one more part ("footnotes", "header") of this XML."""
    xml = f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{kind}.xml"/></Relationships>'
    )
    parts = {"document.xml": xml, f"{kind}.xml": part, "_rels/document.xml.rels": relations}
    return docx_with({f"word/{name}": text.encode() for name, text in parts.items()})


def docx_with(parts: dict[str, bytes]) -> bytes:
    """Make a Word file in which these parts are replaced or added."""
    import docx

    template, stream = io.BytesIO(), io.BytesIO()
    docx.Document().save(template)
    with (
        zipfile.ZipFile(template) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, parts.pop(name) if name in parts else source.read(name))
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


FAMILIES = ("Aldous", "Birchall", "Corrigan", "Dunmore", "Everett", "Fairclough", "Gresham")


def garden_sentences(count: int) -> list[str]:
    """Return sentences that all differ, of such lengths that many break over lines."""
    return [
        f"Plot {number} of the garden was dug by the {FAMILIES[number % 7]} family in "
        f"{1900 + number}, who grew {'beans' if number % 2 else 'pumpkins'} on "
        f"{number * 7 % 90 + 10} square metres of it."
        for number in range(1, count + 1)
    ]


def two_column_pdf(sentences: Sequence[str]) -> bytes:
    """Set sentences in two columns as one text, with a head and a foot on each page."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    def edges(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 800, "The book of the garden")
        canvas.drawCentredString(297, 30, f"page {canvas.getPageNumber()}")

    stream = io.BytesIO()
    template = BaseDocTemplate(stream, pagesize=(595, 842))
    frames = [Frame(50, 50, 240, 730, id="left"), Frame(305, 50, 240, 730, id="right")]
    template.addPageTemplates([PageTemplate(frames=frames, onPage=edges)])
    style = ParagraphStyle("text", fontName="Helvetica", fontSize=10, leading=13)
    template.build([Paragraph(" ".join(sentences), style)])
    return stream.getvalue()
