"""A document as the page shows it: every character once, sentences exactly."""

from __future__ import annotations

from dataclasses import replace

from ui_fakes import split

from chatbot.types import Document, Sentence
from chatbot.ui.reading import reading_view
from chatbot.ui.render import document_view
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


def test_a_document_without_sentences_is_still_shown() -> None:
    assert reading_view(document("only this"), [], EN)["blocks"][0]["pieces"] == [
        [None, "only this"]
    ]


def test_a_row_says_kind_length_and_day() -> None:
    view = document_view(replace(document(TEXT), added="2026-11-22T10:00:00Z"), EN)
    assert view["facts"] == "md · 2 sentences"
    assert view["added"] == "2026-11-22T10:00:00Z"
    assert view["whose"] == "everybody’s"
