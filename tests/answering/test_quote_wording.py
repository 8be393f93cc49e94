from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answering.past_tense import past_tense
from chatbot.answering.question_parts import question_parts
from chatbot.answering.refusal import GENERAL_REFUSAL, refusal


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("Who is the prime minister of Japan?", "who the prime minister of Japan is"),
        ("What is the capital of France?", "what the capital of France is"),
        ("How old is Sollow?", "how old Sollow is"),
        ("When was Ingrid Sollow born?", "when Ingrid Sollow was born"),
        ("Where was the meeting held?", "where the meeting was held"),
        ("Where is Taiwan located?", "where Taiwan is located"),
        ("Who opened the harbour?", "who opened the harbour"),
        ("Which towns have ferries?", "which towns have ferries"),
        ("Which towns are members of the league?", "which towns are members of the league"),
        ("How many people live in Lunden?", "how many people live in Lunden"),
        ("What was discussed at the meeting?", "what was discussed at the meeting"),
        ("How many boats did Lunden buy?", "how many boats Lunden bought"),
        ("Why did the ferry stop?", "why the ferry stopped"),
        ("When does the summit start?", "when the summit starts"),
        ("What will Lunden build?", "what Lunden will build"),
        ("In which year did Sollow visit Osterby?", "in which year Sollow visited Osterby"),
        ("Is Lunden a town?", None),
        ("Did Sollow visit Osterby?", "whether Sollow visited Osterby"),
        (
            "Is the date of the summit already fixed?",
            "whether the date of the summit is already fixed",
        ),
        ("Has Sollow visited Osterby?", "whether Sollow has visited Osterby"),
        ("who won the race", "who won the race"),
    ],
)
def test_a_refusal_names_what_is_not_said(question: str, clause: str | None) -> None:
    expected = clause or "whether Lunden is a town"
    assert refusal(question) == f"The documents do not say {expected}."


@pytest.mark.parametrize(
    "question",
    [
        "Who are you?",
        "Where can I buy it?",
        "Tell me about boats",
        "Boats?",
        "What color is the flag of Lunden?",
        "WHO IS THE MAYOR?",
        "Who is [1] and <b>what</b>?",
        "Wer ist der Bürgermeister?",
        "What is he doing?",
        "",
    ],
)
def test_a_refusal_is_general_where_the_rules_are_not_sure(question: str) -> None:
    assert refusal(question) == GENERAL_REFUSAL


def test_beside_another_answer_the_question_is_repeated() -> None:
    assert (
        refusal("What color is the flag?", named=True)
        == "The documents do not answer “What color is the flag?”."
    )
    assert refusal("What is [2]?", named=True) == GENERAL_REFUSAL


@given(st.text(max_size=80))
def test_any_question_gives_one_plain_sentence(question: str) -> None:
    text = refusal(question)
    assert text.startswith("The documents do not ")
    assert text.endswith(".")
    assert not set("[]<>\n") & set(text)


@pytest.mark.parametrize(
    ("verb", "past"),
    [
        ("send", "sent"),
        ("agree", "agreed"),
        ("carry", "carried"),
        ("stay", "stayed"),
        ("stop", "stopped"),
        ("visit", "visited"),
        ("occur", "occurred"),
        ("help", "helped"),
        ("cook", "cooked"),
    ],
)
def test_past_tense(verb: str, past: str) -> None:
    assert past_tense(verb) == past


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When and where did they meet?",
            ("When did they meet?", "Where did they meet?"),
        ),
        (
            "What did Sollow say and who attended?",
            ("What did Sollow say?", "Who attended?"),
        ),
        ("When did it start, and why?", ("When did it start?", "Why did it start?")),
        (
            "Who is Ingrid Sollow and what did she open?",
            ("Who is Ingrid Sollow?", "What did Ingrid Sollow open?"),
        ),
        ("What was built? Who paid for it?", ("What was built?", "Who paid for it?")),
        ("How many boats and ferries are there?", ("How many boats and ferries are there?",)),
        ("What happened and when?", ("What happened and when?",)),
        ("Who opened the harbour?", ("Who opened the harbour?",)),
        ("I asked what he said and who came", ("I asked what he said and who came",)),
        ("A? B?", ("A? B?",)),
    ],
)
def test_a_question_is_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    assert question_parts(question) == parts


@given(st.text(max_size=120))
def test_any_question_has_one_to_three_parts(question: str) -> None:
    assert 1 <= len(question_parts(question)) <= 3
