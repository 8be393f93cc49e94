"""OpenDocument texts, RTF files and EPUB books: structure, raised text, facts, what is left out."""

from __future__ import annotations

import io
import zipfile

import pytest
from documents_helpers import parse, texts

from chatbot.errors import UnreadableFile, UnsupportedFile

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "meta": "meta",
    }.items()
)


def packed(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return stream.getvalue()


def odt(body: str) -> bytes:
    styles = (
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/>'
        '</style:style><style:style style:name="T2"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/>'
        "</text:list-style>"
    )
    return packed(
        content_xml=f"<office:document-content {NAMES}>{styles}<office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>",
        styles_xml=f"<office:document-styles {NAMES}><style:header><text:p>Pier office</text:p>"
        "</style:header></office:document-styles>",
        meta_xml=f"<office:document-meta {NAMES}><meta:initial-creator>Ida Moreau"
        "</meta:initial-creator></office:document-meta>",
    )


def test_an_opendocument_text_is_read_in_order() -> None:
    item = "<text:list-item><text:p>{}</text:p></text:list-item>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(
        f"<table:table-row>{''.join(cell.format(text) for text in row)}</table:table-row>"
        for row in (("Boat", "Built"), ("Ceres", "2004"))
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>At low tide.</text:p></text:note-body></text:note>"
    )
    parsed = parse(
        odt(
            "<text:h>The pier</text:h>"
            '<text:p>It is 80 m<text:span text:style-name="T1">2</text:span> large and '
            f'<text:span text:style-name="T2">old</text:span> 4<text:s/>m deep{note}.</text:p>'
            f'<text:list text:style-name="L1">{item.format("Moor.")}{item.format("Wait.")}'
            f"</text:list><table:table>{rows}</table:table>"
        ),
        "x.odt",
    )
    assert [(s.heading, s.text) for s in parsed.sentences] == [
        (None, "Author (file properties): Ida Moreau"),
        ("The pier", "The pier"),
        ("The pier", "It is 80 m² large and 4 m deep¹."),
        ("The pier", "1. Moor."),
        ("The pier", "2. Wait."),
        ("The pier", "Boat | Built"),
        ("The pier", "Ceres | 2004"),
        ("The pier", "Note 1: At low tide."),
        ("The pier", "Page header: Pier office"),
    ]
    assert parsed.sentences[6].header == "Boat | Built"
    assert parsed.document.warnings == ("1 struck-through passage was left out.",)
    texts(parsed)


def test_a_damaged_opendocument_text_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.odt is damaged"):
        parse(packed(content_xml="<office"), "x.odt")
    with pytest.raises(UnsupportedFile, match=r"x\.docx is not a Word file but an OpenDocument"):
        parse(odt(""), "x.docx")


RTF = (
    r"{\rtf1\ansi\ansicpg1252{\info{\title The pier}{\author Zo\'eb Moreau}}{\header Pier office}"
    r"\pard It is 80 m{\super 2} large, 40 {\strike feet }{\strike0 deep}.\par "
    r"Na\'efve \u8364? users pay.\par "
    r"\trowd\cellx1000\cellx2000 Boat\cell Built\cell\row\trowd Ceres\cell 2004\cell\row"
    r"\pard It opens{\footnote In May.} soon.\par}"
)


def test_an_rtf_file_is_read_and_what_is_left_out_is_said() -> None:
    parsed = parse(RTF, "x.rtf")
    assert texts(parsed) == [
        "Author (file properties): Zoë Moreau",
        "It is 80 m² large, 40 deep.",
        "Naïve € users pay.",
        "Boat | Built",
        "Ceres | 2004",
        "It opens soon.",
    ]
    assert parsed.sentences[4].header == "Boat | Built"
    assert parsed.document.title == "The pier"
    assert parsed.document.warnings == (
        "1 footnote was left out.",
        "1 page header or footer was left out.",
        "1 struck-through passage was left out.",
    )


def book(**more: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Tides</dc:title>'
        "<dc:creator>Ida Moreau</dc:creator></metadata><manifest>"
        '<item id="n" href="nav.xhtml" properties="nav"/><item id="a" href="one.xhtml"/>'
        '<item id="b" href="two%20.xhtml"/><item id="c" href="gone.xhtml"/></manifest>'
        '<spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/><itemref idref="c"/>'
        "</spine></package>"
    )
    pages = {
        "OPS__nav.xhtml": "<nav>Contents</nav>",
        "OPS__one.xhtml": "<h1>The moon</h1><p>It pulls the sea.</p>",
        "OPS__two .xhtml": "<h1>The sun</h1><ol><li>It pulls, too.</li></ol>",
    }
    return packed(
        **{"META-INF__container_xml": container, "OPS__book.opf": package, **pages, **more}
    )


def test_the_chapters_of_a_book_are_read_in_its_order() -> None:
    parsed = parse(book(), "x.epub")
    assert [(s.heading, s.text) for s in parsed.sentences] == [
        (None, "Author: Ida Moreau"),
        ("The sun", "The sun"),
        ("The sun", "1. It pulls, too."),
        ("The moon", "The moon"),
        ("The moon", "It pulls the sea."),
    ]
    assert parsed.document.title == "Tides"
    assert parsed.document.warnings == ("1 chapter was missing in the file.",)


def test_a_protected_or_damaged_book_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="is protected"):
        parse(book(**{"META-INF__rights_xml": "<rights/>"}), "x.epub")
    with pytest.raises(UnreadableFile, match=r"x\.epub is damaged"):
        parse(book(**{"OPS__book.opf": "<package"}), "x.epub")
