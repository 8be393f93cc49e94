"""Reads pdf files: text with its places (pdfium), form values, notes, properties; shows pages.

``pdf_page`` reads the letters of a page, ``page_lines`` finds its lines and tables, ``pdf_lines``
makes paragraphs of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from ctypes import byref, c_int
from unicodedata import normalize

import pypdfium2.raw as pdfium
from PIL.Image import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_PAGES, MAX_RECOGNISED_PAGES
from chatbot.documents.loaders import recognition
from chatbot.documents.loaders.page_lines import Box, Letter, PageLine, page_lines, reading_order
from chatbot.documents.loaders.pdf_forms import form_values, notes_of
from chatbot.documents.loaders.pdf_lines import without_edges, write_pages
from chatbot.documents.loaders.pdf_page import PageText, read_page
from chatbot.errors import FileTooLarge, ScannedFile, UnreadableFile

_LIGATURES = {code: normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
"""Shapes of a font, not letters of the text: nobody searches for "ﬁnance"."""
_FILE_NAME_TITLE = re.compile(
    r"\(?(?:untitled|anonymous|unspecified)\b|\.(?:docx?|pdf|tex|indd|rtf|dvi)\b|^microsoft", re.I
)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_FINE = 100_000
"""Steps across a page in which places are told."""


def read_pdf(data: bytes, *, name: str) -> Content:
    """Return the content of a pdf file."""
    return _PdfText(open_pdf(data, name), name).content()


def open_pdf(data: bytes, name: str) -> PdfDocument:
    """Return a pdf file, opened with its forms."""
    try:
        document = PdfDocument(data)
        len(document)
    except PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableFile(
                f"{name} is encrypted. Save it without a password and add it again."
            ) from error
        raise
    count = len(document)
    if count > MAX_PAGES:
        raise FileTooLarge(
            f"{name} has {count:,} pages, and the limit for one file is {MAX_PAGES:,}."
        )
    if document.get_formtype():
        document.init_forms()
    return document


def page_text(page: PdfPage, *, recognise: bool = True) -> PageText:
    """Return the text of a page with the values of its form.

    Where there is none, or it is garbled, what recognition reads if this process may recognise.
    """
    found = read_page(page)
    found.segments = form_values(page, [] if found.is_garbled else found.segments)
    if found.is_scan and not found.is_lost and recognise and recognition.is_on:
        found.recognised, found.pictures = True, 0
        read = recognition.recognised(drawn(page, recognition.DOTS_PER_INCH / 72))
        found.segments, found.unsure = read.lines, read.unsure
    return found


def drawn(page: PdfPage, scale: float) -> Image:
    """Return a page as a picture, so many pixels for each point."""
    picture: Image = page.render(scale=scale).to_pil()
    return picture


class _PdfText:
    """The lines of all pages and what went wrong with some."""

    def __init__(self, document: PdfDocument, name: str) -> None:
        self._document = document
        self._name = name
        self._builder = ContentBuilder(name)
        self._notes: list[str] = []
        self._pages: Counter[str] = Counter()
        """How many pages are damaged, empty, or have which property of ``PageText``."""

    def content(self) -> Content:
        builder = self._builder
        pages = [self._lines(number) for number in range(len(self._document))]
        builder.left_out["attached file"] = self._document.count_attachments()
        if self._pages["damaged"] == len(pages) > 0:
            raise UnreadableFile(f"{self._name} is damaged: none of its pages can be read.")
        if self._pages["empty"] == len(pages):
            raise self._no_text()
        kept = without_edges(pages)
        properties = self._document.get_metadata_dict()
        date = _DATE.match(properties.get("CreationDate", ""))
        facts = {
            "Author": properties.get("Author", ""),
            "Created": "-".join(date.groups()) if date else "",
        }
        builder.add_facts(facts, origin="file properties")
        starts = write_pages(kept, builder)
        for note in self._notes:
            builder.add(f"Comment: {note}")
        builder.scanned = self._pages["scan"] > 0
        builder.warnings += self._warnings(len(pages))
        there, written = (
            sum(bool(line.text) for lines in some for line in lines) for some in (pages, kept)
        )
        if written < there:
            builder.warnings.append("Page headers, footers and page numbers were left out.")
        return builder.build(title=_title(properties), pages=starts)

    def _lines(self, number: int) -> list[PageLine]:
        recognise = self._pages["recognised"] < MAX_RECOGNISED_PAGES
        try:
            page = self._document[number]
            found = page_text(page, recognise=recognise)
            self._notes += notes_of(page)
            page.close()
        except PdfiumError:
            self._pages.update(damaged=1, empty=1)
            return []
        builder = self._builder
        builder.left_out["picture"] += found.pictures
        builder.left_out[recognition.UNSURE] += found.unsure
        for segment in found.segments:
            segment.text = builder.cleaner.clean(segment.text.translate(_LIGATURES))
        lines = page_lines([one for one in found.segments if one.text.strip()], found.rules)
        self._pages.update(
            empty=not any(line.text or line.rows for line in lines),
            garbled=found.is_garbled and not found.recognised,
            recognised=found.recognised,
            scan=found.is_scan,
            lost=found.is_lost,
        )
        return lines

    def _no_text(self) -> UnreadableFile:
        pages = self._pages
        if pages["recognised"]:
            return UnreadableFile(f"{self._name} has no readable words in its pictures.")
        if pages["lost"]:
            return UnreadableFile(
                f"{self._name} cannot be read: its fonts are not in the file and do not say which "
                "characters they show. Save it as a PDF with embedded fonts."
            )
        if not pages["scan"]:
            return UnreadableFile(f"{self._name} has no text and no picture.")
        if pages["garbled"]:
            what = "has text whose fonts do not say which characters they show"
        else:
            what = "has no text layer and may be a scan"
        return ScannedFile(f"{self._name} {what}. {recognition.HOW_TO}")

    def _warnings(self, count: int) -> Iterator[str]:
        pages = self._pages
        if pages["damaged"]:
            yield f"{pages['damaged']} of {count} pages could not be read."
        if empty := pages["empty"] - pages["damaged"]:
            yield f"{empty} of {count} pages have no text."
        if pages["recognised"]:
            yield (
                f"The words of {pages['recognised']} of {count} pages were recognised in "
                "pictures; some may be wrong."
            )
        if pages["garbled"]:
            yield f"The text layer of {pages['garbled']} of {count} pages cannot be read."


def _title(properties: dict[str, str]) -> str:
    title = properties.get("Title", "").strip()
    sensible = 3 < len(title) <= 200 and not _FILE_NAME_TITLE.search(title)
    return title if sensible else ""


class PdfPages:
    """The pages of one pdf file."""

    def __init__(self, data: bytes, name: str) -> None:
        self._document = open_pdf(data, name)

    def sizes(self) -> list[tuple[float, float]]:
        """Return width and height of each page in points."""
        return [self._document.get_page_size(n) for n in range(len(self._document))]

    def picture(self, page: int, width: int) -> Image:
        """Return a page so many pixels wide, with its forms filled in."""
        opened = self._document[page]
        return drawn(opened, width / opened.get_width())

    def letters(self, page: int) -> list[Letter]:
        """Return the letters of a page in reading order, their boxes as parts of the page."""
        opened = self._document[page]
        text = page_text(opened)
        ordered = reading_order(text.segments, text.rules)
        letters = [letter for part in ordered for letter in part.letters]
        if text.recognised:
            return letters
        return [Letter(one.char, _part(opened, one.box)) for one in letters]


def _part(page: PdfPage, box: Box) -> Box:
    """Return a box on the page as it is shown: turned, cut, the y axis going down."""
    xs, ys = [], []
    x, y = c_int(), c_int()
    for left, bottom in (box[:2], box[2:]):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, left, bottom, byref(x), byref(y))
        xs.append(x.value / _FINE)
        ys.append(y.value / _FINE)
    return min(xs), min(ys), max(xs), max(ys)
