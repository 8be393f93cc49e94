"""Spans of a sentence that could be an answer of a kind: dates, numbers, names, places.

Rules on surface forms; knows neither the question nor other sentences. Used by the reader's
features (is there anything of the kind asked for?) and for the short answer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot.models.reader_question import AnswerKind
from chatbot.models.words import STOP_WORDS
from chatbot.types import Span

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"(?:1\d{3}|20\d{2})"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_POINT = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"
    rf"|{_MONTH},?\s+{_YEAR}|{_YEAR}s?\b|(?:early|late|mid)[- ]{_YEAR}s?\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)[ -]century|{_DAY}|\d{{1,4}}\s?(?:BC|AD|BCE|CE)\b"
    rf"|\d{{1,2}}:\d{{2}}(?:\s?[ap]\.?m\.?)?|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?<![\w]){_MONTH}(?![\w])(?<!May))"
)
_DATE = re.compile(
    rf"(?:between\s+{_POINT}\s+and\s+{_POINT}|from\s+{_POINT}\s+(?:to|until|through)\s+{_POINT}"
    rf"|{_POINT}\s?[–-]\s?{_POINT}|{_POINT}"
    r"|\b(?:yesterday|today|tomorrow|tonight"
    r"|(?:last|next|this|earlier this|later this)\s+(?:week|month|year|spring|summer|autumn|fall"
    r"|winter|night|century|decade)"
    r"|(?:(?:\d+|a|two|three|four|five|six|seven|eight|nine|ten|several|few)\s+)"
    r"(?:years?|months?|weeks?|days?|hours?|decades?|centuries)\s+(?:ago|later|earlier)))\b"
)
_NUMBER_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|twice|once|third"
    r"|quarter)"
)
_NUMBER = re.compile(
    r"(?<![\w.,])[$€£¥]?\d+(?:[.,]\d+)*(?![A-Za-z])"
    r"(?:\s?(?:%|percent|per cent|thousand|million|billion|trillion|dozen))?"
    rf"|\b{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})*\b",
    re.IGNORECASE,
)
_CAPITAL = r"(?:[A-Z][\w’'&-]*\.?|[A-Z]\.(?:[A-Z]\.)+)"
_NAME = re.compile(
    rf"{_CAPITAL}(?:\s+(?:(?:of|the|de|van|von|der|la|le|du|del|al|bin|&)\s+){{0,2}}{_CAPITAL})*"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|across|through|outside|inside|around|toward|towards|throughout|into"
    r"|of|on|between|within)\s+(?:the\s+|central\s+|southern\s+|northern\s+|eastern\s+|western\s+)*$",
    re.IGNORECASE,
)
_NATIONAL = re.compile(r"(?:ese|ian|ish|ean|ican)s?$")
_SPEAKS = re.compile(
    r"(?:['’]s)?,?\s+(?:who\b|also\b|then\b|later\b|is\b|was\b|has\b|had\b|will\b|said\b|told\b"
    r"|held\b|won\b|wrote\b|made\b|took\b|led\b|\w+ed\b)"
)
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sir|Lady|Lord|President|Minister|King|Queen|Pope|Saint|St|by|and|said"
    r"|minister|president|wife|husband|son|daughter|father|mother|brother|sister|named|called)\.?"
    r"\s+$"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|so that|in order to|as a result|therefore|thus|caused"
    r"|reason|reasons|leads? to|led to|thanks to|for fear|to avoid|to prevent|to ensure|to protect"
    r"|given that|amid|as a means)\b",
    re.IGNORECASE,
)
_MANNER = re.compile(r"\b(?:by|through|via|using|with|means)\b", re.IGNORECASE)
_NOT_NAMES = frozenset(
    """mr mrs ms dr however but and while although meanwhile additionally moreover furthermore
    according many most several despite january february march april may june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday""".split()
)


@lru_cache(maxsize=4_000)
def spans_of_kind(text: str, kind: AnswerKind) -> tuple[Span, ...]:
    """Return the spans of a sentence that could answer a question of this kind, in order."""
    if kind is AnswerKind.DATE:
        return _matches(_DATE, text)
    if kind is AnswerKind.NUMBER:
        return _matches(_NUMBER, text)
    if kind is AnswerKind.NAME:
        return _names(text)
    if kind is AnswerKind.PERSON:
        return tuple(span for span in _names(text) if _may_be_person(text, span))
    if kind is AnswerKind.PLACE:
        return tuple(span for span in _names(text) if _PLACE_BEFORE.search(text[: span.start]))
    if kind is AnswerKind.REASON:
        return _matches(_REASON, text)
    if kind is AnswerKind.MANNER:
        return _matches(_MANNER, text)
    return ()


def _may_be_person(text: str, span: Span) -> bool:
    """Whether a name can be a person's: of two words and more, or alone where people are named.

    "in Brussels", "NATO" and "Japanese" are no persons; an organisation of two words still passes.
    """
    name = text[span.start : span.end]
    if " " in name:
        return not name.isupper()
    if not name.isalpha() or name.isupper() or _NATIONAL.search(name):
        return False
    return bool(_SPEAKS.match(text[span.end :]) or _TITLE.search(text[: span.start]))


def names(text: str) -> tuple[Span, ...]:
    """Return the runs of capitalised words that look like names."""
    return _names(text)


def _matches(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(start=match.start(), end=match.end()) for match in pattern.finditer(text))


@lru_cache(maxsize=4_000)
def _names(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    for match in _NAME.finditer(text):
        start = match.start()
        first = re.match(r"[\w’']+", match.group())
        if first and (first.group().lower() in STOP_WORDS or first.group().lower() in _NOT_NAMES):
            rest = match.group()[first.end() :]
            inner = re.search(r"[A-Z]", rest)
            if inner is None:
                continue
            start += first.end() + inner.start()
        name = text[start : match.end()]
        if name.endswith(".") and "." not in name[:-1]:
            name = name[:-1]
        found.append(Span(start=start, end=start + len(_POSSESSIVE.sub("", name))))
    return tuple(found)
