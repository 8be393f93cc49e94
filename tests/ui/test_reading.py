"""A document as the page shows it: every character once, sentences exactly."""

from __future__ import annotations

import pytest
from made_files import made_files
from ui_fakes import split

from chatbot.documents import load_bytes
from chatbot.types import Document, Sentence
from chatbot.ui.reading import reading_view
from chatbot.ui.texts import texts_in

TEXT = "Ann sent 12 boxes to Bo.\nCy stayed at home. Bo was glad."
EN = texts_in("en")


def document(text: str) -> Document:
    return Document(id="d", title="T", source="s.md", kind="md", text=text, sentence_count=2)


def test_reading_shows_every_character_once_and_sentences_exactly() -> None:
    view = reading_view(document(TEXT), split(TEXT), EN)
    shown = "\n".join("".join(text for _, text in block["pieces"]) for block in view["blocks"])
    assert shown == TEXT
    marked = {index: text for block in view["blocks"] for index, text in block["pieces"]}
    assert [marked[one.index] for one in split(TEXT)] == [one.text for one in split(TEXT)]


def test_reading_shows_headings_pages_and_what_is_no_sentence() -> None:
    text = "Head\n\n- One. Two.\n\n***\n\nThree."

    def sentence(index: int, words: str, **more: object) -> Sentence:
        start = text.index(words)
        return Sentence(index=index, start=start, end=start + len(words), text=words, **more)

    sentences = [
        sentence(0, "Head", heading="Head", paragraph=0, page=1),
        sentence(1, "One.", heading="Head", paragraph=1, page=1),
        sentence(2, "Two.", heading="Head", paragraph=1, page=1),
        sentence(3, "Three.", heading="Head", paragraph=2, page=2),
    ]
    blocks = reading_view(document(text), sentences, EN)["blocks"]
    assert [
        (block["kind"], "".join(piece[1] for piece in block["pieces"])) for block in blocks
    ] == [
        ("page", "page 1"),
        ("heading", "Head"),
        ("paragraph", "- One. Two."),
        ("page", "page 2"),
        ("paragraph", "***"),
        ("paragraph", "Three."),
    ]


def rows_of(lines: list[str], header: str | None) -> list[Sentence]:
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    return [
        Sentence(index=n, start=start, end=start + len(line), text=line, paragraph=n, header=header)
        for n, (start, line) in enumerate(zip(starts, lines, strict=True))
    ]


def test_rows_under_one_header_are_a_table_that_keeps_their_sentences() -> None:
    lines = ["Plant | Height", "Fern | 40 cm", "| 12 cm"]
    view = reading_view(document("\n".join(lines)), rows_of(lines, lines[0]), EN)
    pieces = [[n, line] for n, line in enumerate(lines)]
    assert view["blocks"] == [{"kind": "table", "header": lines[0], "pieces": pieces}]


@pytest.mark.parametrize("name", [name for name in made_files() if name.startswith("table.")])
def test_the_table_of_every_format_is_shown_as_one(name: str) -> None:
    _, make = made_files()[name]
    parsed = load_bytes(make(), name=name, count_tokens=lambda texts: [1 for _ in texts])
    blocks = reading_view(parsed.document, parsed.sentences, EN)["blocks"]
    (table,) = (block for block in blocks if block["kind"] == "table")
    assert table["header"] == "Room | Seats | Projector"
    assert [text for _, text in table["pieces"]] == [
        "Room | Seats | Projector",
        "Alder | 12 | no",
        "Hazel | 40 | yes",
        "Rowan | 8 | no",
    ]


def test_a_second_table_under_the_same_header_is_a_table_of_its_own() -> None:
    lines = ["Plant | Height", "Fern | 40 cm", "Plant | Height", "Moss | 2 cm"]
    view = reading_view(document("\n".join(lines)), rows_of(lines, lines[0]), EN)
    assert [len(block["pieces"]) for block in view["blocks"]] == [2, 2]


def test_a_long_table_goes_on_in_another_that_repeats_its_header_and_no_sentence() -> None:
    lines = ["Plant | Height", *(f"Fern {n} | {n} cm" for n in range(1200))]
    view = reading_view(document("\n".join(lines)), rows_of(lines, lines[0]), EN)
    assert [block["header"] for block in view["blocks"]] == [lines[0]] * 3
    shown = [piece for block in view["blocks"] for piece in block["pieces"]]
    assert shown == [[n, line] for n, line in enumerate(lines)]


def test_rows_in_as_many_cells_are_a_table_without_a_header_and_one_row_alone_is_none() -> None:
    lines = ["Fern | 40 cm", "Moss | 2 cm", "A | b | c", "He said a|b and c."]
    view = reading_view(document("\n".join(lines)), rows_of(lines, None), EN)
    assert [(block["kind"], len(block["pieces"])) for block in view["blocks"]] == [
        ("table", 2),
        ("paragraph", 1),
        ("paragraph", 1),
    ]


def test_a_document_without_sentences_is_still_shown() -> None:
    assert reading_view(document("only this"), [], EN)["blocks"][0]["pieces"] == [
        [None, "only this"]
    ]
