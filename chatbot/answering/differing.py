"""Documents that give different answers to one question: which sentences they are, newest first.

Two sentences differ where they are worded alike but for what they say, or tell another value of the
same kind (money, a duration, a time of day), and have no short answer in common. Both are about
what is asked for: the other one has a word of the question that the likeliest one has, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from chatbot.answering.dates import Day
from chatbot.answering.find import FindResult
from chatbot.answering.retrieve import Hit, Retriever
from chatbot.answering.titles import day_of
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import content_stems, stems

_VALUE = re.compile(
    r"(?P<sign>[$£€])?\s?(?P<number>\d[\d,]*(?:[.:]\d+)?|one|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve)\s?(?P<unit>[^\W\d_]+|%)?",
    re.IGNORECASE,
)
_SPANS = frozenset("minut hour dai day week month year".split())


def differing(found: FindResult) -> list[Hit]:
    """Return the best hit and those of other documents that say otherwise; nothing if none does."""
    first = found.answering[0]
    best = found.hits[first]
    others: dict[str, Hit] = {}
    wanted = content_stems(found.query).intersection(_about(best)) - _SPANS
    for at in found.answering[1:]:
        hit = found.hits[at]
        if hit.document_id == best.document_id:
            continue
        likely = found.scores[at] >= TUNING.share * found.scores[first]
        same = not wanted or not wanted.isdisjoint(_about(hit))
        if likely and same and tells_otherwise(found, first, at):
            others.setdefault(hit.document_id, hit)
    return [best, *others.values()] if others else []


def _about(hit: Hit) -> tuple[str, ...]:
    return stems(f"{hit.stored.text} {hit.stored.heading or ''} {hit.chunk.title}")


def newest_first(hits: Sequence[Hit], retriever: Retriever) -> list[tuple[Day, Hit]]:
    """Return hits with the days of their documents, the newest first, those without a day last."""
    dated = [(day_of(retriever, one.document_id, one.chunk.title), one) for one in hits]
    return sorted(dated, key=lambda one: one[0].key(), reverse=True)


def tells_otherwise(found: FindResult, first: int, at: int) -> bool:
    """Say whether two hits tell different values, or different things in like words."""
    texts = [found.hits[place].stored.text for place in (first, at)]
    mine, theirs = (frozenset(stems(text)) for text in texts)
    short = [
        frozenset(stems(text[span.start : span.end]))
        for place, text in zip((first, at), texts, strict=True)
        if (span := found.spans.get(place)) is not None
    ]
    if mine == theirs or (len(short) == 2 and short[0] == short[1]):
        return False
    known, told = map(_values, texts)
    other = any(kind in known and some - known[kind] for kind, some in told.items())
    return other or len(mine & theirs) >= TUNING.differs * len(mine | theirs)


@lru_cache(maxsize=2_000)
def _values(text: str) -> dict[str, frozenset[str]]:
    """Return the values of a text by their kind: its unit, "time" for durations and clocks."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for match in _VALUE.finditer(text):
        number = match["number"].lower().replace(",", "")
        unit = (stems(match["unit"] or "") or ("",))[0]
        if ":" in number:
            found["clock"].add(number)
        elif unit in _SPANS and not match["sign"]:
            found["duration"].add(f"{number} {unit}")
        elif kind := match["sign"] or unit:
            found[kind].add(number)
    return {kind: frozenset(some) for kind, some in found.items()}
