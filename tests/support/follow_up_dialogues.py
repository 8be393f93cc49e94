"""Hand-written dialogues: fragments and swapped parts, and what they are said in reply to.

``equals`` is the whole query; where several wordings would do, ``wants`` are words that must be in
it and ``bans`` words that must not. ``None`` in all three means that the question stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass

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
