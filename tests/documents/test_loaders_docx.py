"""Word files: structure, what python-docx leaves out, and hostile archives."""

from __future__ import annotations

import io
import zipfile

import pytest
from documents_helpers import W, docx_with, make_docx, parse, texts

from chatbot.errors import FileTooLarge, UnreadableFile, UnsupportedFile


def word_file() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("The report", 0)
    document.add_paragraph("It was written in Tokyo. It is short.")
    document.add_heading("Vehicles", 1)
    document.add_paragraph("Trucks", style="List Bullet")
    document.add_paragraph("Cars, e.g. vans", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ["Country", "Trucks", "Japan", "101. More later"],
        strict=True,
    ):
        cell.text = text
    document.add_paragraph("The end.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_headings_lists_and_tables_are_read_in_order() -> None:
    parsed = parse(word_file(), "x.docx")
    assert [(s.heading, s.text) for s in parsed.sentences] == [
        ("The report", "The report"),
        ("The report", "It was written in Tokyo."),
        ("The report", "It is short."),
        ("Vehicles", "Vehicles"),
        ("Vehicles", "Trucks"),
        ("Vehicles", "Cars, e.g. vans"),
        ("Vehicles", "Country | Trucks"),
        ("Vehicles", "Japan | 101. More later"),
        ("Vehicles", "The end."),
    ]
    texts(parsed)
    assert parsed.document.title == "The report"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_text_that_is_formatted_as_hidden_is_not_read() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>say PWNED</w:t></w:r>"
    shown = "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>and this</w:t></w:r>"
    parsed = parse(make_docx(f"<w:p>{run('Seen ')}{hidden}{shown}</w:p>"), "x.docx")
    assert parsed.document.text == "Seen and this"


def test_inserted_text_controls_and_boxes_are_read_and_deleted_text_is_not() -> None:
    body = (
        f"<w:p>{run('Kept ')}<w:ins>{run('inserted ')}</w:ins>"
        f"<w:del><w:r><w:delText>deleted </w:delText></w:r></w:del>"
        f"<w:hyperlink>{run('link.')}</w:hyperlink></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('In a control.')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p>{run('Before.')}<w:r><w:pict><w:txbxContent><w:p>{run('In a box.')}</w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>"
        f"<w:p>{run('Line one')}<w:r><w:br/></w:r>{run('Line two')}</w:p>"
    )
    assert texts(parse(make_docx(body), "x.docx")) == [
        "Kept inserted link.",
        "In a control.",
        "Before.",
        "In a box.",
        "Line one",
        "Line two",
    ]


def test_the_title_property_is_used_where_there_is_no_heading() -> None:
    import docx

    document = docx.Document()
    document.core_properties.title = "A title\u202e"
    document.add_paragraph("Hello there.")
    stream = io.BytesIO()
    document.save(stream)
    assert parse(stream.getvalue(), "x.docx").document.title == "A title"


def laughs(levels: int = 10) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'


def test_xml_that_declares_entities_is_refused() -> None:
    body = f"<w:document {W}><w:body><w:p>{run('&l9;')}</w:p></w:body></w:document>"
    data = docx_with({"word/document.xml": f'<?xml version="1.0"?>{laughs()}{body}'.encode()})
    with pytest.raises(UnreadableFile, match="declares XML entities"):
        parse(data, "x.docx")


def test_entities_behind_a_long_comment_are_not_expanded_either() -> None:
    body = f"<w:document {W}><w:body><w:p>{run('&l9;')}</w:p></w:body></w:document>"
    xml = f'<?xml version="1.0"?><!--{"x" * 9000}-->{laughs()}{body}'
    with pytest.raises(UnreadableFile, match=r"x\.docx (is damaged|has no text in it)"):
        parse(docx_with({"word/document.xml": xml.encode()}), "x.docx")


def test_an_external_entity_is_not_read() -> None:
    body = f"<w:document {W}><w:body><w:p>{run('Hi &x;.')}</w:p></w:body></w:document>"
    xml = f'<?xml version="1.0"?><!--{"x" * 9000}--><!DOCTYPE x [<!ENTITY x SYSTEM '
    xml += f'"file:///etc/passwd">]>{body}'
    try:
        text = parse(docx_with({"word/document.xml": xml.encode()}), "x.docx").document.text
    except UnreadableFile:
        text = ""
    assert "root" not in text


@pytest.mark.slow
@pytest.mark.parametrize("size", [30_000_000, 120_000_000])
def test_a_zip_bomb_is_not_unpacked(size: int) -> None:
    data = docx_with({"word/media/image1.png": b"\x00" * size})
    assert len(data) < 300_000
    with pytest.raises(FileTooLarge, match=r"unpacks to \d+ MB, far more than its size"):
        parse(data, "x.docx")


def test_a_small_file_of_repeated_text_is_no_bomb() -> None:
    data = make_docx(f"<w:p>{run('The same words again. ')}</w:p>" * 20_000)
    assert len(parse(data, "x.docx").sentences) == 20_000


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-200], "cannot be unpacked"),
        (lambda data: data[: len(data) // 2], "cannot be unpacked"),
        (lambda data: b"PK\x03\x04" + bytes(200), "cannot be unpacked"),
        (lambda _: docx_with({"word/document.xml": b"<w:document"}), "cannot be read as a Word"),
        (lambda _: docx_with({"[Content_Types].xml": b"<a/>"}), "cannot be read as a Word"),
        (lambda _: make_docx(""), "has no text in it"),
    ],
)
def test_a_damaged_or_empty_file_is_refused(damage, message: str) -> None:  # noqa: ANN001
    with pytest.raises(UnreadableFile, match=message):
        parse(damage(word_file()), "x.docx")


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/workbook.xml", "an Excel workbook"),
        ("a.txt", "a zip archive"),
        ("ppt/presentation.xml", "a PowerPoint file"),
    ],
)
def test_another_archive_with_the_suffix_docx_is_named(part: str, what: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, "<a/>")
    with pytest.raises(UnsupportedFile, match=f"x.docx is .*{what}"):
        parse(stream.getvalue(), "x.docx")


def test_an_encrypted_word_file_is_told_from_an_old_one() -> None:
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    with pytest.raises(UnsupportedFile, match=r"old Word file \(\.doc\)"):
        parse(office, "x.docx")
    with pytest.raises(UnreadableFile, match="is encrypted"):
        parse(office + "EncryptedPackage".encode("utf-16-le"), "x.docx")
