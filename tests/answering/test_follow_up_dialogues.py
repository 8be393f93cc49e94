"""Hand-written dialogues: what each follow-up question has to become, by rules alone.

The dialogues are about many topics on purpose: nothing in the rules may know the bundled article.
"""

from __future__ import annotations

import re

import pytest
from follow_up_dialogues import (
    ASPIRIN,
    BEIRUT,
    CAPITAL,
    CARDINALS,
    CLAIM,
    CUP,
    CURIE,
    EIFFEL,
    FRAGMENTS,
    MEETING,
    MICROSOFT,
    OIL,
    PYTHON,
    REFUSED,
    SWAPS,
    TESLA,
    TRUCKS,
    Dialogue,
)

from chatbot.answering.follow_up import stand_alone

REFERENCES = [
    Dialogue(talk=CURIE, question="When was she born?", equals="When was Marie Curie born?"),
    Dialogue(
        talk=CURIE,
        question="What did her husband do?",
        equals="What did Marie Curie's husband do?",
    ),
    Dialogue(talk=EIFFEL, question="How tall is it?", equals="How tall is the Eiffel Tower?"),
    Dialogue(
        talk=EIFFEL,
        question="What is its height in metres?",
        equals="What is the Eiffel Tower's height in metres?",
    ),
    Dialogue(talk=MICROSOFT, question="Where is it based?", equals="Where is Microsoft based?"),
    Dialogue(talk=MICROSOFT, question="How old was he then?", wants="Bill Gates old"),
    Dialogue(
        talk=MICROSOFT, question="When did they meet?", wants="When meet Bill Gates Paul Allen"
    ),
    Dialogue(talk=CAPITAL, question="How many people live there?", wants="people live France"),
    Dialogue(talk=CAPITAL, question="What is its population?", wants="population capital France"),
    Dialogue(talk=OIL, question="How long did it last?", wants="1973 oil crisis last long"),
    Dialogue(
        talk=CARDINALS,
        question="Do they play outside the US?",
        wants="arizona cardinals play outside US",
        bans="they week",
    ),
    Dialogue(talk=CARDINALS, question="where is that stadium?", wants="State Farm Stadium"),
    Dialogue(
        talk=ASPIRIN, question="How can they be avoided?", wants="side effects aspirin avoided"
    ),
    Dialogue(talk=ASPIRIN, question="Is it safe for children?", wants="aspirin safe children"),
    Dialogue(talk=TESLA, question="Did he graduate?", equals="Did Nikola Tesla graduate?"),
    Dialogue(
        talk=TESLA,
        question="How long did he stay there?",
        wants="long Nikola Tesla stay Graz",
    ),
    Dialogue(talk=MEETING, question="Where was that meeting held?", wants="NATO Indo-Pacific held"),
    Dialogue(
        talk=MEETING,
        question="Where did the meeting take place?",
        wants="first meeting NATO Indo-Pacific take place",
    ),
    Dialogue(talk=MEETING, question="What did they discuss?", wants="discuss meeting NATO"),
    Dialogue(talk=BEIRUT, question="How many people died?", wants="people died Beirut explosion"),
    Dialogue(talk=BEIRUT, question="Who was responsible?", wants="responsible Beirut explosion"),
    Dialogue(talk=BEIRUT, question="What was the cause?", wants="cause Beirut explosion"),
    Dialogue(talk=BEIRUT, question="Why did it happen?", wants="Why happen Beirut explosion"),
    Dialogue(talk=CLAIM, question="Can it be extended?", wants="notice period extended"),
    Dialogue(
        talk=REFUSED,
        question="Where was he born?",
        equals="Where was the prime minister of Japan born?",
        bans="documents say",
    ),
    Dialogue(
        talk=("Why did the senate reject the treaty?", "Senators feared for sovereignty [1]."),
        question="When did that happen?",
        equals="When did the senate reject the treaty?",
    ),
    Dialogue(
        talk=(*CURIE, "When was she born?", "She was born on 7 November 1867 [1]."),
        question="And where?",
        equals="Where was Marie Curie born?",
    ),
    Dialogue(
        talk=(
            *CURIE,
            "Which prizes did she win?",
            "She won the Nobel Prize in Physics and in Chemistry [1][2].",
            "When?",
            "In 1903 and in 1911 [3].",
        ),
        question="With whom did she share them?",
        wants="Marie Curie share prizes",
    ),
    Dialogue(
        talk=PYTHON,
        question="How do I uninstall it?",
        equals="How do I uninstall the requests package?",
    ),
    Dialogue(
        talk=("Who wrote Pride and Prejudice?", "Jane Austen wrote Pride and Prejudice [1]."),
        question="What other novels did she write?",
        equals="What other novels did Jane Austen write?",
    ),
    Dialogue(
        talk=(
            "Which languages are spoken in Switzerland?",
            "The languages are:\n- German [1]\n- French [2]\n- Italian [3]\n- Romansh [4]",
        ),
        question="Tell me about the second one",
        wants="French languages Switzerland",
        bans="Romansh German",
    ),
    Dialogue(
        talk=(
            "Which plans are there?",
            "The basic plan costs 5 euros [1]. The premium plan costs 9 euros [2].",
        ),
        question="yes, the second one please",
        wants="premium plan",
        bans="basic",
    ),
]

STAND_ALONE = [
    Dialogue(talk=(), question="How many vehicles did Japan send to Ukraine?"),
    Dialogue(talk=(), question="And when?"),
    Dialogue(talk=(), question="Why did it happen?"),
    Dialogue(talk=TRUCKS, question="Who is the prime minister of Japan?"),
    Dialogue(talk=TRUCKS, question="And who is the prime minister of Japan?"),
    Dialogue(talk=CURIE, question="What is photosynthesis?"),
    Dialogue(talk=CURIE, question="When did Tesla move his laboratory to Colorado?"),
    Dialogue(talk=CURIE, question="Is it true that goldfish have a short memory?"),
    Dialogue(talk=CURIE, question="How long does it take to fly from London to New York?"),
    Dialogue(talk=CURIE, question="How many moons are there around Jupiter?"),
    Dialogue(talk=CURIE, question="What is the name of the river that flows through Vienna?"),
    Dialogue(talk=CURIE, question="Which countries have nuclear weapons and who controls them?"),
    Dialogue(talk=CURIE, question="How old was Mozart when he died?"),
    Dialogue(talk=CURIE, question="What time is it in Tokyo?"),
    Dialogue(talk=CURIE, question="Who said that the earth moves around the sun?"),
    Dialogue(talk=OIL, question="refund policy"),
    Dialogue(talk=OIL, question="Who lost his seat in the 2019 election?"),
    Dialogue(talk=OIL, question="What is the weather like in Oslo this week?"),
    Dialogue(talk=OIL, question="Thank you!"),
    Dialogue(talk=OIL, question="hello"),
    Dialogue(talk=PYTHON, question="What is one of the largest cities of Brazil?"),
    Dialogue(talk=TESLA, question="What about the agreement between NATO and Japan on defence?"),
    Dialogue(talk=CUP, question="日本は何台の車両を送りましたか?"),
    Dialogue(talk=("hello", "Hello! Ask me about your documents."), question="And when?"),
    Dialogue(talk=CARDINALS, question="how many teams are in the nfl"),
]

LEANING_ON_THE_ANSWER = [
    Dialogue(
        talk=("Who did Simone de Beauvoir live with?", "With Jean-Paul Sartre [1]."),
        question="What did he write?",
        equals="What did Jean-Paul Sartre write?",
    ),
    Dialogue(
        talk=("What did the museum buy in 2020?", "It bought paintings by Monet [1]."),
        question="How many?",
        equals="How many paintings did the museum buy in 2020?",
    ),
    Dialogue(
        talk=("What did Kenya export to Germany?", "Kenya exported flowers and tea [1]."),
        question="And how many did Ethiopia export?",
        equals="How many flowers did Ethiopia export (Germany)?",
    ),
    Dialogue(
        talk=("What will Merkel do after the election?", 'She "will write her memoirs" [1].'),
        question="Where?",
        wants="Where Merkel election write memoirs",
    ),
]

ALL = [*FRAGMENTS, *SWAPS, *REFERENCES, *LEANING_ON_THE_ANSWER, *STAND_ALONE]


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.lower().replace("'s", "")))


def title(dialogue: Dialogue) -> str:
    return f"{dialogue.talk[-2] if dialogue.talk else ''} > {dialogue.question}"


def check(dialogue: Dialogue) -> None:
    """Fail unless the rules make of the question what the dialogue says."""
    query = stand_alone(dialogue.question, dialogue.history)

    if dialogue.equals is not None:
        assert query.text == dialogue.equals
    if dialogue.wants is not None:
        assert not words_of(dialogue.wants) - words_of(query.text), query.text
    if dialogue.equals is None and dialogue.wants is None:
        assert query.text == dialogue.question
    assert not words_of(dialogue.bans) & words_of(query.text), query.text
    assert query.changed == (query.text != dialogue.question)


@pytest.mark.parametrize("dialogue", ALL, ids=title)
def test_a_question_becomes_one_that_stands_alone(dialogue: Dialogue) -> None:
    check(dialogue)


@pytest.mark.parametrize("dialogue", ALL, ids=title)
def test_a_question_made_stand_alone_is_left_as_it_is_the_next_time(dialogue: Dialogue) -> None:
    once = stand_alone(dialogue.question, dialogue.history).text

    assert stand_alone(once, dialogue.history).text == once
