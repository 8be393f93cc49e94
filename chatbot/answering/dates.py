"""Dates as texts write them, compared as dates: "9 May 2024" is "2024-05-09" and "May 9th, 2024".

A date may lack its year, month or day. "06/09/2024" is read as both days that it can mean. Knows
English and Japanese month forms, no documents and no questions.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product, zip_longest
from typing import NamedTuple

_MONTHS = {name.lower(): at for at, name in enumerate(calendar.month_name) if at}
_MONTHS |= {name.lower(): at for at, name in enumerate(calendar.month_abbr) if at} | {"sept": 9}
_WEEKDAYS = {name.lower(): at for at, name in enumerate(calendar.day_name)}
_ONES = "first second third fourth fifth sixth seventh eighth ninth".split()
_ORDINALS = [
    *_ONES,
    *"tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth".split(),
    *"eighteenth nineteenth twentieth".split(),
    *(f"twenty-{one}" for one in _ONES),
    "thirtieth",
    "thirty-first",
]
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_YEAR = r"(?P<year>(?:1[0-9]|20)\d\d)"
_NO_YEAR = r"(?![\d%]|[.,]\d|\s?(?:percent|euros?|dollars?|pounds|yen|km|kg|people|copies)\b)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})年(?:\s*(?P<month>\d{1,2})月(?:\s*(?P<day>\d{1,2})日)?)?",
        r"(?<![\d.])(?P<one>\d{1,2})[./-](?P<other>\d{1,2})[./-](?P<year>\d{4}|\d{2})(?!\d|\.\d)",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+{_YEAR}(?!\d))?",
        rf"\b{_MONTH}\s+{_DAY}(?![\d:]|\s*%)\b(?:,?\s+{_YEAR}(?!\d))?",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}(?!\d)",
        rf"(?<![\w.,$£€/-])(?<!\w:){_YEAR}{_NO_YEAR}(?![\w-]|[/:]\d)",
        rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})s?\b",
    )
)
_LONE_MONTH = re.compile(
    r"\b(?:in|of|during|until|till|since|by|after|before|last|next|this|from|to|between|and|early|"
    rf"late|mid)\s+{_MONTH}(?!\s*\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:[-–—]|to|until|till|through|and)\s*(?:the\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:since|from|after|later than)\s+(?:the\s+)?(?:\w+\s+)?$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:until|till|by|before|prior to|up to|earlier than)\s+(?:the\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)


class Day(NamedTuple):
    """A date of which fields may be unknown."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # 0 for Monday

    def within(self, other: Day) -> bool:
        """Whether ``other`` knows every field that this one has, and they are the same."""
        return all(mine in (None, theirs) for mine, theirs in zip(self, other, strict=True))

    def written(self) -> str:
        """Return it as far as it is known: 2024-03-05, 2024-03, 2024, or nothing."""
        return "-".join(f"{part:02}" for part in (self.year, self.month, self.day) if part)

    def key(self, *, last: bool = False) -> tuple[int, int, int]:
        """Return what days are ordered by; unknown fields count as first, or last."""
        return (self.year or 0, self.month or (12 if last else 1), self.day or (31 if last else 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date in a text, or a span of time: ``text[start:end]``."""

    start: int
    end: int
    days: tuple[Day, ...]  # what it can mean; of a span its first day
    until: Day | None = None  # the last day of a span
    after: bool = False  # it says "since" or "after": later days are meant, too
    before: bool = False  # it says "until" or "before": earlier days are meant, too

    def says(self, asked: DateMention) -> bool:
        """Whether a text with this mention speaks of the day, month or time that was asked for."""
        return any(self._says(day, asked) for day in asked.days)

    def comparable(self, asked: DateMention) -> bool:
        """Whether both know a field in common, so that they can disagree."""
        return any(
            None not in pair
            for mine, day in product(self.days, asked.days)
            for pair in (
                (mine.year, day.year),
                (mine.month, day.month),
                (mine.weekday, day.weekday),
            )
        )

    def _says(self, day: Day, asked: DateMention) -> bool:
        first = self.days[0]
        if asked.until is not None or asked.after or asked.before:
            return self._lies_in(day, asked)
        if self.until is not None:
            return _between(day, first, self.until)
        if self.after and day.year and first.year:
            return day.key(last=True) >= first.key()
        if self.before and day.year and first.year:
            return day.key() <= first.key(last=True)
        return any(day.within(mine) for mine in self.days)

    def _lies_in(self, day: Day, asked: DateMention) -> bool:
        """Whether this mention lies in the time that is asked for."""
        for mine in self.days:
            if asked.until is not None and _between(mine, day, asked.until):
                return True
            same = mine if mine.year else Day(day.year, mine.month, mine.day)
            if asked.after and same.key() > day.key(last=True):
                return True
            if asked.before and same.key(last=True) < day.key():
                return True
        return False


@lru_cache(maxsize=4_000)
def date_mentions(text: str) -> tuple[DateMention, ...]:
    """Return the dates of a text in order, spans of time put together."""
    found: list[DateMention] = []
    taken = [False] * len(text)
    for form in (*_FORMS, _LONE_MONTH):
        for match in form.finditer(text):
            start, end = match.start("month" if form is _LONE_MONTH else 0), match.end()
            lower = form is _LONE_MONTH and not match["month"][0].isupper()
            if lower or any(taken[match.start() : end]) or not (days := tuple(_days(match))):
                continue
            found.append(DateMention(start=start, end=end, days=days))
            taken[start:end] = [True] * (end - start)
    found.sort(key=lambda one: one.start)
    return tuple(_joined(text, found))


def _days(match: re.Match[str]) -> Iterator[Day]:
    got = match.groupdict()
    if got.get("weekday"):
        yield Day(weekday=_WEEKDAYS[got["weekday"].lower()])
        return
    year = int(got["year"]) if got.get("year") else None
    if year is not None and year < 100:
        year += 2000 if year < 70 else 1900
    if "one" in got:
        one, other = int(got["one"]), int(got["other"])
        yield from dict.fromkeys(
            Day(year, month, day)
            for month, day in ((one, other), (other, one))
            if 1 <= month <= 12 and 1 <= day <= 31
        )
        return
    month = got.get("month")
    number = None if month is None else int(month) if month.isdigit() else _MONTHS[month.lower()]
    day = None if not got.get("day") else _day_number(got["day"].lower())
    if (number is None or 1 <= number <= 12) and (day is None or 1 <= day <= 31):
        yield Day(year, number, day)


def _day_number(text: str) -> int:
    return int(re.sub(r"\D", "", text)) if text[0].isdigit() else _ORDINALS.index(text) + 1


def _joined(text: str, found: Sequence[DateMention]) -> Iterator[DateMention]:
    """Put two dates together that begin and end a span of time, and note "since" and "until"."""
    joined = -1
    for one, other in zip_longest(found, found[1:]):
        if one.start < joined:
            continue
        lead = text[max(0, one.start - 30) : one.start]
        if other is not None and _is_range(text[one.end : other.start], lead):
            first, last = one.days[0], other.days[0]
            if first.year is None and first.weekday is None:
                first = first._replace(year=last.year)
            joined = other.end
            yield DateMention(start=one.start, end=joined, days=(first,), until=last)
        else:
            after, before = bool(_AFTER.search(lead)), bool(_BEFORE.search(lead))
            yield replace(one, after=after, before=before)


def _is_range(between: str, lead: str) -> bool:
    is_and = between.strip().lower() == "and"
    return bool(_RANGE.fullmatch(between) and (not is_and or _BETWEEN.search(lead)))


def _between(day: Day, first: Day, last: Day) -> bool:
    if day.weekday is not None and first.weekday is not None and last.weekday is not None:
        return (day.weekday - first.weekday) % 7 <= (last.weekday - first.weekday) % 7
    if day.year is None and day.month is not None:  # "in May" of any year
        return day.within(first) or day.within(last)
    if day.year is None or last.year is None:
        return False
    return day.key(last=True) >= first.key() and day.key() <= last.key(last=True)
