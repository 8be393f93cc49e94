"""Reads pdf files with their text layer, and remembers on which page each sentence begins.

pypdf gives the lines of a page as they were set; ``pdf_lines`` makes paragraphs of them.
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zlib import error as ZlibError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_PAGES, MAX_TEXT_CHARS
from chatbot.documents.loaders.pdf_lines import without_edges, write_pages
from chatbot.errors import FileTooLarge, UnreadableFile

if TYPE_CHECKING:
    from pypdf import PdfReader

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
"""Shapes of a font, not letters of the text: nobody searches for "ﬁnance"."""
_FILE_NAME_TITLE = re.compile(r"untitled|\.(?:docx?|pdf|tex|indd|rtf|dvi)\b|^microsoft", re.I)


def read_pdf(data: bytes, *, name: str) -> Content:
    """Return the content of a pdf file.

    Raises:
        UnreadableFile: if it is encrypted, damaged, or has no text layer.
        FileTooLarge: if it has more than ``MAX_PAGES`` pages or far too much text.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    broken = (
        *(PyPdfError, ZlibError, RecursionError, OSError, ArithmeticError, AssertionError),
        *(AttributeError, LookupError, TypeError, ValueError, NotImplementedError),
    )
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(f"{name} is encrypted; save it without a password first.")
        count = len(reader.pages)
    except DependencyError as error:
        raise UnreadableFile(f"{name} is encrypted; save it without a password first.") from error
    except broken as error:
        raise UnreadableFile(f"{name} is damaged: it cannot be read as a PDF.") from error
    if count > MAX_PAGES:
        raise FileTooLarge(
            f"{name} has {count:,} pages; the most one file may have is {MAX_PAGES:,}."
        )
    pages = _Pages(name=name, broken=broken)
    pages.read(reader, count)
    try:
        title = str((reader.metadata and reader.metadata.title) or "")
    except broken:
        title = ""
    return pages.content(title)


@dataclass(slots=True, kw_only=True)
class _Pages:
    """The lines of all pages and what went wrong with some."""

    name: str
    broken: tuple[type[Exception], ...]
    builder: ContentBuilder = field(default_factory=ContentBuilder)
    lines: list[list[str]] = field(default_factory=list)
    """For each page its lines, "" for a blank one."""
    failed: int = 0

    def read(self, reader: PdfReader, count: int) -> None:
        length = 0
        for number in range(count):
            try:
                text = reader.pages[number].extract_text()
            except self.broken:
                self.failed += 1
                text = ""
            text = self.builder.cleaner.clean(text.translate(_LIGATURES))
            length += len(text)
            if length > 2 * MAX_TEXT_CHARS:  # the exact limit is checked on the finished text
                raise FileTooLarge(f"{self.name} has far more text than one file may have.")
            # Without blank lines at its edges, so that a paragraph may go on over the border.
            self.lines.append([" ".join(line.split()) for line in text.strip().split("\n")])

    def content(self, title: str) -> Content:
        count = len(self.lines)
        empty = sum(not any(lines) for lines in self.lines)
        if self.failed == count and count:
            raise UnreadableFile(f"{self.name} is damaged: none of its pages can be read.")
        if empty == count:
            raise UnreadableFile(
                f"{self.name} has no text layer (a scan?); run text recognition on it first."
            )
        warnings = []
        if self.failed:
            warnings.append(f"{self.failed} of {count} pages could not be read.")
        if empty > self.failed:
            warnings.append(f"{empty - self.failed} of {count} pages have no text.")
        lines = without_edges(self.lines)
        if sum(map(len, lines)) < sum(map(len, self.lines)):
            warnings.append("Page headers, footers and page numbers were left out.")
        starts = write_pages(lines, self.builder)
        sensible = 3 < len(title) <= 200 and not _FILE_NAME_TITLE.search(title)
        return self.builder.build(title=title if sensible else "", pages=starts, warnings=warnings)
