"""PowerPoint files: slides as pages, tables, charts, notes, and what is left out."""

from __future__ import annotations

import io

import pytest
from documents_helpers import parse, texts

from chatbot.errors import UnreadableFile

P = "http://schemas.openxmlformats.org/presentationml/2006/main"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea7356f0000000049454e44ae426082"
)


def presentation() -> bytes:
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    show = Presentation()
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "The new pier"
    body = first.placeholders[1].text_frame
    body.text = "It is 80 m"
    body.paragraphs[0].add_run().text = "2"
    body.paragraphs[0].runs[1].font._element.set("baseline", "30000")
    body.add_paragraph().text = "It opens in May."
    first.notes_slide.notes_text_frame.text = "Thank the divers."
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Boats"
    place = (Inches(1), Inches(2), Inches(4), Inches(2))
    table = second.shapes.add_table(2, 2, *place).table
    for cell, text in zip(table.iter_cells(), ["Boat", "Built", "Ceres", "2004"], strict=True):
        cell.text = text
    data = CategoryChartData()
    data.categories = ["April", "May"]
    data.add_series("Guests", (120, 340.5))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    second.shapes.add_picture(io.BytesIO(PIXEL), Inches(1), Inches(1))
    show.core_properties.author = "Ida Moreau"
    stream = io.BytesIO()
    show.save(stream)
    return stream.getvalue()


def test_slides_are_pages_with_text_tables_charts_and_notes() -> None:
    parsed = parse(presentation(), "x.pptx")
    assert texts(parsed)[0] == "Author (file properties): Ida Moreau"
    slides = [(s.page, s.heading, s.text) for s in parsed.sentences if s.heading]
    assert slides == [
        (1, "The new pier", "The new pier"),
        (1, "The new pier", "It is 80 m²"),
        (1, "The new pier", "It opens in May."),
        (1, "The new pier", "Notes: Thank the divers."),
        (2, "Boats", "Boats"),
        (2, "Boats", "Boat | Built"),
        (2, "Boats", "Ceres | 2004"),
        (2, "Boats", "| Guests"),
        (2, "Boats", "April | 120"),
        (2, "Boats", "May | 340.5"),
    ]
    assert parsed.sentences[-1].header == "| Guests"
    assert parsed.document.title == "The new pier"
    assert parsed.document.warnings == ("1 picture was left out.",)


def test_struck_text_comments_and_footers_of_slides_are_kept_or_named() -> None:
    from pptx import Presentation
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    show = Presentation()
    for _ in range(2):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = "Fares"
        body = slide.placeholders[1].text_frame
        body.text = "It costs 7 coins, "
        body.paragraphs[0].add_run().text = "9 coins, "
        body.paragraphs[0].runs[1].font._element.set("strike", "sngStrike")
        body.paragraphs[0].add_run().text = "both ways."
        footer = slide.shapes.add_textbox(0, 0, 9, 9)
        footer.text_frame.text = "Harbour office, draft"
        place = footer._element.nvSpPr.nvPr
        place.append(place.makeelement(f"{{{P}}}ph", {"type": "ftr", "idx": "11"}))
    data = XyChartData()
    data.add_series("Depth").add_data_point(1, 2)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, 99, 99, data)
    comment = Part(PackURI("/ppt/comments/comment1.xml"), "application/xml", slide.part.package)
    comment._blob = b"<p:cmLst><p:cm idx='1'/></p:cmLst>"
    slide.part.relate_to(comment, RELATIONSHIP_TYPE.COMMENTS)
    stream = io.BytesIO()
    show.save(stream)
    parsed = parse(stream.getvalue(), "x.pptx")
    assert texts(parsed)[1] == "It costs 7 coins, both ways."
    assert texts(parsed)[-1] == "Page footer: Harbour office, draft"
    assert sum("Harbour" in text for text in texts(parsed)) == 1
    assert parsed.document.warnings == (
        "2 struck-through passages were left out.",
        "1 chart was left out.",
        "1 comment was left out.",
    )


def test_a_damaged_presentation_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.pptx is damaged"):
        parse(presentation()[:-300], "x.pptx")
