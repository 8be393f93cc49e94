from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.models.reader_question import AnswerKind, question_kind
from chatbot.models.reader_spans import spans_of_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who opened the harbour?", AnswerKind.PERSON),
        ("Whose idea was it?", AnswerKind.PERSON),
        ("which actor plays the king", AnswerKind.PERSON),
        ("When did it open?", AnswerKind.DATE),
        ("In what year did it open?", AnswerKind.DATE),
        ("Where do the ferries go?", AnswerKind.PLACE),
        ("Which countries took part?", AnswerKind.PLACE),
        ("How many boats are there?", AnswerKind.NUMBER),
        ("What percentage of them sank?", AnswerKind.NUMBER),
        ("How was it built?", AnswerKind.MANNER),
        ("Why was it torn down?", AnswerKind.REASON),
        ("Did it open in May?", AnswerKind.YES_NO),
        ("What is the name of the harbour?", AnswerKind.NAME),
        ("What did she say?", AnswerKind.THING),
        ("Tell me about boats", AnswerKind.OTHER),
        ("Wer hat das gebaut?", AnswerKind.OTHER),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: AnswerKind) -> None:
    assert question_kind(question).answer is kind


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Which countries took part?", True),
        ("What topics did they discuss?", True),
        ("Who were the guests?", True),
        ("List the ferries.", True),
        ("Which country took part?", False),
        ("Who opened the harbour?", False),
        ("What is the news?", False),
    ],
)
def test_a_question_for_several_things_is_known(question: str, several: bool) -> None:
    assert question_kind(question).several is several


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Why was it torn down?", True),
        ("How do trains stop?", True),
        ("What did she promise?", True),
        ("What is the difference between the two docks?", True),
        ("what causes rust", True),
        ("difference between ferry and boat", True),
        ("Explain the new rules.", True),
        ("When was the purpose of the dock changed?", False),
        ("Is there a difference?", False),
        ("What is the harbour?", False),
        ("How many ships came?", False),
        ("Who opened it?", False),
        ("Tell me about boats", False),
    ],
)
def test_a_question_that_one_fact_may_not_answer_is_open(question: str, several: bool) -> None:
    assert question_kind(question).open is several


@pytest.mark.parametrize(
    ("question", "broad"),
    [
        ("How do I clean the pump?", True),
        ("What are the effects of rust?", True),
        ("Compare the two docks.", True),
        ("What did she promise?", False),
        ("Why was it torn down?", False),
        ("How many ships came?", False),
        ("What does it cost?", False),
    ],
)
def test_a_question_for_an_account_is_broad(question: str, broad: bool) -> None:
    assert question_kind(question).broad is broad


def test_what_something_costs_is_a_number() -> None:
    assert question_kind("What does a city bike cost?").answer is AnswerKind.NUMBER
    assert question_kind("What will the cost of it change?").answer is not AnswerKind.NUMBER


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (AnswerKind.DATE, "It ran from May 2023 to March 2024.", ["from May 2023 to March 2024"]),
        (AnswerKind.DATE, "On 3 June 1987 and in the 1990s.", ["3 June 1987", "1990s"]),
        (AnswerKind.DATE, "They may come on Thursday.", ["Thursday"]),
        (AnswerKind.NUMBER, "It cost $12.5 million for 240 boats.", ["$12.5 million", "240"]),
        (AnswerKind.NUMBER, "Twenty-two men, a third of all", ["Twenty-two", "third"]),
        (AnswerKind.PERSON, "Mayor Ingrid Sollow met Brandt.", ["Mayor Ingrid Sollow"]),
        (AnswerKind.PERSON, "Sollow said it in Osterby.", ["Sollow"]),
        (AnswerKind.PLACE, "He lived in New Zealand.", ["New Zealand"]),
        (AnswerKind.NAME, "However, Lunden's harbour grew.", ["Lunden"]),
        (AnswerKind.THING, "Boats.", []),
    ],
)
def test_spans_of_a_kind_are_found(kind: AnswerKind, text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in spans_of_kind(text, kind)] == expected


@given(st.text(max_size=120), st.sampled_from(list(AnswerKind)))
def test_spans_lie_inside_any_text(text: str, kind: AnswerKind) -> None:
    for span in spans_of_kind(text, kind):
        assert 0 <= span.start < span.end <= len(text)
