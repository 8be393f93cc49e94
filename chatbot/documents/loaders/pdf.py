"""Reads pdf files: text with its places (pdfium), form values, notes, properties; shows pages.

``pdf_page`` reads the letters of a page, ``page_lines`` finds its lines and tables, ``pdf_lines``
makes paragraphs of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import byref, c_int
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium
from PIL.Image import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_PAGES, MAX_RECOGNISED_PAGES, MAX_TEXT_CHARS
from chatbot.documents.loaders import recognition
from chatbot.documents.loaders.page_lines import Box, Letter, PageLine, page_lines, reading_order
from chatbot.documents.loaders.pdf_forms import form_values, notes_of
from chatbot.documents.loaders.pdf_lines import without_edges, write_pages
from chatbot.documents.loaders.pdf_page import PageText, read_page
from chatbot.errors import FileTooLarge, ScannedFile, UnreadableFile

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
"""Shapes of a font, not letters of the text: nobody searches for "ﬁnance"."""
_FILE_NAME_TITLE = re.compile(
    r"\(?(?:untitled|anonymous|unspecified)\b|\.(?:docx?|pdf|tex|indd|rtf|dvi)\b|^microsoft", re.I
)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_FINE = 100_000
"""Steps across a page in which places are told."""


def read_pdf(data: bytes, *, name: str) -> Content:
    """Return the content of a pdf file."""
    document = open_pdf(data, name)
    pages = _PdfText(name=name)
    pages.read(document)
    pages.builder.left_out["attached file"] = document.count_attachments()
    return pages.content(document.get_metadata_dict())


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
        raise UnreadableFile(f"{name} is damaged: it cannot be read as a PDF.") from error
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


@dataclass(slots=True, kw_only=True)
class _PdfText:
    """The lines of all pages and what went wrong with some."""

    name: str
    builder: ContentBuilder = field(default_factory=ContentBuilder)
    pages: list[list[PageLine]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: int = 0
    garbled: int = 0
    recognised: int = 0
    scans: int = 0
    lost: int = 0
    length: int = 0

    def read(self, document: PdfDocument) -> None:
        for number in range(len(document)):
            try:
                lines = self._lines(document[number])
            except PdfiumError:
                self.failed += 1
                lines = []
            self.length += sum(len(line.text) for line in lines)
            if self.length > 2 * MAX_TEXT_CHARS:  # the exact limit is checked on the finished text
                raise FileTooLarge(
                    f"{self.name} has more than {2 * MAX_TEXT_CHARS:,} characters of text."
                )
            self.pages.append(lines)

    def _lines(self, page: PdfPage) -> list[PageLine]:
        found = page_text(page, recognise=self.recognised < MAX_RECOGNISED_PAGES)
        self.garbled += found.is_garbled and not found.recognised
        self.recognised += found.recognised
        self.scans += found.is_scan
        self.lost += found.is_lost
        self.builder.left_out["picture"] += found.pictures
        self.builder.left_out[recognition.UNSURE] += found.unsure
        self.notes += notes_of(page)
        for segment in found.segments:
            segment.text = self.builder.cleaner.clean(segment.text.translate(_LIGATURES))
        page.close()
        kept = [segment for segment in found.segments if segment.text.strip()]
        return page_lines(kept, found.rules)

    def content(self, properties: dict[str, str]) -> Content:
        count = len(self.pages)
        empty = sum(not any(line.text or line.rows for line in lines) for lines in self.pages)
        if self.failed == count and count:
            raise UnreadableFile(f"{self.name} is damaged: none of its pages can be read.")
        if empty == count:
            raise self._no_text()
        lines = without_edges(self.pages)
        title = _title(properties)
        author = properties.get("Author", "")
        facts = {"Author": author}
        if (date := _DATE.match(properties.get("CreationDate", ""))) and _names(author):
            facts["Created"] = "-".join(date.groups())
        self.builder.add_facts(facts, origin="file properties")
        starts = write_pages(lines, self.builder)
        for note in self.notes:
            self.builder.add(f"Comment: {note}")
        self.builder.scanned = self.scans > 0
        warnings = list(self._warnings(count, empty, lines))
        return self.builder.build(title=title, pages=starts, warnings=warnings)

    def _no_text(self) -> UnreadableFile:
        if self.recognised:
            return UnreadableFile(f"{self.name} has no readable words in its pictures.")
        if self.lost:
            return UnreadableFile(
                f"{self.name} cannot be read: its fonts are not in the file and do not say which "
                "characters they show. Save it as a PDF with embedded fonts."
            )
        if not self.scans:
            return UnreadableFile(f"{self.name} has no text and no picture.")
        if self.garbled:
            what = "has text whose fonts do not say which characters they show"
        else:
            what = "has no text layer and may be a scan"
        return ScannedFile(f"{self.name} {what}. {recognition.HOW_TO}")

    def _warnings(self, count: int, empty: int, kept: list[list[PageLine]]) -> Iterator[str]:
        if self.failed:
            yield f"{self.failed} of {count} pages could not be read."
        if empty > self.failed:
            yield f"{empty - self.failed} of {count} pages have no text."
        if self.recognised:
            yield (
                f"The words of {self.recognised} of {count} pages were recognised in pictures; "
                "some may be wrong."
            )
        if self.garbled:
            yield f"The text layer of {self.garbled} of {count} pages cannot be read."
        written, there = (
            sum(bool(line.text) for lines in pages for line in lines)
            for pages in (kept, self.pages)
        )
        if written < there:
            yield "Page headers, footers and page numbers were left out."


def _title(properties: dict[str, str]) -> str:
    title = properties.get("Title", "").strip()
    sensible = 3 < len(title) <= 200 and not _FILE_NAME_TITLE.search(title)
    return title if sensible else ""


def _names(author: str) -> bool:
    return bool(author.strip()) and "anonymous" not in author.lower()


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
