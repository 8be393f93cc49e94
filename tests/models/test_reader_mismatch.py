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
        ("How many boats did Norway buy?", "Norway has bought boats for the navy since 2019."),
        ("Who was the mayor of Bergen before Ida Holm?", "Mayor Ida Holm opened the dock."),
        ("Who succeeded Per Dahl?", "Per Dahl was mayor of Bergen."),
        ("In what year was the dock built?", "The dock was built of stone."),
        ("When is the dock open on Saturday?", "Tuesday to Friday | 9:30 to 18:30"),
        ("When is the dock open on Sunday?", "The dock is open from Monday to Friday."),
        ("How many boats did Norway buy in 1999?", "From 2003 to 2005 Norway bought 31 boats."),
        ("Who led the guild in May 1999?", "Ida Holm led the guild in 2003, as before."),
        ("When did Norway buy 250 boats?", "Norway bought 31 boats in May."),
        ("Who is Denmark's harbour minister?", "The Norwegian minister met guests from Denmark."),
        (
            "What is the name of Denmark's harbour minister?",
            "The Norwegian harbour minister Ida Holm met her guests from Iceland and Denmark.",
        ),
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
        ("How many boats did Norway buy in 2004?", "From 2003 to 2005 it bought 31 boats.", ""),
        ("How many boats did it buy in 2004?", "Since 2003 it has bought 31 boats.", ""),
        ("What was built in 1955?", "The dock was built in the 1950s, the crane in 1961.", ""),
        ("What did it buy in 2004?", "It paid $2003 for a crane.", ""),
        ("When did Norway buy 31 boats?", "Norway bought 31 boats and 2 boats more.", ""),
        ("Who sold the 1,200 boats?", "Of 1200 boats 31 boats were sold by Norway.", ""),
        ("Who may sell 31 boats?", "A sale of less than 20 boats is up to Ida Holm.", ""),
        ("Who sold 31 boats?", "Norway sold 12 cranes.", ""),
        ("How many boats did Denmark buy?", "Danish sailors bought 31 boats.", ""),
        ("How many boats did the Dutch navy buy?", "The Netherlands bought 31 boats.", ""),
        ("How many boats did the United States buy?", "American sailors bought 31.", ""),
        ("Who is Laos's harbour minister?", "He met Laotian Harbour Minister Souvan.", ""),
        ("Who is Norway's harbour minister?", "Norwegian Harbour Minister Ida Holm met him.", ""),
        ("Who is the author looking for?", "Looking for a friend to sail with.", ""),
        ("Who is playing at the harbour?", "The band of the harbour sings there.", ""),
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
        ("How many boats did Norway buy?", "It owned 12 in 1999.", ""),
        ("How many people came?", "There came 2000 people in June.", ""),
        ("Who was mayor before Ida Holm?", "Holm took over from Per Dahl.", ""),
        ("Who led the guild before the war?", "Per Dahl led it.", ""),
        ("How many boats did Norway buy?", "Norway bought a boat.", ""),
        ("In what year was the dock built?", "The dock was built in the last decade.", ""),
    ],
)
def test_a_sentence_that_may_answer_passes(question: str, sentence: str, before: str) -> None:
    assert not mismatches(question, sentence, before=before)
