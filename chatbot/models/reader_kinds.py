"""What kind of answer a question asks for, and what a sentence must have to hold one.

A price needs a sum of money, a weight a unit of weight, a brand a name. A sentence without it
cannot answer, however near it is. The marks are broad on purpose: a sentence that may hold the
answer in unusual words passes. Knows English only, no weights and no documents; used by
``reader_mismatch``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.models.words import words

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half third "
    "quarter once twice single both pair couple few several many most all none no every each "
    "multiple sole majority minority only another zero first second double triple a an".split()
)
_NUMBER = r"\d|\b(?:" + "|".join(_NUMBER_WORDS) + r")(?:s|th|ths)?\b"
_DATE = (
    r"\b(?:in|since|by|until|till|from|to|during|early|late|mid|and|around|circa|spring|summer|"
    r"autumn|fall|winter|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|"
    r"dec\w*)[.,]?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?"
    r"(?:1[5-9]|20)\d\d(?!\d|[,.]\d|\s+[a-z]+s\b)"
)
"""A year as a time, not as a number of things."""
_MONEY = (
    r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|yen|yuan|rupees?|francs?|crowns?|cents?|pence|bucks?|"
    r"grand|k|usd|eur|gbp|money|paid|pay\w*|cost\w*|pric\w+|salar\w+|income|fund\w*|budget|fees?|"
    r"free|cheap\w*|\w*expensive|value|millions?|billions?|percent|per cent|thirds?|half)\b|%|"
    r"\d\s?k\b|\|.*\d"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of answer: ``asks`` finds it in the question, ``has`` in a sentence."""

    asks: re.Pattern[str]
    has: re.Pattern[str]
    but: re.Pattern[str] | None = None
    """What looks like an answer and is none."""

    def is_in(self, sentence: str) -> bool:
        """Say whether the sentence may hold an answer of the kind."""
        return bool(self.has.search(self.but.sub(" ", sentence) if self.but else sentence))


def _kind(asks: str, has: str, *, but: str | None = None) -> Kind:
    return Kind(
        asks=re.compile(asks, re.IGNORECASE),
        has=re.compile(has, re.IGNORECASE),
        but=re.compile(but, re.IGNORECASE) if but else None,
    )


KINDS = {
    "age": _kind(
        r"\bhow old\b",
        r"\b(?:aged?|years?|year-old|born|old|months?|centur\w+|decades?|new)\b|" + _NUMBER,
    ),
    "money": _kind(r"\bhow much (?:money|cash)\b", _MONEY),
    "price": _kind(
        r"\b(?:what|how much) (?:do|does|did|will|would) .*\bcosts?\b|"
        r"\bwhat (?:is|was|are|were) the (?:\w+ )?(?:price|cost|fee|fare|rent)s?\b",
        _MONEY + r"|\d",
    ),
    "birthplace": _kind(
        r"\bwhere\b.*\bborn\b", r"\b(?:born|birth\w*|native|raised|grew|hails?|from)\b"
    ),
    "weight": _kind(
        r"\bhow heavy\b|\bhow much (?:do|does|did) .*\bweigh\b|\bwhat (?:is|was) the weight of\b",
        r"\b(?:kg|kilos?|kilogram\w*|gram\w*|g|mg|tons?|tonnes?|pounds?|lbs?|oz|ounces?|heav\w+|"
        r"light\w*|weigh\w*)\b|\d\s?(?:kg|g|mg|lbs?|t|oz)\b",
    ),
    "temperature": _kind(
        r"\b(?:what|which) temperature\b|\btemperature (?:do|does|did|is|was)\b|"
        r"\bhow (?:hot|cold)\b",
        r"°|\b(?:degrees?|celsius|fahrenheit|kelvin|hot\w*|cold\w*|cool\w*|warm\w*|boil\w*|freez\w+|"
        r"heat\w*|burn\w*|medium|high|low|room|temps?|temperatures?)\b|\d\s?[cfk]\b",
    ),
    "phone": _kind(
        r"\b(?:phone|telephone|fax|mobile) number\b", r"\d[\d\s()./+-]{3,}\d|\bnumber\b"
    ),
    "mail": _kind(r"\be-?mail address", r"@|\be-?mail\b"),
    "distance": _kind(
        r"\bhow far\b",
        _NUMBER
        + r"|\b(?:miles?|k?m|kilomet\w+|met(?:er|re)s?|feet|foot|yards?|blocks?|away|near\w*|"
        r"far\w*|close\w*|across|beyond|up to|to the|until)\b",
    ),
    "count": _kind(r"\bhow many\b", _NUMBER, but=_DATE),
    "predecessor": _kind(
        r"\bwho (?:is|was|were|became|served|held|led|ruled)\b.*\b(?:before|after) "
        r"(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?\s*\??\s*$|"
        r"\bwho (?:preceded|succeeded|replaced)\b|\b(?:predecessor|successor)\b",
        r"succe|replac|predecess|former|previous|preced|follow|before|after|"
        r"(?:took|take\w*|taking) over|"
        r"\bnew\b|\bnext\b|\blast\b|\bthen\b|until|since|\bfrom\b|resign|retire|death|"
        r"died|inherit|eldest|\bson\b|\bfirst\b|\bsecond\b|outgoing|incoming|\bleft\b|elected",
    ),
    "year": _kind(
        r"\b(?:what|which) year\b",
        r"\d{2}|\b(?:years?|century|decade|ago|last|next|this|same|anniversary)\b",
    ),
}
_NAMED = re.compile(
    r"\b(?:what|which) (?:(?:brand|manufacturer)s?|make of|make is)\b|\bwhat is the brand\b",
    re.IGNORECASE,
)


def kinds_asked(question: str, sentence: str) -> dict[str, bool]:
    """Return each kind that the question asks for, and whether the sentence has something of it."""
    found = {
        name: kind.is_in(sentence) for name, kind in KINDS.items() if kind.asks.search(question)
    }
    if _NAMED.search(question):
        found["brand"] = _has_another_name(question, sentence)
    return found


def lacks_what_is_asked(question: str, sentence: str) -> bool:
    """Say whether the sentence has nothing of a kind that the question asks for."""
    return not all(kinds_asked(question, sentence).values())


def _has_another_name(question: str, sentence: str) -> bool:
    """Whether a word that the question does not have is written as a name, or quoted."""
    asked = {word.stem for word in words(question)}
    return any(
        word.stem not in asked
        and not (word.start < 2 and word.is_stop)
        and (not word.surface[0].islower() or sentence[max(0, word.start - 1)] in "\"“'‘")
        for word in words(sentence)
    )
