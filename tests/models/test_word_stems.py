"""Words of scripts that put no spaces between them, or marks inside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.models.word_stems import stems, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("灯台は白い", ["灯台", "台は", "は白", "白い"]),
        ("灯", ["灯"]),
        ("2021年开放", ["2021", "年开", "开放"]),
        ("등대가 있다", ["등대", "대가", "있다"]),
        ("प्रकाशस्तंभ ऊँचा है।", ["प्रकाशस्तंभ", "ऊँचा", "है"]),
        ("مَنارَة بيضاء", ["مَنارَة", "بيضاء"]),
        ("El faro de Brandholm", ["El", "faro", "de", "Brandholm"]),
        ("4,500 tons for the U.S. ships", ["4,500", "tons", "for", "the", "U.S.", "ships"]),
    ],
)
def test_words_are_those_that_a_search_looks_for(text: str, found: list[str]) -> None:
    assert [word.surface for word in words(text)] == found


def test_a_word_is_found_with_its_vowel_marks_and_without() -> None:
    assert stems("مَنارَة") == stems("منارة")


def test_two_marks_side_by_side_are_a_word_of_their_own() -> None:
    assert [word.surface for word in words("ที่ปิด")] == ["ที", "ี่", "่ป", "ปิ", "ิด"]
    assert len(stems("ที่ปิด ﾞ")) == 6


@given(st.text(alphabet=st.sampled_from("ab 1.,'灯台はア등के मَ。ที่ုំ\uff9e"), max_size=40))
def test_a_word_stands_where_it_says_and_stems_are_those_of_the_words(text: str) -> None:
    found = words(text)
    assert all(text[word.start : word.end] == word.surface for word in found)
    if "'" not in text:
        assert stems(text) == tuple(word.stem for word in found)
