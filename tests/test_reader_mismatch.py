"""Plain contradictions between a question and a sentence; none of them on the bundled article."""

from __future__ import annotations

import pytest

from chatbot.models.reader_mismatch import mismatches


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the deputy mayor of Bergen?", "The former mayor of Bergen, Ida Holm, resigned."),
        ("Who was the first coach of the club?", "Its last coach, Per Dahl, left in May."),
        ("Who is the mayor of Oslo?", "The mayor and guests from towns such as Oslo met Dahl."),
        ("How many boats did Denmark buy?", "Norway bought 31 boats and two cranes in 2019."),
        ("How old is Ida Holm?", "Ida Holm called on the harbour to open earlier."),
        ("How much money did Norway give?", "Norway gave three cranes."),
        ("Where was Ida Holm born?", "Ida Holm met the guild in Bergen."),
    ],
)
def test_a_sentence_about_somebody_or_something_else_is_seen(question: str, sentence: str) -> None:
    assert mismatches(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "before"),
    [
        ("Who is the deputy mayor of Bergen?", "Ida Holm is Bergen's deputy mayor.", ""),
        ("Who is the head of the club?", "Per Dahl leads the club.", ""),
        ("Who is the mayor of Oslo?", "Oslo Mayor Per Dahl resigned.", ""),
        ("How many boats did Norway buy?", "The Norwegian navy bought 31 boats.", ""),
        ("How many boats did Norway buy?", "Boats were bought in 2019: 31.", "Norway has a navy."),
        ("How many boats did Denmark buy?", "It bought 31 boats.", ""),
        ("How old is Ida Holm?", "Ida Holm, 52, is a sailor.", ""),
        ("Where was Ida Holm born?", "Holm, a native of Bergen, is a sailor.", ""),
    ],
)
def test_a_sentence_that_may_answer_passes(question: str, sentence: str, before: str) -> None:
    assert not mismatches(question, sentence, before=before)
