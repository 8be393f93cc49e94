"""Claims written by hand about the article and a second text, with what a careful reader says.

``HELD_OUT`` was never looked at while the verifier was made; ``TUNING`` was.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

ARTICLE = (
    "The defense ministers of Japan and three other Indo-Pacific countries agreed at their first "
    "meeting with their NATO counterparts on Thursday in Brussels to boost cooperation, amid "
    "China's growing military assertiveness and Russia's protracted invasion of Ukraine.",
    "Japanese Defense Minister Gen Nakatani called on the NATO ministers and his counterparts from "
    "Australia, New Zealand and South Korea to expand coordinated efforts against unilateral "
    "attempts to change the status quo by force or coercion.",
    '"The war in Ukraine has shown that instability in Europe can have far reaching consequences '
    "across the world, and that countries thousands of miles away -- as far away as Iran, China "
    'and even North Korea -- can become security spoilers in our own backyard," said NATO '
    "Secretary General Mark Rutte.",
    '"Our world is closely linked -- and so is our security," Rutte added.',
    "The ministers also discussed how to work together to support Ukraine, boost cyber defenses, "
    "defense production and innovation as well as counter disinformation and harness new "
    "technologies including artificial intelligence, according to NATO.",
    "Earlier in the day, Nakatani held talks with Ukrainian Defense Minister Rustem Umerov and "
    "vowed that Japan will provide additional Self-Defense Forces vehicles to Kyiv in support of "
    "its efforts to repel Russia's full-scale invasion that began in 2022.",
    "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024.",
    "NATO has invited leaders from Asian and Oceanian countries to its summits since 2022.",
    "Ukrainian President Volodymyr Zelenskyy, who was in Belgium to pitch his victory plan and "
    "urge European leaders to issue an immediate invitation to join NATO, said at a press "
    "conference in Brussels that he was grateful for Japan's support.",
    "Japan fears that what happened in Ukraine could also occur in East Asia, with Taiwan facing "
    "an increased military threat from China, which earlier in the week conducted large-scale "
    "military drills around the self-ruled island that Beijing claims as part of its territory.",
    "On Ukraine's aspiration to join NATO, Rutte told a separate press conference before the "
    "meeting with the Indo-Pacific defense ministers that while the timing remains uncertain, "
    "Ukraine will become a member of the alliance in the future.",
    "Nakatani also discussed cooperation among the four Indo-Pacific countries in separate talks "
    "with the defense ministers from Australia, New Zealand, and South Korea.",
    "After the meeting of NATO and Indo-Pacific ministers, Nakatani is scheduled to attend the "
    "first-ever defense ministerial gathering of the Group of Seven countries later this week in "
    "Italy.",
)

BRIDGE = (
    "The Marlow Bridge opened in 1832 and spans 72 metres across the river.",
    "It was designed by William Clark, who later built the chain bridge in Budapest.",
    "About 4,000 vehicles cross it every day, although lorries heavier than 3 tonnes are banned.",
    "The town council plans to close the bridge for repairs in 2026 if the government pays half of "
    "the estimated cost of £5 million.",
    "In 2016 a Lithuanian lorry of 37 tonnes damaged the hangers, and the bridge stayed shut for "
    "two months.",
    "No one was hurt in the accident.",
)


class HandCase(NamedTuple):
    """A claim about a text, and whether the text supports it."""

    text: tuple[str, ...]
    claim: str
    supported: bool


_TRUE = (
    (ARTICLE, "Japan gave Ukraine 101 trucks and other SDF vehicles."),
    (
        ARTICLE,
        "Between May 2023 and March 2024, 101 Japanese military vehicles were sent to Ukraine.",
    ),
    (
        ARTICLE,
        "Japan supplied Ukraine with 101 trucks and other vehicles of its Self-Defense Forces.",
    ),
    (ARTICLE, "Japan delivered 101 trucks and other vehicles to Ukraine."),
    (ARTICLE, "Rutte said that Ukraine will become a member."),
    (ARTICLE, "Mark Rutte said Ukraine will become a member of NATO in the future."),
    (
        ARTICLE,
        "According to Rutte, Ukraine will join the alliance, though the timing is uncertain.",
    ),
    (ARTICLE, "Zelenskyy thanked Japan for its support."),
    (ARTICLE, "Zelenskyy said in Brussels that he was grateful for Japan's support."),
    (
        ARTICLE,
        "The Ukrainian president urged European leaders to invite Ukraine to join NATO immediately.",
    ),
    (ARTICLE, "Russia's full-scale invasion of Ukraine began in 2022."),
    (ARTICLE, "Nakatani met Ukrainian Defense Minister Rustem Umerov."),
    (ARTICLE, "Nakatani promised that Japan will provide more SDF vehicles to Ukraine."),
    (ARTICLE, "China held large-scale military drills around Taiwan earlier in the week."),
    (ARTICLE, "Beijing claims Taiwan as part of its territory."),
    (ARTICLE, "Japan worries that the events in Ukraine could also happen in East Asia."),
    (ARTICLE, "The meeting took place on Thursday in Brussels."),
    (
        ARTICLE,
        "It was the first meeting of the Indo-Pacific defense ministers with their NATO counterparts.",
    ),
    (ARTICLE, "Gen Nakatani is the Japanese defense minister."),
    (ARTICLE, "Mark Rutte is the Secretary General of NATO."),
    (ARTICLE, "The G7 defense ministers will meet in Italy later this week."),
    (
        ARTICLE,
        "Nakatani will attend the first defense ministerial gathering of the Group of Seven in Italy.",
    ),
    (ARTICLE, "Since 2022, NATO has invited Asian and Oceanian leaders to its summits."),
    (
        ARTICLE,
        "The ministers discussed cyber defenses, disinformation and artificial intelligence.",
    ),
    (ARTICLE, "The ministers talked about how to support Ukraine together."),
    (
        ARTICLE,
        "Japan sent 101 vehicles to Ukraine, and Zelenskyy said he was grateful for Japan's support.",
    ),
    (
        ARTICLE,
        "NATO has invited leaders from Asian countries since 2022, and China conducted military drills around Taiwan.",
    ),
    (
        ARTICLE,
        "Nakatani held talks with Umerov and is scheduled to attend the G7 gathering in Italy.",
    ),
    (ARTICLE, "Taiwan faces an increased military threat from China."),
    (
        ARTICLE,
        "Nakatani also spoke with the defense ministers of Australia, New Zealand and South Korea.",
    ),
    (ARTICLE, "Rutte said that our world is closely linked, and so is our security."),
    (ARTICLE, "The four Indo-Pacific countries are Japan, Australia, New Zealand and South Korea."),
    (BRIDGE, "The Marlow Bridge was opened in 1832."),
    (BRIDGE, "The bridge is 72 metres long."),
    (BRIDGE, "William Clark designed the bridge."),
    (BRIDGE, "Around four thousand vehicles use the bridge each day."),
    (BRIDGE, "Lorries over 3 tonnes are not allowed on the bridge."),
    (BRIDGE, "The council plans to shut the bridge for repairs in 2026."),
    (BRIDGE, "A lorry damaged the bridge in 2016, and it was closed for two months."),
    (BRIDGE, "Nobody was injured in the accident."),
    (BRIDGE, "Repairs are estimated to cost £5 million."),
    (BRIDGE, "The lorry weighed 37 tonnes."),
)
_FALSE = (
    (
        ARTICLE,
        "Japan sent 101 tanks and other SDF vehicles to Ukraine between May 2023 and March 2024.",
    ),
    (
        ARTICLE,
        "Japan sent 102 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024.",
    ),
    (
        ARTICLE,
        "South Korea sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024.",
    ),
    (
        ARTICLE,
        "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2021 and March 2024.",
    ),
    (
        ARTICLE,
        "Japan sent 101 trucks and other SDF vehicles to Ukraine between June 2023 and March 2024.",
    ),
    (
        ARTICLE,
        "Japan sent 101 trucks and other SDF vehicles to Taiwan between May 2023 and March 2024.",
    ),
    (ARTICLE, "Ukraine sent 101 trucks to Japan."),
    (ARTICLE, "Japan sent 101 tanks."),
    (ARTICLE, "Japan did not send any trucks to Ukraine."),
    (ARTICLE, "Ukraine joined NATO."),
    (ARTICLE, "Ukraine is a member of NATO."),
    (ARTICLE, "Rutte said that Ukraine will never become a member of NATO."),
    (ARTICLE, "Zelenskyy said that Ukraine will become a member of the alliance."),
    (ARTICLE, "Rutte said the timing of Ukraine's membership is certain."),
    (ARTICLE, "NATO has invited leaders from African countries to its summits since 2022."),
    (
        ARTICLE,
        "NATO has invited leaders from Asian and Oceanian countries to its summits since 2019.",
    ),
    (ARTICLE, "The meeting took place on Friday in Brussels."),
    (ARTICLE, "The meeting took place in Berlin."),
    (ARTICLE, "Nakatani is scheduled to attend a gathering in France."),
    (ARTICLE, "Nakatani held talks with Russian Defense Minister Rustem Umerov."),
    (ARTICLE, "Nakatani is the Australian defense minister."),
    (ARTICLE, "Taiwan conducted large-scale military drills around China."),
    (ARTICLE, "Zelenskyy said he was disappointed by Japan's support."),
    (ARTICLE, "Japan fears an invasion of Australia."),
    (ARTICLE, "Russia's invasion of Ukraine ended in 2022."),
    (ARTICLE, "Water boils at 100 degrees Celsius at sea level."),
    (ARTICLE, "NATO was founded in 1949 by twelve countries."),
    (ARTICLE, "Tokyo is the capital of Japan."),
    (ARTICLE, "International cooperation is important for world peace."),
    (ARTICLE, "Japan will send soldiers to fight in Ukraine."),
    (ARTICLE, "The ministers agreed to impose new sanctions on Russia."),
    (ARTICLE, "Five Indo-Pacific countries agreed to boost cooperation."),
    (BRIDGE, "The Marlow Bridge opened in 1823."),
    (BRIDGE, "The bridge spans 72 miles across the river."),
    (BRIDGE, "William Smith designed the bridge."),
    (BRIDGE, "About 40,000 vehicles cross the bridge every day."),
    (BRIDGE, "The council closed the bridge for repairs."),
    (BRIDGE, "A Polish lorry damaged the bridge in 2016."),
    (BRIDGE, "Two people were hurt in the accident."),
    (BRIDGE, "The bridge stayed open for two months."),
    (BRIDGE, "The government will pay the whole cost of the repairs."),
    (BRIDGE, "The bridge was built by the Romans."),
)


def _is_tuning(claim: str) -> bool:
    return hashlib.sha256(claim.encode()).digest()[0] % 2 == 0


_ALL = [
    HandCase(text, claim, supported)
    for cases, supported in ((_TRUE, True), (_FALSE, False))
    for text, claim in cases
]
TUNING = tuple(case for case in _ALL if _is_tuning(case.claim))
HELD_OUT = tuple(case for case in _ALL if not _is_tuning(case.claim))

LIBRARY = """name: Westbrook Library
address: 8 Canal Street
city: Westbrook
opened: 1974
librarian: Helen Adeyemi
books: 48,200
free membership: True
computers: 12
study rooms: False
hours Monday: 10:00-18:00
hours Saturday: 9:00-13:00
parking: None
rating: 4.5"""
"""A record as ``key: value`` lines, of a kind that the verifier was not trained on."""

RECORD_CLAIMS = (
    ("Westbrook Library is in Westbrook.", True),
    ("The library opened in 1974.", True),
    ("Helen Adeyemi is the librarian.", True),
    ("The library holds 48,200 books.", True),
    ("Membership is free.", True),
    ("It has 12 computers and opened in 1974.", True),
    ("The library has no study rooms.", True),
    ("On Saturday the library is open from 9 a.m. to 1 p.m.", True),
    ("Westbrook Library is rated 4.5.", True),
    ("The library stands at 8 Canal Street.", True),
    ("Westbrook Library is in Oslo.", False),
    ("The library opened in 1984.", False),
    ("Peter Hall is the librarian.", False),
    ("The library holds 42,800 books.", False),
    ("Membership is not free.", False),
    ("It has 12 computers and opened in 1994.", False),
    ("The library has study rooms.", False),
    ("On Monday the library is open from 9 a.m. to 1 p.m.", False),
    ("The library has a car park.", False),
    ("The library is closed on Sunday.", False),
)
"""What a careful reader says of the record; written before any network had read one."""
