"""Pages as they look: every sentence is found on its page, whatever breaks it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from documents_helpers import (
    drawn_pdf,
    garden_sentences,
    make_pdf,
    parse,
    raw_pdf,
    texts,
    two_column_pdf,
)
from PIL import Image
from pypdfium2 import PdfDocument

from chatbot.documents import page_picture, page_sizes, sentence_boxes
from chatbot.errors import UnreadableFile
from chatbot.types import PageBox

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


def boxes_of(data: bytes, sentences: Sequence[tuple[int, str, int]]) -> list[list[PageBox]]:
    return sentence_boxes(data, kind="pdf", name="a.pdf", sentences=sentences)


def words_under(data: bytes, boxes: Sequence[PageBox]) -> list[str]:
    """Return what pdfium itself finds inside the boxes."""
    document = PdfDocument(data)
    found = []
    for box in boxes:
        page = document[box.page - 1]
        width, height = page.get_size()
        text = page.get_textpage().get_text_bounded(
            left=box.x * width,
            right=(box.x + box.width) * width,
            top=(1 - box.y) * height,
            bottom=(1 - box.y - box.height) * height,
        )
        found += text.split()
    return found


def test_all_sentences_of_two_columns_are_found_with_all_their_words_and_no_others() -> None:
    sentences = garden_sentences(160)
    data = two_column_pdf(sentences)
    parsed = parse(data, "a.pdf")
    assert texts(parsed) == sentences
    found = boxes_of(data, [(one.page or 0, one.text, 0) for one in parsed.sentences])
    for sentence, boxes in zip(sentences, found, strict=True):
        assert words_under(data, boxes) == sentence.split()
    over_columns = [b for b in found if abs(b[0].x - b[-1].x) > 0.3 and b[0].page == b[-1].page]
    over_pages = [b for b in found if b[0].page != b[-1].page]
    assert over_columns
    assert over_pages


def test_the_same_words_again_are_another_place() -> None:
    data = make_pdf([["Total 12.", "Then more.", "Total 12."]])
    first, second = boxes_of(data, [(1, "Total 12.", 0), (1, "Total 12.", 1)])
    assert first[0].y < second[0].y


def test_cells_figures_set_high_and_filled_forms_are_found() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Each flask held 10")
        canvas.setFont("Helvetica", 7)
        canvas.drawString(162, 705, "6")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(172, 700, "cells.")
        for column, values in ((60, ("Part", "Belt", "Hose")), (200, ("Shelf", "C-3", "B-8"))):
            for row, value in enumerate(values):
                canvas.drawString(column, 600 - 20 * row, value)
        canvas.acroForm.textfield(
            name="who", value="Ada Winter", x=160, y=496, width=120, height=16
        )
        canvas.drawString(60, 500, "Name of the tenant:")

    data = drawn_pdf(draw)
    parsed = parse(data, "a.pdf")
    wanted = [one for one in parsed.sentences if re.search("10⁶|Hose|Ada", one.text)]
    assert len(wanted) == 3
    found = boxes_of(data, [(1, one.text, 0) for one in wanted])
    assert [words_under(data, boxes) for boxes in found[:2]] == [
        ["Each", "flask", "held", "10", "6", "cells."],
        ["Hose", "B-8"],
    ]
    assert found[2][-1].x == pytest.approx(160 / 595.27, abs=0.02)


def test_a_turned_page_is_told_as_it_is_shown() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf([["Up here it says nine."]]))))
    writer.pages[0].rotate(90)
    stream = io.BytesIO()
    writer.write(stream)
    data = stream.getvalue()
    (size,) = page_sizes(data, kind="pdf", name="a.pdf")
    assert size.width > size.height
    ((box,),) = boxes_of(data, [(1, "Up here it says nine.", 0)])
    assert box.x > 0.9
    assert box.height > box.width


def test_what_is_not_on_the_page_has_no_boxes() -> None:
    data = make_pdf([["The mill stands by the river."]])
    assert boxes_of(data, [(1, "Xyq jjk wwp.", 0), (7, "The mill", 0)]) == [[], []]


def test_a_picture_has_the_width_that_is_asked_for_and_a_huge_page_a_bound() -> None:
    data = make_pdf([["Hello."]])
    picture = Image.open(io.BytesIO(page_picture(data, kind="pdf", name="a", page=1, width=512)))
    assert (picture.format, picture.width) == ("WEBP", 512)
    darkest, _ = picture.convert("L").getextrema()
    assert isinstance(darkest, int | float)
    assert darkest < 100  # there is ink on it
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    tall = raw_pdf(b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET", font)
    tall = tall.replace(b"[0 0 600 800]", b"[0 0 9 14000]")
    picture = Image.open(io.BytesIO(page_picture(tall, kind="pdf", name="a", page=1, width=2048)))
    assert picture.width * picture.height <= 6_100_000


def test_a_broken_file_says_so() -> None:
    with pytest.raises(UnreadableFile, match="a is damaged"):
        page_sizes(b"%PDF-1.4 nothing", kind="pdf", name="a")
