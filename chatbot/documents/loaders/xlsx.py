"""Reads Excel workbooks: each sheet under its name, numbers and dates as the sheet shows them.

openpyxl reads the stored values row by row. Formulas are not computed: what the program that saved
the file computed is read.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.limits import MAX_TEXT_CHARS
from chatbot.documents.loaders.archive import Element, check_archive, office_facts, transitional
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.marks import STRUCK
from chatbot.documents.loaders.sheets import write_sheet
from chatbot.errors import FileTooLarge

_NO_RESULT = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_QUOTED = re.compile(r'"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|\\(.)')
_DECIMALS = re.compile(r"[0#]\.(0+)")
_PARTS = {"xl/charts/chart": "chart", "xl/media/": "picture"}


def read_xlsx(data: bytes, *, name: str) -> Content:
    """Return the content of a workbook."""
    check_archive(data, name=name, part="xl/")
    builder = ContentBuilder()
    with damage_of(name, "read as a workbook", InvalidFileException):
        data = transitional(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        builder.add_facts(office_facts(book.properties), origin="file properties")
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                _write(sheet, builder, name=name)
        hidden = sum(sheet.sheet_state != "visible" for sheet in book.worksheets)
        builder.left_out["hidden sheet"] = hidden
        warnings = list(_left_out(data, builder.left_out))
    return builder.build(title=book.properties.title or "", warnings=warnings)


def _write(sheet: Element, builder: ContentBuilder, *, name: str) -> None:
    sheet.reset_dimensions()  # a file may declare a million empty rows
    rows: list[list[str]] = []
    size = 0
    for cells in sheet.iter_rows():
        row = [_shown(cell) for cell in cells]
        size += sum(map(len, row))
        if size > 2 * MAX_TEXT_CHARS:  # the exact limit is checked on the finished text
            raise FileTooLarge(f"{name} has more than {2 * MAX_TEXT_CHARS:,} characters of text.")
        if any(row) or (rows and any(rows[-1])):
            rows.append(row)
    if any(map(any, rows)):
        builder.add_heading(sheet.title)
        write_sheet(rows, builder)


def _left_out(data: bytes, counts: Counter[str]) -> Iterator[str]:
    """Count what is no cell; say it where a count would not do."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        empty = sum(len(_NO_RESULT.findall(archive.read(sheet))) for sheet in sheets)
        boxes = (archive.read(name) for name in names if name.startswith("xl/drawings/drawing"))
        counts["drawn text"] = sum(box.count(b"<xdr:txBody>") for box in boxes)
    if empty:
        yield f"{counted(empty, 'formula')} left out, since the file has no result of it."
    for prefix, what in _PARTS.items():
        counts[what] = sum(name.startswith(prefix) for name in names)
    if any(name.startswith("xl/comments") for name in names):
        yield "The comments on cells were left out."


def _shown(cell: Element) -> str:
    """Return the value of a cell as the sheet shows it; dates as year-month-day."""
    if cell.value is None:
        return ""
    return (STRUCK if cell.font.strike else "") + _value(cell)


def _value(cell: Element) -> str:
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time() and "h" not in str(cell.number_format).lower()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, int | float):
        return number_as_shown(value, str(cell.number_format or "General"))
    return str(value)


def number_as_shown(value: float, form: str) -> str:
    """Return a number in an Excel number format: decimals, thousands, percent, currency."""
    form = form.split(";")[0]
    before, after = _literals(form)
    pattern = _QUOTED.sub("", form)
    if form == "General" or not re.search("[0#]", pattern) or "E+" in pattern:
        return f"{value:.10g}" if abs(value) < 1e15 else str(value)
    if "%" in pattern:
        value, after = value * 100, "%"
    found = _DECIMALS.search(pattern)
    digits = len(found[1]) if found else 0
    if "#" in pattern.partition(".")[2] and not found:
        return f"{before}{value:.10g}{after}"
    return f"{before}{value:{',' if ',' in pattern else ''}.{digits}f}{after}"


def _literals(form: str) -> tuple[str, str]:
    """Return what a format writes before and after the figures, such as a currency sign."""
    place = re.search("[0#]", _QUOTED.sub(lambda match: " " * len(match[0]), form))
    middle = place.start() if place else len(form)

    def words(part: str) -> str:
        quoted = "".join(a or b or c for a, b, c in _QUOTED.findall(part))
        bare = "".join(char for char in _QUOTED.sub("", part) if char in "$€£¥")
        return quoted + bare

    before, after = words(form[:middle]), words(form[middle:])
    return before, f" {after}" if after[:1].isalpha() else after
