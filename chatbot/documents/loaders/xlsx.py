"""Reads Excel workbooks: each sheet under its name, numbers and dates as the sheet shows them.

openpyxl reads the stored values row by row. Formulas are not computed: what the program that saved
the file computed is read.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import BinaryIO
from zipfile import ZipFile

from openpyxl import load_workbook

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.loaders.archive import Element, add_office_facts, office_file
from chatbot.documents.loaders.marks import STRUCK
from chatbot.documents.loaders.sheets import write_sheet

_NO_RESULT = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_QUOTED = re.compile(r'"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|\\(.)')
_DECIMALS = re.compile(r"[0#]\.(0+)")
_PARTS = {"xl/charts/chart": "chart", "xl/media/": "picture"}


def read_xlsx(data: bytes, *, name: str) -> Content:
    """Return the content of a workbook."""
    builder = ContentBuilder(name)
    file = office_file(data, name=name, part="xl/")
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    add_office_facts(book.properties, builder)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # a file may declare a million empty rows
            rows = ([_shown(cell) for cell in cells] for cells in sheet.iter_rows())
            write_sheet(rows, builder, heading=sheet.title)
        else:
            builder.left_out["hidden sheet"] += 1
    _note_others(file, builder)
    return builder.build(title=book.properties.title or "")


def _note_others(file: BinaryIO, builder: ContentBuilder) -> None:
    """Count what is no cell; say it where a count would not do."""
    with ZipFile(file) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        empty = sum(len(_NO_RESULT.findall(archive.read(sheet))) for sheet in sheets)
        boxes = (archive.read(name) for name in names if name.startswith("xl/drawings/drawing"))
        builder.left_out["drawn text"] = sum(box.count(b"<xdr:txBody>") for box in boxes)
    if empty:
        left_out = f"{counted(empty, 'formula')} left out, since the file has no result of it."
        builder.warnings.append(left_out)
    for prefix, what in _PARTS.items():
        builder.left_out[what] = sum(name.startswith(prefix) for name in names)
    if any(name.startswith("xl/comments") for name in names):
        builder.warnings.append("The comments on cells were left out.")


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
