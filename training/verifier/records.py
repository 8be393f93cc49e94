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
    """A line of a record, with what may truly and falsely be said."""

    line: str
    true: str
    false: str
    nothing: str | None = None
    """The line if the value is not known; None where that may be read as a denial."""


def claims(kind: str, drawn: random.Random) -> Iterator[RecordClaim]:
    """Yield true and false claims about one drawn record of a kind."""
    about = _source()["kinds"][kind]
    name = _filled(drawn.choice(about["names"]), drawn)
    subject = drawn.choice([name, name, f"The {kind}"])
    style, truth = drawn.choice([_plain, _snake, _title]), drawn.choice(_TRUTHS)
    keys = drawn.sample(about["keys"], drawn.randint(5, len(about["keys"])))
    facts = [_fact(one, style, truth, drawn) for one in keys]
    lines = (f"{style('name')}: {name}", *(fact.line for fact in facts))

    def said(kind: str, *parts: str, supported: bool, **rest: Any) -> RecordClaim:  # noqa: ANN401
        text = f"{subject} {' and '.join(parts)}."
        return RecordClaim(
            **{"kind": kind, "text": text, "lines": lines, "supported": supported} | rest
        )

    first, second, third, fourth, *_ = facts
    yield said("true", first.true, supported=True)
    yield said("true-two", second.true, third.true, supported=True)
    yield said("wrong", first.false, supported=False, before=f"{subject} {first.true}.")
    yield said("wrong", fourth.false, supported=False, before=f"{subject} {fourth.true}.")
    two = f"{subject} {third.true} and {fourth.true}."
    yield said("half", third.true, fourth.false, supported=False, before=two)
    without = tuple(line for line in lines if line != second.line)
    yield said("withheld", second.true, supported=False, lines=without)
    if third.nothing:
        unknown = tuple(third.nothing if line == third.line else line for line in lines)
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
        return _Fact(line=f"{key}: {truth[not holds]}", true=true, false=false)
    if "days" in about:
        return _hours(about, key, nothing, drawn)
    value, other = _two(lambda: _filled(drawn.choice(about["values"]), drawn))
    form = drawn.choice(about["said"])
    return _Fact(
        line=f"{key}: {value.partition('|')[0]}",
        true=form.format(drawn.choice(value.split("|"))),
        false=form.format(drawn.choice(other.split("|"))),
        nothing=nothing,
    )


def _hours(about: Mapping[str, Any], key: str, nothing: str, drawn: random.Random) -> _Fact:
    """Return a line of opening hours; the false claim has another day's or another hour's."""
    words = _source()["words"]
    days = drawn.sample(words["weekday"], 3)
    form, way = drawn.choice(about["said"]), drawn.choice(about["days"])
    opens = drawn.sample(words["open"], 3)
    closes = drawn.sample(words["close"], 3)
    hours = [
        f"{day} " + way.format(open=_first(a), close=_first(b))
        for day, a, b in zip(days, opens, closes, strict=True)
    ]
    forms = [
        form.format(day=days[0], open=drawn.choice(a.split("|")), close=drawn.choice(b.split("|")))
        for a, b in zip(opens, closes, strict=True)
    ]
    return _Fact(
        line=f"{key}: {', '.join(hours)}", true=forms[0], false=forms[1], nothing=nothing
    )  # fmt: skip


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


def _plain(key: str) -> str:
    return key


def _snake(key: str) -> str:
    return key.replace(" ", "_")


def _title(key: str) -> str:
    return "".join(word.capitalize() for word in key.split())
