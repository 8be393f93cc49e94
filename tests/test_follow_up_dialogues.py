"""Hand-written dialogues: what each follow-up question has to become, by rules alone.

``equals`` is the whole query; where several wordings would do, ``wants`` are words that must be in
it and ``bans`` words that must not. ``None`` in all three means that the question stands alone.
The dialogues are about many topics on purpose: nothing in the rules may know the bundled article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from chatbot.answering.follow_up import stand_alone
from chatbot.types import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    talk: tuple[str, ...]
    question: str
    equals: str | None = None
    wants: str | None = None
    bans: str = ""

    @property
    def history(self) -> list[Turn]:
        roles = ("user", "assistant")
        return [Turn(role=roles[i % 2], content=text) for i, text in enumerate(self.talk)]


TRUCKS = (
    "How many vehicles did Japan send to Ukraine?",
    "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024 [1].",
)
EIFFEL = (
    "When was the Eiffel Tower built?",
    "The Eiffel Tower was built from 1887 to 1889 [1]. It stands on a field in Paris [2].",
)
CURIE = (
    "Who was Marie Curie?",
    "Marie Curie was a physicist who did pioneering research on radioactivity [1].",
)
CAPITAL = ("What is the capital of France?", "The capital of France is Paris [1].")
REFUSED = (
    "Who is the prime minister of Japan?",
    "The documents do not say who is the prime minister of Japan.",
)
BRIDGE = ("Is the Øresund Bridge closed in winter?", "The bridge stays open all year [1].")
CUP = ("Who won the World Cup in 2018?", "France won the 2018 World Cup by beating Croatia [1].")
OIL = (
    "What caused the 1973 oil crisis?",
    "It began when OAPEC proclaimed an oil embargo in October 1973 [1][2].",
)
MICROSOFT = (
    "Who founded Microsoft?",
    "Bill Gates and Paul Allen founded Microsoft on April 4, 1975 [1].",
)
MEETING = (
    "Who attended the first meeting of NATO and Indo-Pacific defense ministers?",
    "Ministers from Japan, Australia, New Zealand and South Korea attended [1].",
)
PYTHON = (
    "How do I install the requests package with pip?",
    "Run `pip install requests` in your terminal [1].",
)
CARDINALS = (
    "where do the arizona cardinals play this week",
    "The Arizona Cardinals play at State Farm Stadium in Glendale [1].",
)
ASPIRIN = (
    "What are the side effects of aspirin?",
    "Common side effects are stomach pain, heartburn and nausea [1].",
)
RETURNS = (
    "What is the return policy for shoes?",
    "Shoes can be returned within 30 days of purchase [3].",
)
TESLA = ("Where did Nikola Tesla go to university?", "He studied in Graz, Austria [1].")
BEIRUT = (
    "When did the Beirut explosion happen?",
    "The explosion happened on 4 August 2020 in the port of Beirut [1].",
)
CLAIM = (
    "How long is the notice period in the rental contract?",
    "The notice period is three months [4].",
)
RUTTE = (
    "What did Mark Rutte say about Ukraine?",
    '"Our world is closely linked -- and so is our security," Rutte added [2].',
)
PHOTO = (
    "How does photosynthesis work?",
    "Plants turn light, water and carbon dioxide into sugar [1].",
)

FRAGMENTS = [
    Dialogue(talk=TRUCKS, question="And when?", equals="When did Japan send vehicles to Ukraine?"),
    Dialogue(talk=TRUCKS, question="Why?", equals="Why did Japan send vehicles to Ukraine?"),
    Dialogue(talk=TRUCKS, question="But why?", equals="Why did Japan send vehicles to Ukraine?"),
    Dialogue(talk=EIFFEL, question="By whom?", equals="By whom was the Eiffel Tower built?"),
    Dialogue(talk=EIFFEL, question="Where?", equals="Where was the Eiffel Tower built?"),
    Dialogue(talk=BRIDGE, question="Why not?", wants="Why not Øresund Bridge closed winter"),
    Dialogue(talk=BRIDGE, question="since when", wants="since when Øresund Bridge closed"),
    Dialogue(talk=CUP, question="Where?", wants="Where World Cup 2018"),
    Dialogue(talk=CUP, question="And in 2014?", equals="Who won the World Cup in 2014?"),
    Dialogue(talk=CUP, question="2010?", equals="Who won the World Cup in 2010?"),
    Dialogue(
        talk=("Did Japan send vehicles to Ukraine?", "Yes, Japan sent trucks [1]."),
        question="How many?",
        equals="How many vehicles did Japan send to Ukraine?",
    ),
    Dialogue(
        talk=("How many countries attended the summit?", "Seven countries attended [1]."),
        question="Which ones?",
        equals="Which countries attended the summit?",
    ),
    Dialogue(
        talk=("Where was Ada Lovelace born?", "Ada Lovelace was born in London [1]."),
        question="In which year?",
        equals="In which year was Ada Lovelace born?",
    ),
    Dialogue(
        talk=("Does the company pay a dividend?", "Yes, it pays a dividend [1]."),
        question="How often?",
        equals="How often does the company pay a dividend?",
    ),
    Dialogue(
        talk=MEETING,
        question="Who else?",
        equals="Who else attended the first meeting of NATO and Indo-Pacific defense ministers?",
    ),
    Dialogue(talk=OIL, question="Tell me more.", wants="caused 1973 oil crisis"),
    Dialogue(talk=OIL, question="yes please", wants="caused 1973 oil crisis"),
    Dialogue(talk=PHOTO, question="Can you explain that in more detail?", wants="photosynthesis"),
    Dialogue(
        talk=("Tell me about the Treaty of Versailles.", "It ended the war [1]."),
        question="When?",
        wants="When Treaty of Versailles",
    ),
    Dialogue(
        talk=("wer sind sie", "The documents do not say …", *TRUCKS),
        question="how many trucks?",
        equals="How many trucks did Japan send to Ukraine?",
    ),
]

SWAPS = [
    Dialogue(
        talk=TRUCKS,
        question="What about Australia?",
        equals="How many vehicles did Australia send to Ukraine?",
    ),
    Dialogue(
        talk=TRUCKS,
        question="And to Moldova?",
        equals="How many vehicles did Japan send to Moldova?",
    ),
    Dialogue(
        talk=TRUCKS,
        question="And in 2023?",
        equals="How many vehicles did Japan send to Ukraine in 2023?",
    ),
    Dialogue(talk=CAPITAL, question="And Spain?", equals="What is the capital of Spain?"),
    Dialogue(talk=CAPITAL, question="how about germany", equals="What is the capital of germany?"),
    Dialogue(talk=CAPITAL, question="And of Italy?", equals="What is the capital of Italy?"),
    Dialogue(
        talk=("Who is the Japanese defense minister?", "Gen Nakatani is the minister [1]."),
        question="What about South Korea?",
        equals="Who is the South Korean defense minister?",
    ),
    Dialogue(
        talk=("Who is the Japanese defense minister?", "Gen Nakatani is the minister [1]."),
        question="And the Australian one?",
        equals="Who is the Australian defense minister?",
    ),
    Dialogue(
        talk=("What is the population of Kenya?", "Kenya has 54 million inhabitants [1]."),
        question="And the area?",
        equals="What is the area of Kenya?",
    ),
    Dialogue(
        talk=RUTTE,
        question="What about Nakatani?",
        equals="What did Nakatani say about Ukraine?",
    ),
    Dialogue(
        talk=RUTTE,
        question="And about China?",
        equals="What did Mark Rutte say about China?",
    ),
    Dialogue(
        talk=("Did Norway join the EU?", "No, Norway did not join [1]."),
        question="Did Sweden?",
        equals="Did Sweden join the EU?",
    ),
    Dialogue(
        talk=RETURNS,
        question="What about boots?",
        wants="return policy boots",
    ),
    Dialogue(
        talk=(*CAPITAL, "And Spain?", "The capital of Spain is Madrid [1]."),
        question="And Portugal?",
        equals="What is the capital of Portugal?",
        bans="Spain France Madrid",
    ),
    Dialogue(
        talk=(*TRUCKS, "What about Australia?", "The documents do not say …"),
        question="Why?",
        equals="Why did Australia send vehicles to Ukraine?",
    ),
    Dialogue(
        talk=("How much does the basic plan cost per month?", "It costs 5 euros a month [2]."),
        question="And the premium plan?",
        wants="premium plan cost month",
    ),
    Dialogue(
        talk=("Who was elected chancellor in November 2021?", "Olaf Scholz was elected [1]."),
        question="I meant in 2005",
        equals="Who was elected chancellor in 2005?",
    ),
]

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
