"""pdf: text with page numbers, and every way in which a pdf can be unreadable."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
import reportlab
from documents_helpers import blank_pdf, drawn_pdf, make_pdf, parse, raw_pdf, texts
from pypdfium2 import PdfDocument
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from chatbot.documents import isolation
from chatbot.errors import FileTooLarge, UnreadableFile


def test_sentences_know_their_page_and_run_over_page_borders() -> None:
    data = make_pdf(
        [
            ["The ministers of Japan and three other countries", "agreed on Thursday to meet"],
            ["again next year in Tokyo. They", "will talk about trucks."],
            ["A third page says this."],
        ],
        title="Minutes of the meeting",
    )
    parsed = parse(data, "x.pdf")
    assert texts(parsed) == [
        "The ministers of Japan and three other countries agreed on Thursday to meet again next "
        "year in Tokyo.",
        "They will talk about trucks.",
        "A third page says this.",
    ]
    assert [s.page for s in parsed.sentences] == [1, 2, 3]
    assert parsed.document.title == "Minutes of the meeting"


def test_words_cut_at_the_end_of_a_line_are_joined_and_compounds_keep_their_hyphen() -> None:
    lines = [
        "The well-known minister spoke about the defense pro-",
        "duction and innovation of the alliance, and the well-",
        "known plan was accepted by all the members that were",
        "there on that day in the capital of the country.",
    ]
    (sentence,) = texts(parse(make_pdf([lines]), "x.pdf"))
    assert "defense production and innovation" in sentence
    assert "the well-known plan" in sentence


def test_headers_footers_and_page_numbers_are_left_out_and_that_is_said() -> None:
    pages = [
        [
            f"Annual report 20{page}",
            "The text of this page begins here and is long enough to be",
            f"a paragraph that has a number, {word}, and goes on until the",
            "end of the line, where it stops as all texts do at some point.",
            f"Page {page} of 4",
        ]
        for page, word in enumerate(["one", "two", "three", "four"], 1)
    ]
    parsed = parse(make_pdf(pages), "x.pdf")
    assert "Annual" not in parsed.document.text
    assert "Page" not in parsed.document.text
    assert [s.page for s in parsed.sentences] == [1, 2, 3, 4]
    assert parsed.document.warnings == ("Page headers, footers and page numbers were left out.",)


def test_a_page_number_far_from_the_chapter_beside_it_is_part_of_the_header() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in range(1, 10):
        canvas.drawString(50, 810, f"Chapter {(page + 2) // 3}: Knots")
        canvas.drawString(520, 810, str(page + 40))
        for line, knot in enumerate(["reef", "clove", "square", "cow", "bow", "slip"]):
            words = f"The {knot} is tied {'over' * page} here."
            canvas.drawString(50, 770 - 14 * line, words)
        canvas.showPage()
    canvas.save()
    parsed = parse(stream.getvalue(), "x.pdf")
    assert "Chapter" not in parsed.document.text
    assert len(parsed.sentences) == 54


def test_pages_that_all_say_the_same_keep_their_text() -> None:
    assert texts(parse(make_pdf([["Hello there."]] * 5), "x.pdf")) == ["Hello there."] * 5


def test_a_title_that_is_a_file_name_is_not_used() -> None:
    data = make_pdf([["Hello there."]], title="Microsoft Word - draft.docx")
    assert parse(data, "letter.pdf").document.title == "letter"


def test_an_empty_page_is_said_and_pages_are_counted_on() -> None:
    parsed = parse(make_pdf([["First page."], [], ["Third page."]]), "x.pdf")
    assert [s.page for s in parsed.sentences] == [1, 3]
    assert parsed.document.warnings == ("1 of 3 pages have no text.",)


def test_a_file_of_empty_pages_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="has no text and no picture"):
        parse(blank_pdf(3), "x.pdf")


def test_a_pdf_that_asks_for_a_password_is_refused() -> None:
    for data in (
        blank_pdf(1, password="secret"),
        make_pdf([["Hello."]], encrypt=StandardEncryption("user", ownerPassword="owner")),
    ):
        with pytest.raises(UnreadableFile, match=r"x\.pdf is encrypted\. Save it without"):
            parse(data, "x.pdf")


def test_a_pdf_that_anyone_may_open_is_read_although_it_is_encrypted() -> None:
    data = make_pdf([["Hello there."]], encrypt=StandardEncryption("", ownerPassword="owner"))
    assert texts(parse(data, "x.pdf")) == ["Hello there."]


def test_two_thousand_and_one_pages_are_too_many() -> None:
    with pytest.raises(FileTooLarge, match="has 2,001 pages, and the limit for one file is 2,000"):
        parse(blank_pdf(2001), "x.pdf")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_pdf_that_was_cut_off_is_damaged_or_still_read(part: float) -> None:
    data = make_pdf([["Hello there, this is a page."]])
    with pytest.raises(UnreadableFile, match=r"is damaged|has no text layer"):
        parse(data[: int(len(data) * part)], "x.pdf")


def test_a_pdf_of_nothing_but_a_signature_is_damaged() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.pdf is damaged"):
        parse(b"%PDF-1.7\n" + b"garbage " * 200, "x.pdf")


def flate_bomb(operations: int) -> bytes:
    """Make a page whose content is compressed twice."""
    stream = zlib.compress(zlib.compress(b"BT /F1 12 Tf (a) Tj ET " * operations))
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return raw_pdf(stream, font, filters=b"/Filter[/FlateDecode/FlateDecode]")


@pytest.mark.slow
def test_a_page_that_unpacks_without_end_is_given_up() -> None:
    with pytest.raises((UnreadableFile, FileTooLarge), match=r"x\.pdf"):
        parse(flate_bomb(8_000_000), "x.pdf")


def test_a_page_that_places_each_word_by_itself_has_whole_sentences() -> None:
    def draw(canvas: Canvas) -> None:
        for row, line in enumerate(["The weir was built in", "1931 by the county.", "It leaks."]):
            x = 60.0
            for word in line.split():
                canvas.drawString(x, 700 - 15 * row, word)
                x += canvas.stringWidth(f"{word} ", "Helvetica", 12)

    assert texts(parse(drawn_pdf(draw), "x.pdf")) == [
        "The weir was built in 1931 by the county.",
        "It leaks.",
    ]


def test_a_table_that_is_drawn_column_by_column_has_rows_that_know_their_header() -> None:
    columns = [
        ["Boat", "Aurora", "Boreas", "Ceres"],
        ["Length", "41 m", "38 m", "52 m"],
        ["Built", "1987", "1992", "2004"],
    ]

    def draw(canvas: Canvas) -> None:
        for column, cells in enumerate(columns):
            for row, cell in enumerate(cells):
                canvas.drawString(60 + 150 * column, 700 - 18 * row, cell)

    parsed = parse(drawn_pdf(draw), "x.pdf")
    assert texts(parsed) == [
        "Boat | Length | Built",
        "Aurora | 41 m | 1987",
        "Boreas | 38 m | 1992",
        "Ceres | 52 m | 2004",
    ]
    assert {sentence.header for sentence in parsed.sentences} == {"Boat | Length | Built"}


def test_large_and_bold_lines_are_headings() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 20)
        canvas.drawString(60, 760, "Care of the boats")
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(60, 720, "Fender")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(60, 706, "A cushion that hangs between the ship and the quay.")

    parsed = parse(drawn_pdf(draw), "x.pdf")
    assert [(s.heading, s.text) for s in parsed.sentences] == [
        ("Care of the boats", "Care of the boats"),
        ("Fender", "Fender"),
        ("Fender", "A cushion that hangs between the ship and the quay."),
    ]


def test_raised_and_lowered_figures_stay_apart_from_the_figures_beside_them() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        for words, size, rise in (
            ("The flask held 10", 12, 0),
            ("6", 7, 5),
            (" cells in H", 12, 0),
            ("2", 7, -3),
            ("O in all.", 12, 0),
        ):
            text.setFont("Helvetica", size)
            text.setRise(rise)
            text.textOut(words)
        canvas.drawText(text)

    assert texts(parse(drawn_pdf(draw), "x.pdf")) == ["The flask held 10⁶ cells in H₂O in all."]


def test_the_values_of_a_form_stand_behind_their_labels() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Name of the tenant:")
        canvas.acroForm.textfield(name="tenant", value="Ida Moreau", x=200, y=694, height=18)
        canvas.drawString(60, 660, "Has a dog")
        canvas.acroForm.checkbox(name="dog", checked=True, x=200, y=656, size=14)

    assert texts(parse(drawn_pdf(draw), "x.pdf")) == [
        "Name of the tenant: Ida Moreau",
        "Has a dog [x]",
    ]


def test_properties_of_the_file_can_be_cited_and_nobody_is_no_author() -> None:
    named = parse(
        drawn_pdf(lambda canvas: canvas.drawString(60, 700, "Hello."), "Ana Reis"), "x.pdf"
    )
    assert texts(named)[0] == "Author (file properties): Ana Reis"
    assert texts(parse(make_pdf([["Hello."]]), "x.pdf")) == ["Hello."]


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (
            b"/FontFile2 8 0 R",
            "which characters they show. To read words in pictures, run `pip",
        ),
        (b"", "not in the file and do not say which characters they show. Save it"),
    ],
)
def test_a_font_that_does_not_say_its_letters_is_refused(
    monkeypatch: pytest.MonkeyPatch, held: bytes, message: str
) -> None:
    monkeypatch.setattr(isolation, "is_installed", lambda: False)  # recognition
    shown = b"BT /F1 12 Tf 60 700 Td <00240025002600270028002900300031> Tj ET"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/Odd/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    inner = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Odd/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    )
    descriptor = (
        b"<</Type/FontDescriptor/FontName/Odd/Flags 4/FontBBox[0 0 9 9]/ItalicAngle 0"
        b"/Ascent 700/Descent -200/CapHeight 700/StemV 80%b>>" % held
    )
    font_file = Path(reportlab.__file__).with_name("fonts") / "Vera.ttf"
    shapes = b"<</Length %d>>stream\n%b\nendstream" % (
        font_file.stat().st_size,
        font_file.read_bytes(),
    )
    with pytest.raises(UnreadableFile, match=message):
        parse(raw_pdf(shown, font, others=[inner, descriptor, shapes]), "x.pdf")


@pytest.mark.parametrize("angle", [90, 270])
def test_a_stamp_along_the_margin_cuts_no_line_in_two(angle: int) -> None:
    lines = [
        "The dredger of the harbour has two engines, one of which is older than",
        "the other, and a crane that lifts nine tonnes when the tide is low and",
        "seven when it is high.",
    ]

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(30, 500)
        canvas.rotate(angle)
        canvas.drawString(-100 if angle == 90 else -200, 0, "deposited 4 May 2031 by the harbour")
        canvas.restoreState()
        for n, line in enumerate(lines):
            canvas.drawString(72, 560 - 14 * n, line)

    assert texts(parse(drawn_pdf(draw), "x.pdf")) == [
        " ".join(lines),
        "deposited 4 May 2031 by the harbour",
    ]


def test_files_attached_to_a_pdf_are_named() -> None:
    document = PdfDocument(make_pdf([["The dam is 30 metres high."]]))
    document.new_attachment("plan.txt").set_data(b"The plan.")
    stream = io.BytesIO()
    document.save(stream)
    warnings = parse(stream.getvalue(), "x.pdf").document.warnings
    assert warnings == ("1 attached file was left out.",)


def test_the_letters_of_a_ligature_stay_one_word() -> None:
    shown = b"BT /F1 12 Tf 60 700 Td (The o#ce is open.) Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    ranges = b"<20> <22> <0020>\n<24> <7e> <0024>"
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n2 beginbfrange\n%b\nendbfrange\n"
        b"1 beginbfchar <23> <006600660069> endbfchar\nendcmap end end" % ranges
    )
    letters = b"<</Length %d>>stream\n%b\nendstream" % (len(cmap), cmap)
    assert texts(parse(raw_pdf(shown, font, others=[letters]), "x.pdf")) == ["The office is open."]


def test_a_line_of_a_page_that_ends_before_a_capital_goes_on() -> None:
    lines = [
        "Annex",
        "The tools, the tests and the plans are given to the members of the Inland",
        "Waterways Board for as long as they want them.",
        "Short note",
    ]
    assert texts(parse(make_pdf([lines]), "x.pdf"))[1].endswith(
        "Inland Waterways Board for as long as they want them."
    )


def test_a_compound_that_is_cut_at_a_line_end_keeps_its_hyphen() -> None:
    lines = [
        "The harbour master and the keeper of the lamp house agreed on a long-",
        "term plan for the gate, which was brought forward by the inter-",
        "national board of the owners of the boats that lie there in winter.",
    ]
    (sentence,) = texts(parse(make_pdf([lines]), "x.pdf"))
    assert "a long-term plan" in sentence
    assert "the international board" in sentence


def test_text_in_two_columns_is_read_column_by_column() -> None:
    left = ["The left column tells of the tide", "and of the moon above it. It ends", "here."]
    right = ["The right column tells of a boat", "that was built of oak. It ends", "there."]

    def draw(canvas: Canvas) -> None:
        for x, lines in ((60, left), (320, right)):
            for row, line in enumerate(lines):
                canvas.drawString(x, 700 - 14 * row, line)

    assert texts(parse(drawn_pdf(draw), "x.pdf")) == [
        "The left column tells of the tide and of the moon above it.",
        "It ends here.",
        "The right column tells of a boat that was built of oak.",
        "It ends there.",
    ]
