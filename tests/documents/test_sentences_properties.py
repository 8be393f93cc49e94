"""What holds for the sentences of any text whatever, and how the time grows."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.documents import sentence_spans
from chatbot.documents.blocks import ContentBuilder
from chatbot.documents.sentences import MAX_SENTENCE, split_content

PIECES = st.sampled_from(
    [
        *(". ", "! ", "? ", "… ", "...", "。", "」", ".\n", "\n\n", "\r\n", "\t", " | ", "\u2028"),
        *('"', "'", "“", "”", "«", "»", "(", ")", "[1]", "[...]", "``", "''", "*", "- ", "• "),
        *("Mr.", "U.S.", "e.g.", "No.", "a.m.", "Inc.", "J.", "1.", "3.5", "Lic.", "§", "ß", "İ"),
        *("He", "said", "Ukraine", "the", "42", "日本", "नमस्ते", "😀", "\u200d", "\x00", "\ud800"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=60).map("".join),
    st.lists(PIECES, max_size=60).map(" ".join),
)


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_spans_are_exact_ordered_trimmed_and_cover_every_visible_character(text: str) -> None:
    spans = sentence_spans(text)
    covered = set()
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        piece = text[span.start : span.end]
        assert piece == piece.strip()
        assert len(piece) <= MAX_SENTENCE
        covered.update(range(span.start, span.end))
        position = span.end
    assert all(char.isspace() for n, char in enumerate(text) if n not in covered)


@given(st.lists(TEXTS, max_size=6))
@settings(max_examples=150, deadline=None)
def test_every_sentence_of_a_document_is_the_text_at_its_offsets(paragraphs: list[str]) -> None:
    builder = ContentBuilder("x")
    for number, paragraph in enumerate(paragraphs):
        if number % 3 == 0:
            builder.add_heading(paragraph)
        builder.add(paragraph, close=number % 2 == 0)
    content = builder.build()
    sentences = split_content(content)
    assert [sentence.index for sentence in sentences] == list(range(len(sentences)))
    for sentence in sentences:
        assert content.text[sentence.start : sentence.end] == sentence.text
    visible = sum(not char.isspace() for char in content.text)
    assert visible == sum(not c.isspace() for s in sentences for c in s.text)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_sentence_cut_again_stays_whole_or_is_only_cut_finer(text: str) -> None:
    once = [text[span.start : span.end] for span in sentence_spans(text)]
    twice = [piece[s.start : s.end] for piece in once for s in sentence_spans(piece)]
    assert "".join("".join(once).split()) == "".join("".join(twice).split())


def test_text_without_an_end_is_cut_where_it_hurts_least() -> None:
    words = "and then they went on to talk about the next point, " * 100
    lengths = [span.end - span.start for span in sentence_spans(words)]
    assert max(lengths) <= MAX_SENTENCE
    assert all(words[span.start : span.end].endswith(",") for span in sentence_spans(words))
    assert len(sentence_spans("x" * 5000)) == 4


@pytest.mark.parametrize(
    "unit",
    [
        *("He went home. ", "a. ", "A. B. ", "e.g. ", "(A. ", '". ', ". ", ".", "(", "\n", "a\n"),
        *("Lic. Abc ", "[1]. ", "😀. ", "「。」", "|a|b|\n", "x", " ", "- a\n", "1. ", "**a.** "),
        "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod\n",
    ],
)
def test_the_time_grows_in_proportion_to_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        start = time.process_time()
        sentence_spans(text)
        return time.process_time() - start

    # Eight times the text would take 64 times as long if anything grew with the square. One of
    # four attempts is enough: other programs can only make it look slower.
    assert any(seconds(40_000) < 24 * max(seconds(5_000), 0.002) for _ in range(4))
