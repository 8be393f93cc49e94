"""Claims about records: ``key: value`` lines, as programs hand them over.

The real answers that the verifier learns from are about running text. Kinds of records, their keys
and what is said of them stand in ``records.yaml``; names and values are drawn, so nothing is true
of the world. A kind is in training or in dev as a whole. Knows no network.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).with_name("records.yaml")
_PLACE = re.compile(r"\{(\w+)\}")
Style = Callable[[str], str]
_DRAWN: Mapping[str, Callable[[random.Random], str]] = {
    "day": lambda drawn: str(drawn.randint(1, 28)),
    "number": lambda drawn: str(drawn.randint(11, 98)),
    "hundreds": lambda drawn: str(drawn.randint(12, 98) * 10),
    "thousands": lambda drawn: f"{drawn.randint(2, 98)},{drawn.randint(0, 9)}00",
    "year": lambda drawn: str(drawn.randint(1880, 2024)),
    "letter": lambda drawn: drawn.choice("ABCDEF"),
    "lang": lambda drawn: drawn.choice(["French", "Spanish", "German", "Arabic", "Turkish"]),
    "subject": lambda drawn: drawn.choice(["Chemistry", "Drawing", "Statistics", "Law", "Botany"]),
}
_TRUTHS = (("yes", "no"), ("True", "False"), ("true", "false"))
_NOTHING = ("None", "unknown", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClaim:
    """A claim about a record; ``kind`` says how it was made."""

    kind: str
    text: str
    lines: tuple[str, ...]
    supported: bool
    before: str | None = None
    """The true claim that it was made of, where one value was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """The lines of a key, with what may truly and falsely be said."""

    lines: tuple[str, ...]
    true: str
    false: str
    nothing: str | None = None
    """The line if the value is not known; None where that may be read as a denial."""


def claims(kind: str, drawn: random.Random) -> Iterator[RecordClaim]:
    """Yield true and false claims about one drawn record of a kind."""
    about = _source()["kinds"][kind]
    name = _filled(drawn.choice(about["names"]), drawn)
    subject = drawn.choice([name, name, f"The {kind}"])
    style, truth = drawn.choice(_STYLES), drawn.choice(_TRUTHS)
    keys = drawn.sample(about["keys"], drawn.randint(5, len(about["keys"])))
    facts = [_fact(one, style, truth, drawn) for one in keys]
    lines = (f"name: {name}", *chain.from_iterable(fact.lines for fact in facts))

    def said(kind: str, *parts: str, supported: bool, **rest: Any) -> RecordClaim:  # noqa: ANN401
        text = f"{subject} {' and '.join(parts)}".rstrip(".") + "."
        return RecordClaim(
            **{"kind": kind, "text": text, "lines": lines, "supported": supported, **rest}
        )

    first, second, third, fourth, *_ = facts
    yield said("true", first.true, supported=True)
    yield said("true-two", second.true, third.true, supported=True)
    yield said("wrong", first.false, supported=False, before=f"{subject} {first.true}.")
    yield said("wrong", fourth.false, supported=False, before=f"{subject} {fourth.true}.")
    two = f"{subject} {third.true} and {fourth.true}."
    yield said("half", third.true, fourth.false, supported=False, before=two)
    without = tuple(line for line in lines if line not in second.lines)
    yield said("withheld", second.true, supported=False, lines=without)
    if third.nothing:
        unknown = tuple(third.nothing if line in third.lines else line for line in lines)
        yield said("unknown", third.true, supported=False, lines=unknown)


def kinds() -> tuple[str, ...]:
    """Return the kinds of records."""
    return tuple(_source()["kinds"])


@lru_cache(maxsize=1)
def _source() -> Mapping[str, Any]:
    return yaml.safe_load(SOURCE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _fact(
    about: Mapping[str, Any], style: Style, truth: tuple[str, str], drawn: random.Random
) -> _Fact:
    key = style(about["key"])
    nothing = f"{key}: {drawn.choice(_NOTHING)}"
    if "holds" in about:
        holds = drawn.random() < 0.5
        said = about["holds"], about["fails"]
        true, false = (drawn.choice(one) for one in (said if holds else said[::-1]))
        return _Fact(lines=(f"{key}: {truth[not holds]}",), true=true, false=false)
    if "days" in about:
        return _hours(about, key, drawn)
    value, other = _two(lambda: _filled(drawn.choice(about["values"]), drawn))
    form = drawn.choice(about["said"])
    return _Fact(
        lines=(f"{key}: {_first(value)}",),
        true=form.format(drawn.choice(value.split("|"))),
        false=form.format(drawn.choice(other.split("|"))),
        nothing=nothing,
    )


def _hours(about: Mapping[str, Any], key: str, drawn: random.Random) -> _Fact:
    """Return opening hours, on one line or on one for each day; false are another day's hours."""
    words = _source()["words"]
    form, way, short = (
        drawn.choice(about["said"]),
        drawn.choice(about["days"]),
        drawn.random() < 0.3,
    )
    days = list(
        zip(
            *(drawn.sample(words[name], 3) for name in ("weekday", "open", "close")),
            strict=True,
        )
    )
    hours = [
        (day, way.format(open=_clock(opens, short), close=_clock(closes, short)))
        for day, opens, closes in days
    ]
    lines = [f"{key} {day}: {time}" for day, time in hours]
    if drawn.random() < 0.5:
        lines = [f"{key}: {', '.join(f'{day} {time}' for day, time in hours)}"]
    true, false, _ = (
        form.format(
            day=days[0][0],
            open=drawn.choice(opens.split("|")),
            close=drawn.choice(closes.split("|")),
        )
        for _, opens, closes in days
    )
    return _Fact(lines=tuple(lines), true=true, false=false)


def _clock(time: str, short: bool) -> str:
    """Return the time as in a record: "9:00", or "9:0" as some programs write it."""
    return _first(time).replace(":00", ":0") if short else _first(time)


def _filled(form: str, drawn: random.Random) -> str:
    """Put drawn words into their places; the same place holds the same word."""
    found: dict[str, str] = {}

    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name not in found:
            listed = _source()["words"].get(name)
            found[name] = drawn.choice(listed) if listed else _DRAWN[name](drawn)
        return found[name]

    return _PLACE.sub(word, form)


def _two(draw: Callable[[], str]) -> tuple[str, str]:
    """Draw two values that differ."""
    first = other = draw()
    while _first(other) == _first(first):
        other = draw()
    return first, other


def _first(value: str) -> str:
    return value.partition("|")[0]


def _snake(key: str) -> str:
    return key.replace(" ", "_")


def _joined(key: str) -> str:
    return "".join(word.capitalize() for word in key.split())


def _nested(key: str) -> str:
    return f"attributes {_joined(key)}"


_STYLES: tuple[Style, ...] = (str, _snake, _joined, _nested)
