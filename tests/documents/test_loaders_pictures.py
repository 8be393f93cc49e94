"""Words in pictures and on scanned pages, with and without recognition."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
from documents_helpers import make_pdf, parse, texts
from PIL import Image, ImageDraw, ImageFont

from chatbot.documents import isolation, page_picture, page_sizes, sentence_boxes
from chatbot.documents.loaders import recognition
from chatbot.documents.loaders.page_lines import Segment
from chatbot.documents.loaders.pdf import read_pdf
from chatbot.documents.loaders.picture import read_picture
from chatbot.errors import FileTooLarge, ScannedFile, UnreadableFile

LINES = ("The mill was sold in 1931 for 4,200 pounds.", "Its wheel stands in the museum.")


def picture(form: str, *lines: str) -> bytes:
    """Draw lines of text; ``form`` is PNG, JPEG, TIFF or PDF."""
    image = Image.new("RGB", (760, 40 + 60 * len(lines)), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((30, 30 + 60 * number), line, fill="black", font=ImageFont.load_default(size=30))
    stream = io.BytesIO()
    image.save(stream, form, resolution=110)
    return stream.getvalue()


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra were not there."""
    monkeypatch.setattr(isolation, "is_installed", lambda: False)


@pytest.mark.usefixtures("not_installed")
def test_without_the_extra_the_refusal_names_it() -> None:
    for name, form in (("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.tiff", "TIFF"), ("a.pdf", "PDF")):
        with pytest.raises(ScannedFile, match=r"pictures, run `pip install 'chatbot\[ocr\]'`"):
            parse(picture(form, "Hello."), name)


@pytest.mark.usefixtures("not_installed")
def test_without_the_extra_what_is_left_out_of_an_archive_is_named() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("scan.png", picture("PNG", "Hello."))
        archive.writestr("note.txt", "The pond is deep.")
    parsed = parse(stream.getvalue(), "a.zip")
    assert texts(parsed) == ["note.txt", "The pond is deep."]
    (warning,) = parsed.document.warnings
    assert warning.startswith("scan.png was left out: scan.png is a picture. To read words in")


@pytest.mark.slow
def test_the_words_of_a_picture_are_read_said_to_be_unsure_and_found_on_it() -> None:
    data = picture("PNG", *LINES)
    parsed = parse(data, "a.png")
    assert texts(parsed) == list(LINES)
    assert parsed.document.warnings == (
        "Its words were recognised in a picture; some may be wrong.",
    )
    assert parsed.original == data
    asked = [(1, LINES[1], 0)]
    ((box,),) = sentence_boxes(data, kind="image", name="a.png", sentences=asked)
    assert box.y > 0.4
    assert box.x < 0.1
    (size,) = page_sizes(data, kind="image", name="a.png")
    assert (size.width, size.height) == (760, 160)
    shown = Image.open(io.BytesIO(page_picture(data, kind="image", name="a", page=1, width=256)))
    assert shown.size == (256, 54)


@pytest.mark.slow
def test_scanned_pages_of_a_pdf_are_read_beside_the_others() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for data in (make_pdf([["This page has letters."]]), picture("PDF", *LINES)):
        writer.append(PdfReader(io.BytesIO(data)))
    stream = io.BytesIO()
    writer.write(stream)
    parsed = parse(stream.getvalue(), "a.pdf")
    assert [(one.page, one.text) for one in parsed.sentences] == [
        (1, "This page has letters."),
        (2, LINES[0]),
        (2, LINES[1]),
    ]
    assert parsed.document.warnings == (
        "The words of 1 of 2 pages were recognised in pictures; some may be wrong.",
    )
    ((box,),) = sentence_boxes(
        stream.getvalue(), kind="pdf", name="a.pdf", sentences=[(2, LINES[0], 0)]
    )
    assert box.page == 2
    assert box.y < 0.5


def test_a_picture_that_is_huge_or_broken_is_refused_in_a_sentence() -> None:
    stream = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(stream, "PNG")
    data = stream.getvalue()
    with pytest.raises(FileTooLarge, match=r"more than 60,000,000 pixels"):
        page_sizes(data, kind="image", name="a.png")
    with pytest.raises(UnreadableFile, match=r"a\.png is damaged"):
        page_sizes(picture("PNG", "Hello.")[:300], kind="image", name="a.png")


def test_recognised_lines_are_put_in_the_order_of_their_columns() -> None:
    def line(text: str, x: float, y: float) -> Segment:
        return Segment(text=text, x0=x, x1=x + 200, y=y, height=10)

    words = [f"a line of a column, number {n}" for n in range(6)]
    head = Segment(text="The head of both columns", x0=0, x1=460, y=100, height=10)
    rows = [line(words[3 * side + n], 260 * side, 60 - 14 * n) for n in range(3) for side in (0, 1)]
    found = [one.text for one in recognition._in_columns([head, *rows])]
    assert found == [head.text, *words]
    cells = [line(f"cell {n}", 260 * (n % 2), 60 - 14 * (n // 2)) for n in range(6)]
    assert [one.text for one in recognition._in_columns(cells)] == [one.text for one in cells]


def test_lines_that_are_not_read_surely_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = [np.array([[9, y], [300, y], [300, y + 30], [9, y + 30]]) for y in (20, 80, 140)]
    read = SimpleNamespace(
        boxes=boxes, txts=("The pump is new.", "xlw", " "), scores=(0.9, 0.4, 0.2)
    )
    monkeypatch.setattr(recognition, "is_on", True)
    monkeypatch.setattr(recognition, "_engine", lambda: lambda picture: read)
    content = read_picture(picture("PNG", *LINES), name="a.png")
    assert content.text.strip() == "The pump is new."
    assert "1 uncertain line was left out." in content.warnings
    scan = read_pdf(picture("PDF", *LINES), name="a.pdf")
    assert "1 uncertain line was left out." in scan.warnings
