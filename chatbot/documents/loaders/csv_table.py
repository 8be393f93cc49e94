"""Reads tables of values with commas, semicolons, tabs or bars between them (csv, tsv)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.encoding import decode
from chatbot.documents.loaders.sheets import write_sheet
from chatbot.errors import UnreadableFile

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def read_csv(data: bytes, *, name: str) -> Content:
    """Return the content of a table of values."""
    decoded = decode(data)
    lines = decoded.text.lstrip("\ufeff").splitlines(keepends=True)
    builder = ContentBuilder()
    try:
        rows = list(csv.reader(lines, delimiter=_delimiter(lines[:_SAMPLE_LINES])))
    except csv.Error as error:
        raise UnreadableFile(
            f"{name} is damaged: it cannot be read as a table ({error})."
        ) from error
    write_sheet(rows, builder)
    return builder.build(warnings=decoded.warnings)


def _delimiter(lines: Sequence[str]) -> str:
    """Return the sign that cuts most lines into the same number of values, at least two."""

    def agreement(sign: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if row)
        width, often = max(counts.items(), key=lambda item: item[::-1], default=(1, 0))
        return (often, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=agreement)
