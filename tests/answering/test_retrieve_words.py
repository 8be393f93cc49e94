from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.answering.ranking import ChunkTexts, query_terms, query_words, scores, signals
from chatbot.models.stem import stem
from chatbot.models.word_stems import stems, word_stem, words

_ENDINGS = (
    """
    ational tional enci anci izer logi bli alli entli eli ousli ization ation ator alism iveness
    fulness ousness aliti iviti biliti icate ative alize iciti ical ful ness al ance ence er ic able
    ible ant ement ment ent ou ism ate iti ous ive ize sion tion ion s es ies sses ed ing eed y ll e
""".split()
    + [""] * 20
)


def test_stop_words_and_repeated_words_are_not_searched() -> None:
    found = [word.surface for word in query_terms("Who sent the trucks, and which truck was sent?")]
    assert found == ["sent", "trucks"]


def test_an_abbreviation_is_not_taken_for_a_stop_word() -> None:
    assert [word.surface for word in query_terms("What did the US and us want?")] == ["US", "want"]
    assert word_stem("U.S.") == word_stem("US")


def test_the_ending_after_an_apostrophe_is_no_word() -> None:
    assert [word.surface for word in words("Japan's minister didn’t")] == [
        "Japan",
        "minister",
        "didn",
    ]


def test_a_number_with_separators_is_one_word() -> None:
    assert [word.surface for word in words("1,000 of 3.5 in 2022.")] == [
        "1,000",
        "of",
        "3.5",
        "in",
        "2022",
    ]


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.surface
    assert all(stems(text))


@given(
    st.lists(
        st.builds(
            lambda base, one, other: base + one + other,
            st.text(alphabet="aeioubcdfglmnprstwxz", min_size=1, max_size=5),
            st.sampled_from(_ENDINGS),
            st.sampled_from(_ENDINGS),
        ),
        min_size=200,
        max_size=300,
        unique=True,
    )
)
@settings(max_examples=10, deadline=None)
def test_stems_are_those_of_the_full_text_index(found: list[str]) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize = 'porter unicode61')")
    index.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    index.executemany("INSERT INTO t (rowid, x) VALUES (?, ?)", list(enumerate(found)))
    expected = dict(index.execute("SELECT doc, term FROM v"))
    index.close()
    assert [stem(word) for word in found] == [expected[row] for row in range(len(found))]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    query = query_words("harbour boats", ["harbour", "boat"], [90, 1], 100)
    chunk = ChunkTexts(
        sentences=("The harbour.", "The boats."), dense=np.zeros(2, np.float32), chunk_dense=0.0
    )
    common, rare = scores(signals(query, [chunk]))
    assert rare > common


def test_the_sentence_before_counts_within_the_chunk_only() -> None:
    query = query_words("boat", ["boat"], [1], 10)
    none = np.zeros(1, np.float32)
    two = ChunkTexts(
        sentences=("A boat.", "It sank."), dense=np.zeros(2, np.float32), chunk_dense=0.0
    )
    other = ChunkTexts(sentences=("It rained.",), dense=none, chunk_dense=0.0)
    rows = signals(query, [two, other])
    with_before = rows[:, 3]
    assert with_before.tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("terms", [[], ["boat"]])
def test_no_chunks_and_no_terms_give_numbers_all_the_same(terms: list[str]) -> None:
    query = query_words("boat", terms, [0] * len(terms), 10)
    assert signals(query, []).shape == (0, 7)
    chunk = ChunkTexts(sentences=("A boat.",), dense=np.ones(1, np.float32), chunk_dense=1.0)
    assert np.isfinite(signals(query, [chunk])).all()


@given(st.text(alphabet="abé1.,'’s-_日 \t\n\u00a0\u2003\u3000\x1cUS", max_size=40))
def test_stems_are_those_of_the_words_whatever_stands_between(text: str) -> None:
    assert stems(text) == tuple(word.stem for word in words(text))


def test_a_pair_counts_only_where_both_words_stand_side_by_side_in_one_sentence() -> None:
    query = query_words("fast boat race", ["boat"], [1], 10)
    texts = ("The fast boat won.", "It was fast.", "Boat race of a fast, fast boat.", "Race.")
    chunk = ChunkTexts(sentences=texts, dense=np.zeros(4, np.float32), chunk_dense=0.0)
    pairs = signals(query, [chunk])[:, 5]
    assert pairs.tolist() == [0.5, 0.0, 1.0, 0.0]
