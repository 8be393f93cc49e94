"""Numbers as a text writes them: 1,000, "one thousand", 5 %, $3.2bn, 21st, 1990s.

Knows no claim and no evidence. English number words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

NumberKind = Literal["plain", "year", "percent", "ordinal"]

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (place + 2)
    for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12, "dozen": 12.0,
}  # fmt: skip
_ORDINALS = {
    word: value + 1
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
    )
} | {"thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "twentieth": 20, "thirtieth": 30}

_WORD = "|".join(sorted([*_UNITS, *_TENS, "hundred", "dozen"], key=len, reverse=True))
_LARGE = "thousand|million|billion|trillion"
_NUMBER = re.compile(
    rf"""
    (?P<money>[$€£¥]\s?)?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)
      (?:(?P<suffix>st|nd|rd|th|s)\b)?
      (?:[\s-]?(?P<scale>hundred|{_LARGE}|dozen|bn|tn)\b|(?P<short>[mk])\b)?
    | \b(?P<words>(?:{_WORD}|{_LARGE})(?:(?:\s+and\s+|[\s-]+)(?:{_WORD}|{_LARGE}))*)
      (?:-(?P<last>{"|".join(_ORDINALS)}))?\b
    | \b(?P<ordinal>{"|".join(_ORDINALS)})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PERCENT = re.compile(r"\s?(?:%|percent\b|per\s+cent\b|percentage\b)", re.IGNORECASE)
_PRONOUN_BEFORE = re.compile(
    r"\b(?:no|this|that|the|each|every|any|another|which|some)[\s-]+$", re.I
)
_PRONOUN_AFTER = re.compile(r"[\s-]+(?:of|another|who|that|can|should|must|may|day)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number with its place: ``text[start:end]`` is how it is written, percent sign included."""

    value: float
    kind: NumberKind
    start: int
    end: int


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of a text in order; "one" as a pronoun is left out."""
    return list(_numbers(text))


def _numbers(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        words = match["words"]
        if words and words.lower() == "one" and not match["last"] and _is_pronoun(text, match):
            continue
        end = match.end()
        if match["ordinal"]:
            value = float(_ORDINALS[match["ordinal"].lower()])
            kind: NumberKind = "ordinal"
        elif words:
            value, kind = _spoken(words), "plain"
            if match["last"]:
                value, kind = value + _ORDINALS[match["last"].lower()], "ordinal"
        else:
            value, kind = _written(match)
        percent = _PERCENT.match(text, end)
        if percent:
            end, kind = percent.end(), "percent"
        yield Number(value=min(value, 1e300), kind=kind, start=match.start(), end=end)


def _is_pronoun(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    return bool(_PRONOUN_BEFORE.search(before) or _PRONOUN_AFTER.match(text, match.end()))


def _written(match: re.Match[str]) -> tuple[float, NumberKind]:
    digits, suffix, scale = match["digits"], match["suffix"], match["scale"]
    if match["money"] and match["short"]:  # "5m" alone may be metres
        scale = match["short"]
    value = float(digits.replace(",", "")) * (_SCALES[scale.lower()] if scale else 1.0)
    if suffix and suffix.lower() != "s":
        return value, "ordinal"
    is_year = len(digits) == 4 and digits.isdigit() and not scale and 1000 <= value <= 2199
    return value, "year" if is_year else "plain"


def _spoken(words: str) -> float:
    """Return the value of number words: "one hundred and one", "two million", "twenty-one"."""
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1.0) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1.0) * _SCALES[word], 0.0
    return total + current
