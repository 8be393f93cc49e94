"""Tables of values (csv, tsv) and workbooks: header rows, values as shown, what is left out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from documents_helpers import parse, texts

from chatbot.documents.loaders.xlsx import number_as_shown
from chatbot.errors import UnreadableFile, UnsupportedFile


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('Boat,Built\n"Aurora, the old one",1987\nCeres,2004\n', "x.csv"),
        ("Boat;Built\nAurora, the old one;1987\nCeres;2004\n", "x.csv"),
        ("Boat\tBuilt\nAurora, the old one\t1987\nCeres\t2004\n", "x.tsv"),
        (
            "\ufeffBoat,Built\r\n'Aurora, the old one',1987\r\nCeres,2004\r\n".replace("'", '"'),
            "x.csv",
        ),
    ],
)
def test_values_become_rows_that_know_their_header(data: str, name: str) -> None:
    parsed = parse(data, name)
    assert texts(parsed) == ["Boat | Built", "Aurora, the old one | 1987", "Ceres | 2004"]
    assert {sentence.header for sentence in parsed.sentences} == {"Boat | Built"}


def test_a_table_of_numbers_alone_has_no_header() -> None:
    parsed = parse("1,2,3\n4,5,6\n", "x.csv")
    assert texts(parsed) == ["1 | 2 | 3", "4 | 5 | 6"]
    assert {sentence.header for sentence in parsed.sentences} == {None}


def test_years_name_columns_like_words_do() -> None:
    parsed = parse("Region,2022,2023\nNorth,14,15\n", "x.csv")
    assert parsed.sentences[1].header == "Region | 2022 | 2023"


def workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Boats"
    sheet["A1"] = "The fleet of the harbour"
    for row, values in enumerate(
        [
            ("Boat", "Bought", "Price", "Share"),
            ("Aurora", dt.date(2021, 5, 9), 12500.5, 0.125),
            ("Ceres", dt.date(2019, 11, 30), 990, 0.5),
        ],
        3,
    ):
        for column, value in enumerate(values, 2):
            sheet.cell(row, column, value)
    for row in (4, 5):
        sheet.cell(row, 4).number_format = '#,##0.00 "EUR"'
        sheet.cell(row, 5).number_format = "0.0%"
    sheet["B9"] = "=SUM(D4:D5)"
    book.create_sheet("Secret").sheet_state = "hidden"
    book.create_sheet("Crew")["A1"] = "Ida steers."
    book.properties.creator = "Ida Moreau"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_sheets_are_headings_and_values_are_written_as_shown() -> None:
    parsed = parse(workbook(), "x.xlsx")
    rows = [(s.heading, s.text, s.header) for s in parsed.sentences if s.heading]
    header = "Boat | Bought | Price | Share"
    assert rows == [
        ("Boats", "Boats", None),
        ("Boats", "The fleet of the harbour", None),
        ("Boats", header, header),
        ("Boats", "Aurora | 2021-05-09 | 12,500.50 EUR | 12.5%", header),
        ("Boats", "Ceres | 2019-11-30 | 990.00 EUR | 50.0%", header),
        ("Crew", "Crew", None),
        ("Crew", "Ida steers.", None),
    ]
    assert texts(parsed)[0] == "Author (file properties): Ida Moreau"
    assert parsed.document.warnings == (
        "1 formula was left out, since the file has no result of it.",
        "1 hidden sheet was left out.",
    )


def test_struck_cells_say_so_and_what_is_no_cell_is_named() -> None:
    import openpyxl
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("Boat", "Guests"), ("Aurora", 12), ("Ceres", 30)):
        sheet.append(row)
    sheet["B2"].font = Font(strike=True)
    sheet["A2"].comment = Comment("Ask Ida.", "Ida")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "D2")
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/drawings/drawing9.xml", "<a><xdr:txBody>Mind the gap</xdr:txBody></a>")
    parsed = parse(stream.getvalue(), "x.xlsx")
    assert texts(parsed)[-3:] == ["Boat | Guests", "Aurora | [struck out] 12", "Ceres | 30"]
    assert parsed.document.warnings == (
        "The comments on cells were left out.",
        "1 drawn text was left out.",
        "1 chart was left out.",
    )


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "#,##0", "1,234,568"),
        (7.5, "0.00", "7.50"),
        (7.5, "[$€-407] #,##0.00", "€7.50"),
        (1999, '"$"#,##0', "$1,999"),
        (0.07, "0%", "7%"),
        (42, "@", "42"),
    ],
)
def test_a_number_is_written_in_its_format(value: float, form: str, shown: str) -> None:
    assert number_as_shown(value, form) == shown


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", 8) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    return stream.getvalue()


def test_a_workbook_that_is_damaged_or_another_file_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.xlsx is damaged"):
        parse(replaced(workbook(), "xl/workbook.xml", b"<workbook"), "x.xlsx")
    with pytest.raises(UnsupportedFile, match=r"x\.docx is not a Word file but an Excel workbook"):
        parse(workbook(), "x.docx")
    with pytest.raises(UnsupportedFile, match=r"x\.xlsx is not an Excel workbook but"):
        parse("Boat,Built", "x.xlsx")
