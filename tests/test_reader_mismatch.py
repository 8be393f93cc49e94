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
        ("How heavy is the crane?", "The crane is 44 metres high."),
        ("What does the ferry cost?", "The ferry leaves on Sunday."),
        ("What is the price of the ticket?", "The ticket is sold at the harbour."),
        ("At what temperature does the oil burn?", "Fill the oil up to the mark."),
        ("What is the phone number of the harbour?", "The harbour is open from 8 to 5."),
        ("Which brand of crane does the harbour have?", "The harbour has two cranes and a dock."),
        ("How far is the island?", "The island belongs to Norway."),
        ("How many boats did Norway buy?", "Norway bought boats for the navy."),
        ("In what year was the dock built?", "The dock was built of stone."),
        ("When is the dock open on Saturday?", "Tuesday to Friday | 9:30 to 18:30"),
    ],
)
def test_a_sentence_about_somebody_or_something_else_is_seen(question: str, sentence: str) -> None:
    assert mismatches(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "before"),
    [
        ("Who is the deputy mayor of Bergen?", "Ida Holm is Bergen's deputy mayor.", ""),
        ("Who is the head of the club?", "Per Dahl leads the club.", ""),
        ("When is the dock open on Saturday?", "Saturday | 10:00 to 14:00", ""),
        ("When is the dock open on Wednesdays?", "Tuesday to Friday | 9:30 to 18:30", ""),
        ("When is the dock open on Sunday?", "Friday-Monday: 9:30 to 18:30", ""),
        ("When is the dock open on Saturday?", "The dock opens at ten.", ""),
        ("What did he say on Friday?", "He repeated what he had said on Monday.", ""),
        ("Who is the mayor of Oslo?", "Oslo Mayor Per Dahl resigned.", ""),
        ("How many boats did Norway buy?", "The Norwegian navy bought 31 boats.", ""),
        ("How many boats did Norway buy?", "Boats were bought in 2019: 31.", "Norway has a navy."),
        ("How many boats did Denmark buy?", "It bought 31 boats.", ""),
        ("How old is Ida Holm?", "Ida Holm, 52, is a sailor.", ""),
        ("Where was Ida Holm born?", "Holm, a native of Bergen, is a sailor.", ""),
        ("How heavy is the crane?", "The crane weighs twelve tonnes.", ""),
        ("What does the ferry cost?", "The ferry is free for children.", ""),
        ("What does a city bike cost?", "City bike | 12 | 19", ""),
        ("At what temperature does the oil burn?", "It burns at 230 °C.", ""),
        ("What is the phone number of the harbour?", "Call 0045 55 12 if it burns.", ""),
        ("Which brand of crane does the harbour have?", "The cranes are made by Liebherr.", ""),
        ("Which brand is the boat?", "Yanmar built the engine.", ""),
        ("How many boats did Norway buy?", "Norway bought no boats.", ""),
        ("How many boats did Norway buy?", "Norway bought a boat.", ""),
        ("In what year was the dock built?", "The dock was built in the last decade.", ""),
    ],
)
def test_a_sentence_that_may_answer_passes(question: str, sentence: str, before: str) -> None:
    assert not mismatches(question, sentence, before=before)
