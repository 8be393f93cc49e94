"""Claims about drawn texts: identifiers, plans, tables, counts of two things, several of one thing.

What real texts show too seldom. Names and values are drawn, so nothing is true of the world; forms
of sentences stand in ``drawn.yaml``, and a form is in training or in dev as a whole. Of each text
there are true claims and false ones of the same words, as sentences and as answers to a question.
Knows no network.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from training.truth.verifier_sets import SUPPORTED, UNSUPPORTED, Claim, new_words
from training.verifier.names import CITIES, PEOPLE

SOURCE = Path(__file__).with_name("drawn.yaml")
_ITEMS = 3
"""Things of one text, side by side."""
_SIGN = re.compile("[@#]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A claim; ``before`` is the true one that it was made of."""

    text: str
    question: str = ""
    before: str | None = None
    true: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A drawn text with its claims; ``form`` is what must not be split between train and dev."""

    form: str
    pool: tuple[str, ...]
    said: tuple[_Said, ...]


def drawn_claims(counts: Mapping[str, int], *, seed: int) -> Iterator[Claim]:
    """Yield the claims about so many texts of each kind."""
    drawn = random.Random(f"drawn {seed}")
    for kind, count in counts.items():
        for _ in range(count):
            text = _MAKERS[kind](drawn)
            for one in text.said:
                yield Claim(
                    question=one.question,
                    text=one.text,
                    pool=text.pool,
                    label=SUPPORTED if one.true else UNSUPPORTED,
                    group=f"drawn-{kind}-{text.form}",
                    origin=f"made-{kind}-{'true' if one.true else 'false'}",
                    given=True,
                    bad=() if one.true else _wrong_words(one),
                )


def _wrong_words(one: _Said) -> tuple[tuple[int, int], ...] | None:
    return new_words(one.before, one.text) if one.before else None


def identifiers(drawn: random.Random) -> _Text:
    """Things of one kind told apart by an identifier; false: a changed one, another one's value."""
    about, fact = drawn.choice(_source()["identifiers"]), drawn.choice(_source()["facts"])
    names = [f"{about['thing']} {_identifier(about['id'], drawn)}" for _ in range(_ITEMS)]
    values = _values(fact["value"], _ITEMS, drawn)
    pool = [f"The {n} {fact['said'].format(v)}." for n, v in zip(names, values, strict=True)]
    (name, other, *_), (value, others, *_) = names, values
    changed = _with_another_digit(name, names, drawn)
    ask = fact["question"].format
    true = f"The {name} {fact['said'].format(value)}."
    said = (
        _Said(text=true, true=True),
        _Said(text=true.replace(name, changed), before=true),
        _Said(text=true.replace(name, other), before=true),
        _Said(question=ask(f"the {name}"), text=value, true=True),
        _Said(question=ask(f"the {changed}"), text=value),
        _Said(question=ask(f"the {name}"), text=others, before="."),
    )
    drawn.shuffle(pool)
    return _Text(form=about["thing"], pool=tuple(pool), said=said)


def plans(drawn: random.Random) -> _Text:
    """One thing is intended, another is done; false: the first as done, the second as intended."""
    about = drawn.choice(_source()["plans"])
    planned, done = drawn.sample(about["things"], 2)
    who = _filled(drawn.choice(_source()["owners"]), drawn)
    intends, again = drawn.sample(_source()["intentions"], 2)
    base, past, year = about["base"], about["past"], drawn.randint(2026, 2039)
    pool = [f"{who} {intends} {base} {planned} in {year}.", f"It {past} {done} years ago."]
    drawn.shuffle(pool)
    if pool[0].startswith("It "):
        pool = [pool[0].replace("It ", f"{who} ", 1), pool[1]]
    intended, happened = f"{who} {again} {base} {planned}.", f"{who} has {past} {done}."
    ask = f"Has {who[0].lower()}{who[1:]} {past} {{}}?"
    said = (
        _Said(text=intended, true=True),
        _Said(text=happened, true=True),
        _Said(text=f"{who} has {past} {planned}.", before=intended),
        _Said(text=f"{who} still {intends} {base} {done}.", before=happened),
        _Said(question=ask.format(done), text="Yes.", true=True),
        _Said(question=ask.format(planned), text="Yes.", before="."),
        _Said(question=f"What has {who[0].lower()}{who[1:]} {past}?", text=done, true=True),
        _Said(question=f"What has {who[0].lower()}{who[1:]} {past}?", text=planned, before="."),
    )
    return _Text(form=base, pool=tuple(pool), said=said)


def tables(drawn: random.Random) -> _Text:
    """Rows under a header; false: the value of another row, or of another column."""
    about = drawn.choice(_source()["tables"])
    names = [f"{about['thing']} {name}" for name in drawn.sample(PEOPLE, _ITEMS)]
    columns = drawn.sample(about["columns"], len(about["columns"]))
    values = [_values(column["value"], _ITEMS, drawn) for column in columns]
    rows = [[about["thing"], *(c["head"] for c in columns)]]
    rows += [[name, *(v[at] for v in values)] for at, name in enumerate(names)]
    if drawn.random() < 0.5:
        pool = [" | ".join(row) for row in rows]
    else:
        pool = ["; ".join(map(": ".join, zip(rows[0], row, strict=True))) for row in rows[1:]]
    at, column = drawn.randrange(_ITEMS), drawn.randrange(len(columns))
    head, name, own = columns[column], names[at], values[column]
    wrong = own[(at + 1) % _ITEMS]
    beside = values[(column + 1) % len(columns)][at]
    true = f"{name} {head['said'].format(own[at])}."
    ask = head["question"].format(name)
    said = (
        _Said(text=true, true=True),
        _Said(text=f"{name} {head['said'].format(wrong)}.", before=true),
        _Said(question=ask, text=own[at], true=True),
        _Said(question=ask, text=wrong, before="."),
        _Said(question=ask, text=beside, before="."),
    )
    return _Text(form=about["thing"], pool=tuple(pool), said=said)


def counts(drawn: random.Random) -> _Text:
    """Two things counted in one sentence; false: the count of the other thing."""
    about = drawn.choice(_source()["counts"])
    (one, other), (few, many) = drawn.sample(about["things"], 2), _values("number", 2, drawn)
    holder, verb = about["holder"], about["verb"]
    pool = (f"{holder} {verb} {few} {one} and {many} {other}.",)
    base = {"has": "have"}.get(verb, verb.removesuffix("s"))
    ask = f"How many {one} does {holder[0].lower()}{holder[1:]} {base}?"
    true = f"{holder} {verb} {few} {one}."
    swapped = f"{holder} {verb} {many} {one} and {few} {other}."
    said = (
        _Said(text=true, true=True),
        _Said(text=f"{holder} {verb} {many} {one}.", before=true),
        _Said(text=f"{holder} {verb} {many} {other} and {few} {one}.", true=True),
        _Said(text=swapped, before=pool[0]),
        _Said(question=ask, text=few, true=True),
        _Said(question=ask, text=many, before="."),
        _Said(question=ask, text=f"{few} {one}", true=True),
        _Said(question=ask, text=f"{many} {other}", before="."),
    )
    return _Text(form=holder, pool=pool, said=said)


def scenes(drawn: random.Random) -> _Text:
    """Several sentences about one thing; false: what another of them says, or of another one.

    Two counts, two people, two years, two prices, a size and a plan: each claim has the words of
    the text, and only who or what belongs to what is changed.
    """
    source = _source()["scenes"]
    thing, nouns = drawn.choice(list(source["things"].items()))
    facts = [
        _counted(thing, drawn.sample(nouns, 2), drawn),
        *_told(thing, drawn.sample(source["people"], 2), drawn.sample(PEOPLE, 2), "p"),
        *_told(thing, drawn.sample(source["years"], 2), _values("year", 2, drawn), "v"),
        _priced(thing, drawn.choice(source["prices"]), drawn),
        _sized(thing, drawn.choice(source["sizes"]), drawn),
        _planned(thing, drawn.choice(source["planned"]), drawn),
    ]
    drawn.shuffle(facts)
    facts = facts[: drawn.randint(4, len(facts))]
    pool = tuple(_sentence(sentence) for sentence, _ in facts)
    return _Text(form=thing, pool=pool, said=tuple(one for _, claims in facts for one in claims))


_Fact = tuple[str, list[_Said]]
"""A sentence, and claims about it."""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _pair(true: str, false: str) -> list[_Said]:
    return [
        _Said(text=_sentence(true), true=True),
        _Said(text=_sentence(false), before=_sentence(true)),
    ]


def _asked(question: str, true: str, false: str) -> list[_Said]:
    return [
        _Said(question=question, text=true, true=True),
        _Said(question=question, text=false, before="."),
    ]


def _counted(thing: str, nouns: list[str], drawn: random.Random) -> _Fact:
    numbers = [*range(2, 13), *range(13, 400, 7)]
    (one, other), (few, many) = nouns, map(str, drawn.sample(numbers, 2))
    both = f"{thing} has {{}} {one} and {{}} {other}"
    turned = f"{thing} has {{}} {other} and {{}} {one}"
    return both.format(few, many), [
        *_pair(f"{thing} has {few} {one}", f"{thing} has {many} {one}"),
        *_pair(f"there are {many} {other} in {thing}", f"there are {few} {other} in {thing}"),
        *_pair(turned.format(many, few), both.format(many, few)),
        *_asked(f"How many {other} does {thing} have?", many, few),
    ]


def _told(thing: str, forms: list[dict[str, str]], values: list[str], slot: str) -> Iterator[_Fact]:
    """Yield two facts of one sort; false is the one with the other's value."""
    for form, own, others in zip(forms, values, values[::-1], strict=True):
        true, false = (form["said"].format(t=thing, **{slot: one}) for one in (own, others))
        ask = form["question"].format(t=thing)
        yield true, [*_pair(true, false), *_asked(ask, own, others)]


def _priced(thing: str, groups: list[str], drawn: random.Random) -> _Fact:
    (one, other), (low, high) = groups, map(str, drawn.sample(range(2, 60), 2))
    both = f"a ticket for {thing} costs {{}} euros for {one} and {{}} euros for {other}"
    return both.format(low, high), [
        *_pair(both.format(low, high), both.format(high, low)),
        *_pair(f"{other} pay {high} euros for {thing}", f"{other} pay {low} euros for {thing}"),
        *_asked(f"What does a ticket for {thing} cost {one}?", f"{low} euros", f"{high} euros"),
    ]


def _sized(thing: str, form: dict[str, Any], drawn: random.Random) -> _Fact:
    unit, others = drawn.sample(form["units"], 2)
    true = form["said"].format(t=thing, n=drawn.randint(3, 90), u=unit)
    return true, _pair(true, true.replace(f" {unit}", f" {others}"))


def _planned(thing: str, form: dict[str, str], drawn: random.Random) -> _Fact:
    filled = {"t": thing, "o": _filled(drawn.choice(_source()["owners"]), drawn)}
    filled |= {"c": drawn.choice(CITIES)}
    plan, done = form["plan"].format(**filled), form["done"].format(**filled)
    when = drawn.choice(["", f" in {drawn.randint(2027, 2040)}", " one day"])
    return plan + when, _pair(plan, done)


_MAKERS = {
    "identifiers": identifiers,
    "plans": plans,
    "tables": tables,
    "counts": counts,
    "scenes": scenes,
}


def _identifier(form: str, drawn: random.Random) -> str:
    letters = "ABCDEFGHKLMNPQRSTVWXYZ"
    return _SIGN.sub(lambda m: drawn.choice(letters if m[0] == "@" else "123456789"), form)


def _with_another_digit(name: str, taken: list[str], drawn: random.Random) -> str:
    """Change one digit of an identifier, so that none of the others comes out."""
    changed = name
    while changed in taken:
        place = drawn.choice(list(_DIGIT.finditer(name))).start()
        changed = name[:place] + drawn.choice("123456789") + name[place + 1 :]
    return changed


def _values(kind: str, count: int, drawn: random.Random) -> list[str]:
    """Draw values of a kind that differ from each other."""
    if kind in ("city", "person"):
        return drawn.sample(CITIES if kind == "city" else PEOPLE, count)
    span = range(1880, 2024) if kind == "year" else range(11, 480)
    return [str(value) for value in drawn.sample(span, count)]


def _filled(form: str, drawn: random.Random) -> str:
    return form.format(city=drawn.choice(CITIES), person=drawn.choice(PEOPLE))


@lru_cache(maxsize=1)
def _source() -> Mapping[str, Any]:
    return yaml.safe_load(SOURCE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
