"""pdf: text with page numbers, and every way in which a pdf can be unreadable."""

from __future__ import annotations

import zlib

import pytest
from documents_helpers import blank_pdf, make_pdf, parse, texts
from reportlab.lib.pdfencrypt import StandardEncryption

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


def test_pages_that_all_say_the_same_keep_their_text() -> None:
    assert texts(parse(make_pdf([["Hello there."]] * 5), "x.pdf")) == ["Hello there."] * 5


def test_a_title_that_is_a_file_name_is_not_used() -> None:
    data = make_pdf([["Hello there."]], title="Microsoft Word - draft.docx")
    assert parse(data, "letter.pdf").document.title == "letter"


def test_an_empty_page_is_said_and_pages_are_counted_on() -> None:
    parsed = parse(make_pdf([["First page."], [], ["Third page."]]), "x.pdf")
    assert [s.page for s in parsed.sentences] == [1, 3]
    assert parsed.document.warnings == ("1 of 3 pages have no text.",)


def test_a_scan_without_a_text_layer_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="has no text layer"):
        parse(blank_pdf(3), "x.pdf")


def test_a_pdf_that_asks_for_a_password_is_refused() -> None:
    for data in (
        blank_pdf(1, password="secret"),
        make_pdf([["Hello."]], encrypt=StandardEncryption("user", ownerPassword="owner")),
    ):
        with pytest.raises(UnreadableFile, match=r"x\.pdf is encrypted; save it without"):
            parse(data, "x.pdf")


def test_a_pdf_that_anyone_may_open_is_read_although_it_is_encrypted() -> None:
    data = make_pdf([["Hello there."]], encrypt=StandardEncryption("", ownerPassword="owner"))
    assert texts(parse(data, "x.pdf")) == ["Hello there."]


def test_two_thousand_and_one_pages_are_too_many() -> None:
    with pytest.raises(FileTooLarge, match="has 2,001 pages; the most one file may have is 2,000"):
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
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%b\nendstream"
        % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%b endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + (
        b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(data))
    )


@pytest.mark.slow
def test_a_page_that_unpacks_without_end_is_given_up() -> None:
    with pytest.raises((UnreadableFile, FileTooLarge), match=r"x\.pdf"):
        parse(flate_bomb(20_000_000), "x.pdf")
