"""Chunks follow paragraphs and headings and stay within the embedder's length."""

from __future__ import annotations

from documents_helpers import count_words, parse
from hypothesis import given
from hypothesis import strategies as st

from chatbot.documents.chunks import MAX_CHUNK_TOKENS, MERGE_TOKENS, chunk_sentences
from chatbot.types import Chunk, Sentence


def made(*paragraphs: tuple[str | None, list[int]]) -> list[Sentence]:
    """Make sentences of so many words; a paragraph is (heading, words of each sentence)."""
    sentences: list[Sentence] = []
    for number, (heading, sizes) in enumerate(paragraphs):
        for size in sizes:
            text = " ".join(["word"] * size)
            sentences.append(
                Sentence(
                    index=len(sentences),
                    start=0,
                    end=len(text),
                    text=text,
                    heading=heading,
                    paragraph=number,
                )
            )
    return sentences


def spans(chunks: tuple[Chunk, ...]) -> list[tuple[int, int]]:
    return [(chunk.first, chunk.last) for chunk in chunks]


def test_an_ordinary_paragraph_is_a_chunk_of_its_own() -> None:
    sentences = made((None, [40, 40, 40]), (None, [50, 60]), (None, [90, 90]))
    assert spans(chunk_sentences(sentences, count_words)) == [(0, 2), (3, 4), (5, 6)]


def test_short_paragraphs_are_merged_up_to_the_merge_limit() -> None:
    sentences = made(*[(None, [30])] * 9)
    assert spans(chunk_sentences(sentences, count_words)) == [(0, 3), (4, 7), (8, 8)]


def test_paragraphs_of_two_sections_are_not_merged() -> None:
    sentences = made(("One", [10]), ("One", [10]), ("Two", [10]))
    assert spans(chunk_sentences(sentences, count_words)) == [(0, 1), (2, 2)]


def test_a_heading_goes_with_what_follows_it() -> None:
    parsed = parse("# War\n\nIt began.\n\n## Peace\n\n" + "It ended well. " * 40, "x.md")
    first, second = parsed.chunks[:2]
    assert [s.text for s in parsed.sentences[first.first : first.last + 1]] == ["War", "It began."]
    assert parsed.sentences[second.first].text == "Peace"
    assert second.last > second.first


def test_a_long_paragraph_is_cut_into_parts_of_similar_length() -> None:
    sentences = made((None, [20] * 21))
    chunks = chunk_sentences(sentences, count_words)
    sizes = [20 * (chunk.last - chunk.first + 1) for chunk in chunks]
    assert len(sizes) == 3
    assert max(sizes) <= MAX_CHUNK_TOKENS
    assert min(sizes) >= 100


def test_a_sentence_over_the_limit_is_a_chunk_alone() -> None:
    sentences = made((None, [10, 500, 10]))
    assert spans(chunk_sentences(sentences, count_words)) == [(0, 0), (1, 1), (2, 2)]


def test_no_sentences_give_no_chunks() -> None:
    assert chunk_sentences([], count_words) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "A", "B"]),
            st.lists(st.integers(1, 260), min_size=1, max_size=8),
        ),
        max_size=12,
    )
)
def test_chunks_cover_all_sentences_once_and_keep_the_limit(
    paragraphs: list[tuple[str | None, list[int]]],
) -> None:
    sentences = made(*paragraphs)
    chunks = chunk_sentences(sentences, count_words)
    position = 0
    for index, chunk in enumerate(chunks):
        assert (chunk.index, chunk.first) == (index, position)
        position = chunk.last + 1
        size = sum(len(s.text.split()) for s in sentences[chunk.first : position])
        assert size <= MAX_CHUNK_TOKENS or chunk.first == chunk.last
        numbers = {s.paragraph for s in sentences[chunk.first : position]}
        assert size <= MERGE_TOKENS or len(numbers) == 1
    assert position == len(sentences)
