"""The pages of a pdf file as they look, drawn by pdfium, and where their letters stand."""

from __future__ import annotations

from ctypes import byref, c_int
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from chatbot.documents.loaders.page_lines import Letter, reading_order
from chatbot.documents.loaders.pdf import drawn, open_pdf, page_text

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage

_FINE = 100_000
"""Steps across a page in which places are told."""


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


def _part(
    page: PdfPage, box: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Return a box on the page as it is shown: turned, cut, the y axis going down."""
    xs, ys = [], []
    x, y = c_int(), c_int()
    for left, bottom in (box[:2], box[2:]):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, left, bottom, byref(x), byref(y))
        xs.append(x.value / _FINE)
        ys.append(y.value / _FINE)
    return min(xs), min(ys), max(xs), max(ys)
