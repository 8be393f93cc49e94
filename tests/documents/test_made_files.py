"""Each kind of content comes out right of each format that can hold it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from documents_helpers import parse, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import BEFORE, KINDS, UNTITLED, Kind, Part, docx, html, made_files, md

FILES = made_files()


def test_there_are_many() -> None:
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", FILES)
def test_a_made_file_gives_its_right_text(name: str) -> None:
    kind, make = FILES[name]
    parsed = parse(make(), name)
    found = [text for text in texts(parsed) if text != UNTITLED]
    assert found == [*BEFORE.get(name.rpartition(".")[2], ()), *kind.right]
    assert parsed.document.warnings == ()


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx"])
def test_a_table_of_values_gives_its_rows(form: str) -> None:
    rows = KINDS["table"].parts[1].rows
    if form == "xlsx":
        from openpyxl import Workbook

        book, stream = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
        book.save(stream)
        parsed = parse(stream.getvalue(), "rooms.xlsx")
    else:
        text = io.StringIO()
        csv.writer(text, delimiter="\t" if form == "tsv" else ",").writerows(rows)
        parsed = parse(text.getvalue(), f"rooms.{form}")
    right = list(KINDS["table"].right[1:])
    assert texts(parsed)[-4:] == right
    assert [one.header for one in parsed.sentences[-3:]] == [right[0]] * 3


WORDS = st.lists(
    st.sampled_from("amber birch cedar delta ember 12 340 fjord gull harbour isle".split()),
    min_size=3,
    max_size=30,
).map(lambda words: " ".join(words).capitalize() + ".")


@pytest.mark.parametrize("make", [md, html, docx], ids=lambda one: one.__name__)
@settings(max_examples=15, deadline=None)
@given(paragraphs=st.lists(WORDS, min_size=1, max_size=6), items=st.lists(WORDS, max_size=5))
def test_no_word_is_lost_or_comes_twice(
    make: Callable[..., bytes], paragraphs: list[str], items: list[str]
) -> None:
    parts = [Part(text=text) for text in paragraphs]
    if items:
        parts.append(Part(items=tuple(items)))
    kind = Kind(tuple(parts), ())
    parsed = parse(make(kind.parts), f"a.{make.__name__}")
    found = " ".join(texts(parsed)).split()
    right = " ".join([*paragraphs, *(f"{n}. {item}" for n, item in enumerate(items, 1))]).split()
    assert found == right
