"""Word files: structure, what python-docx leaves out, and hostile archives."""

from __future__ import annotations

import io
import zipfile

import pytest
from documents_helpers import W, docx_beside, docx_with, make_docx, parse, texts

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


def formatted(text: str, how: str) -> str:
    return f"<w:r><w:rPr>{how}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_formulas_symbols_and_raised_text_are_written_in_line() -> None:
    math = "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
    fraction = (
        f"<m:oMath {math}><m:r><m:t>v=</m:t></m:r><m:f><m:num><m:r><m:t>s</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>t</m:t></m:r></m:den></m:f></m:oMath>"
    )
    raised = formatted("3", "<w:vertAlign w:val='superscript'/>")
    body = (
        f"<w:p>{run('The speed is ')}{fraction}{run('.')}</w:p>"
        f"<w:p>{run('A tank of 40 m')}{raised}{run(' at 5 ')}"
        "<w:r><w:sym w:font='Symbol' w:char='F06D'/></w:r>"
        f"{run('m.')}</w:p>"
    )
    assert texts(parse(make_docx(body), "x.docx")) == [
        "The speed is v=s/t.",
        "A tank of 40 m³ at 5 μm.",
    ]


def test_what_was_struck_out_or_deleted_is_left_out_and_that_is_said() -> None:
    struck = formatted("90 euros, now ", "<w:strike/>")
    deleted = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
    picture = "<w:r><w:drawing><pic:pic xmlns:pic='urn:x'/></w:drawing></w:r>"
    body = f"<w:p>{run('It costs ')}{struck}{run('70 euros.')}{deleted}{picture}</w:p>"
    parsed = parse(make_docx(body), "x.docx")
    assert texts(parsed) == ["It costs 70 euros."]
    assert sorted(parsed.document.warnings) == [
        "1 deleted passage was left out.",
        "1 picture was left out.",
        "1 struck-through passage was left out.",
    ]


def test_hidden_text_is_counted() -> None:
    body = f"<w:p>{run('It is open.')}{formatted('It is shut.', '<w:vanish/>')}</w:p>"
    assert parse(make_docx(body), "x.docx").document.warnings == ("1 hidden passage was left out.",)


def level(number: int, style: str, text: str) -> str:
    return (
        f"<w:lvl w:ilvl='{number}'><w:start w:val='1'/><w:numFmt w:val='{style}'/>"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
    )


def test_automatic_numbers_of_items_stand_before_them() -> None:
    numbering = (
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'>{level(0, 'decimal', '%1.')}"
        f"{level(1, 'lowerLetter', '%1.%2)')}{level(2, 'bullet', '•')}</w:abstractNum>"
        "<w:num w:numId='7'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )
    body = "".join(
        f"<w:p><w:pPr><w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='7'/></w:numPr></w:pPr>"
        f"{run(text)}</w:p>"
        for depth, text in [
            (0, "Close the lid."),
            (0, "Start the pump:"),
            (1, "slowly at first"),
            (1, "then faster"),
            (2, "never dry"),
            (0, "Wait."),
        ]
    )
    assert parse(docx_beside(body, "numbering", numbering), "x.docx").document.text == (
        "1. Close the lid.\n2. Start the pump:\n2.a) slowly at first\n2.b) then faster\n"
        "never dry\n3. Wait."
    )


@pytest.mark.parametrize("kind", ["header", "footer"])
def test_headers_and_footers_of_the_page_stand_at_the_end(kind: str) -> None:
    part = (
        f"<w:hdr {W}><w:p>{run('Valid from 1 June')}</w:p><w:p>{run('Page 1 of 3')}</w:p></w:hdr>"
    )
    data = docx_beside(f"<w:p>{run('The text.')}</w:p>", kind, part)
    assert texts(parse(data, "x.docx")) == ["The text.", f"Page {kind}: Valid from 1 June"]


def test_notes_have_the_number_of_their_mark_and_comments_are_named() -> None:
    mark = "<w:r><w:footnoteReference w:id='5'/></w:r>"
    note = f"<w:footnote w:id='5'><w:p>{run('In winter.')}</w:p></w:footnote>"
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"
    data = docx_beside(
        f"<w:p>{run('It opens at 85')}{mark}{run(' bar.')}</w:p>", "footnotes", notes
    )
    assert texts(parse(data, "x.docx")) == ["It opens at 85¹ bar.", "Note 1: In winter."]
    comment = f"<w:comment w:author='Ida'><w:p>{run('Ask Tom.')}</w:p></w:comment>"
    said = f"<w:comments {W}>{comment}</w:comments>"
    data = docx_beside(f"<w:p>{run('It is open.')}</w:p>", "comments", said)
    content = parse(data, "x.docx")
    assert texts(content) == ["It is open."]
    assert any("1 comment" in warning for warning in content.document.warnings)


def test_author_and_version_in_the_properties_can_be_cited() -> None:
    import docx

    document = docx.Document()
    document.core_properties.author = "Ida Moreau"
    document.core_properties.version = "2.3"
    document.add_paragraph("Hello there.")
    stream = io.BytesIO()
    document.save(stream)
    assert texts(parse(stream.getvalue(), "x.docx")) == [
        "Author (file properties): Ida Moreau",
        "Version (file properties): 2.3",
        "Hello there.",
    ]


def test_a_file_of_the_strict_standard_is_read_like_any_other() -> None:
    source, stream = zipfile.ZipFile(io.BytesIO(word_file())), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            for kind in (b"officeDocument", b"wordprocessingml", b"drawingml"):
                usual = b"http://schemas.openxmlformats.org/" + kind + b"/2006/"
                part = part.replace(usual, b"http://purl.oclc.org/ooxml/" + kind + b"/")
            target.writestr(name, part)
    assert texts(parse(stream.getvalue(), "x.docx")) == texts(parse(word_file(), "x.docx"))


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
    with pytest.raises(UnreadableFile, match=r"x\.docx (is damaged|contains no text)"):
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
    with pytest.raises(FileTooLarge, match=r"unpack to \d+ MB, far more than its own size"):
        parse(data, "x.docx")


def test_a_small_file_of_repeated_text_is_no_bomb() -> None:
    data = make_docx(f"<w:p>{run('The same words again. ')}</w:p>" * 20_000)
    assert len(parse(data, "x.docx").sentences) == 20_000


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-200], "cannot be read as a Word"),
        (lambda data: data[: len(data) // 2], "cannot be read as a Word"),
        (lambda data: b"PK\x03\x04" + bytes(200), "cannot be read as a Word"),
        (lambda _: docx_with({"word/document.xml": b"<w:document"}), "cannot be read as a Word"),
        (lambda _: docx_with({"[Content_Types].xml": b"<a/>"}), "cannot be read as a Word"),
        (lambda _: make_docx(""), "contains no text"),
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
