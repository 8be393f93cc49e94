"""Reads pdf files with their text layer, and remembers on which page each sentence begins.

pypdf gives the lines of a page as they were set. Lines that come back on most pages (headers,
footers, page numbers) are left out, so that sentences run over page borders; words cut at a line's
end are joined; lines become paragraphs by the rules for wrapped text (``layout``).
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zlib import error as ZlibError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.layout import Line, group_lines
from chatbot.documents.limits import MAX_PAGES, MAX_TEXT_CHARS
from chatbot.errors import FileTooLarge, UnreadableFile

if TYPE_CHECKING:
    from pypdf import PdfReader

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
"""Shapes of a font, not letters of the text: nobody searches for "ﬁnance"."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*\d{1,4}[-–—\s]*(?:(?:of|/)\s*\d{1,4})?", re.I)
_CUT_WORD = re.compile(r"([^\W\d_]+)[-\u2010]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FILE_NAME_TITLE = re.compile(r"untitled|\.(?:docx?|pdf|tex|indd|rtf|dvi)\b|^microsoft", re.I)
_WIDE = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")

_LONGEST_WORD = 60
_LONG_LINE = 20
"""Characters: the lines of a page are wrapped as a rule, so shorter ones too may go on."""
_EDGE_LINES = 2
"""Lines at the top and at the bottom of a page that may be a header or a footer."""


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
        title = str((reader.metadata and reader.metadata.title) or "")
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
        lines = _without_edges(self.lines)
        if sum(map(len, lines)) < sum(map(len, self.lines)):
            warnings.append("Page headers, footers and page numbers were left out.")
        starts = _write(lines, self.builder)
        sensible = 3 < len(title) <= 200 and not _FILE_NAME_TITLE.search(title)
        return self.builder.build(title=title if sensible else "", pages=starts, warnings=warnings)


def _without_edges(pages: Sequence[list[str]]) -> list[list[str]]:
    """Leave out headers, footers and page numbers: what stands at the edge of most pages."""
    edges: Counter[str] = Counter()
    for lines in pages:
        edges.update({_edge_key(lines[n]) for n in _edge_positions(lines)})
    often = max(3, len(pages) // 2)
    kept = []
    for page, lines in enumerate(pages, 1):
        left_out = {
            n
            for n in _edge_positions(lines)
            if edges[_edge_key(lines[n])] >= often or _is_page_number(lines[n], page)
        }
        kept.append([line for n, line in enumerate(lines) if n not in left_out])
    return kept


def _edge_positions(lines: Sequence[str]) -> list[int]:
    """Return where a header or footer may stand; a page of few lines has no more than one each."""
    filled = [n for n, line in enumerate(lines) if line]
    if len(filled) < 3:
        return []
    size = _EDGE_LINES if len(filled) > 3 * _EDGE_LINES else 1
    return filled[:size] + filled[-size:]


def _edge_key(line: str) -> str:
    return _DIGITS.sub("#", line)


def _is_page_number(line: str, page: int) -> bool:
    return _PAGE_NUMBER.fullmatch(line) is not None and str(page) in _DIGITS.findall(line)


def _write(pages: Sequence[list[str]], builder: ContentBuilder) -> list[int]:
    """Write paragraphs and return the offset at which each page begins."""
    starts: list[int | None] = [None] * len(pages)
    known = Counter(word for texts in pages for text in texts for word in _WORDS.findall(text))
    lines: list[Line | None] = [
        Line(start=0, end=len(text), text=text, page=page) if text else None
        for page, texts in enumerate(pages)
        for text in texts
    ]
    for group in group_lines(lines, long_line=_LONG_LINE):
        text, offsets = _join(group, known)
        start = builder.add(text)
        for line, offset in zip(group, offsets, strict=True):
            if start is not None and starts[line.page] is None:
                starts[line.page] = start + offset
    return _filled(starts, builder.length)


def _filled(starts: Iterable[int | None], end: int) -> list[int]:
    """Give a page without text the start of the next one."""
    filled: list[int] = []
    for start in reversed(list(starts)):
        filled.append(start if start is not None else (filled[-1] if filled else end))
    return filled[::-1]


def _join(group: Sequence[Line], known: Counter[str]) -> tuple[str, list[int]]:
    """Join the lines of a paragraph; return its text and the offset of each line in it."""
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for line in group:
        if parts:
            before = parts[-1]
            cut = _CUT_WORD.search(before[-_LONGEST_WORD:])
            rest = _FIRST_WORD.match(line.text)
            if cut and rest and rest[0][0].islower():
                if not _keeps_hyphen(cut[1], rest[0], known):
                    parts[-1] = before[:-1]
                    length -= 1
            elif not (_WIDE.match(before[-1]) and _WIDE.match(line.text[0])):
                parts.append(" ")
                length += 1
        offsets.append(length)
        parts.append(line.text)
        length += len(line.text)
    return "".join(parts), offsets


def _keeps_hyphen(left: str, right: str, known: Counter[str]) -> bool:
    """Keep "well-known" if the file writes it so elsewhere and never "wellknown"."""
    return known[f"{left}-{right}"] > 0 and known[left + right] == 0
