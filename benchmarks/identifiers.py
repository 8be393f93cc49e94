"""Identifiers: those that stand in a document are found, those that do not are refused.

    python -m benchmarks.identifiers [--forms fourth] [--each 12] [--absent 5]

Four sets of ten forms of identifiers, each in five layouts of a document. What failed in the first
run of the second, third and fourth set was mended afterwards. Right is an answer whose first
sentence or row has the identifier and its own price; an identifier that is not there has to be
refused.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot import Chatbot, Settings
from chatbot.evaluation.statistics import wilson_interval

Draw = random.Random
FORMS: dict[str, Callable[[Draw], str]] = {
    "letters-digits": lambda r: f"{_letters(r, 2)}-{r.randint(1000, 9999)}",
    "underscore": lambda r: f"{_letters(r, 3)}_{r.randint(100, 999)}",
    "year": lambda r: f"{_letters(r, 3)}-{r.randint(2031, 2039)}-{r.randint(100, 9999):04}",
    "version": lambda r: f"v{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}",
    "room": lambda r: f"room {r.randint(11, 399)}",
    "gate": lambda r: f"gate {_letters(r, 1)}{r.randint(1, 40)}",
    "section": lambda r: f"§ {r.randint(2, 30)}.{r.randint(1, 9)}",
    "order": lambda r: f"order {r.randint(10000, 99999)}",
    "parts": lambda r: (
        f"{_letters(r, 2)}-{r.randint(10, 99)}-{r.randint(1000, 9999)}-{_letters(r, 1)}"
    ),
    "digits": lambda r: f"{r.randint(10, 99)}-{r.randint(100, 999)}-{r.randint(10, 99)}",
}
SECOND: dict[str, Callable[[Draw], str]] = {
    "glued": lambda r: f"{_letters(r, 1)}{r.randint(100000, 999999)}",
    "slash": lambda r: f"{_letters(r, 2)}/{r.randint(10, 99)}/{r.randint(100, 999)}",
    "dots": lambda r: f"{_letters(r, 2)}.{r.randint(10, 99)}.{_letters(r, 1)}{r.randint(1, 9)}",
    "lower": lambda r: f"{_letters(r, 3).lower()}{r.randint(10, 99)}",
    "locker": lambda r: f"locker {r.randint(10, 999)}",
    "invoice": lambda r: f"invoice {r.randint(2, 99)}/{r.randint(2031, 2039)}",
    "number": lambda r: f"№ {r.randint(100, 9999)}",
    "constant": lambda r: f"E_{_letters(r, 4)}_{r.randint(1, 99)}",
    "platform": lambda r: f"Platform {r.randint(11, 98)}",
    "long": lambda r: (
        f"{r.randint(10, 99)}{_letters(r, 2)}-{r.randint(100, 999)}-{r.randint(10, 99)}"
    ),
}
THIRD: dict[str, Callable[[Draw], str]] = {
    "spaced": lambda r: f"{_letters(r, 3)} {r.randint(1000, 9999)}",
    "hash": lambda r: f"#{r.randint(10000, 99999)}",
    "suffix": lambda r: f"{_letters(r, 2)} {r.randint(10000, 99999)}-{r.randint(1, 9)}",
    "ticket": lambda r: f"ticket {_letters(r, 3)}-{r.randint(10, 99)}",
    "case": lambda r: f"case {r.randint(21, 39)}-{r.randint(1000, 9999)}",
    "serial": lambda r: f"SN:{r.randint(10000, 99999)}{_letters(r, 1)}",
    "lot": lambda r: f"L{r.randint(2031, 2039)}W{r.randint(10, 52)}",
    "hex": lambda r: f"0x{r.randint(1, 9)}F{r.randint(10, 99)}A",
    "release": lambda r: f"R-{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}b",
    "clause": lambda r: f"clause {r.randint(11, 40)}({r.choice('abcdef')})",
}
FOURTH: dict[str, Callable[[Draw], str]] = {
    "record": lambda r: f"{_letters(r, 3)}-{r.randint(2017, 2025)}-{r.randint(1, 999):03}",
    "purchase": lambda r: f"PO-{r.randint(2017, 2025)}/{r.randint(100, 999)}",
    "model": lambda r: f"model {_letters(r, 1)}{r.randint(100, 999)}-{_letters(r, 1)}",
    "standard": lambda r: f"{_letters(r, 3)} {r.randint(1000, 9999)}:{r.randint(2005, 2025)}",
    "type": lambda r: f"type {r.randint(11, 99)}{_letters(r, 1)}",
    "account": lambda r: f"{r.randint(10, 99):03}-{r.randint(1000, 9999)}-{r.randint(1, 9)}",
    "alternating": lambda r: (
        f"{_letters(r, 2)}{r.randint(10, 99)}{_letters(r, 2)}{r.randint(10, 99)}"
    ),
    "reference": lambda r: f"ref. {r.randint(10, 99)}/{r.randint(10, 31)}/{_letters(r, 2)}",
    "tag": lambda r: f"tag {_letters(r, 3)}{r.randint(10, 99)}",
    "error": lambda r: f"ERR{r.randint(100, 999)}_{_letters(r, 2)}",
}
FORMS_OF = {"first": FORMS, "second": SECOND, "third": THIRD, "fourth": FOURTH}
THINGS = "pump valve hinge lamp motor filter sensor bracket".split()
LAYOUTS = ("prose", "list", "table", "headings", "records")
ASKED = ("What does {} cost?", "How much is {}?", "price of {}", "What is the price of {}?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one question gave."""

    form: str
    layout: str
    present: bool
    right: bool


def _letters(drawn: Draw, count: int) -> str:
    return "".join(drawn.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(count))


def text_of(layout: str, items: Sequence[tuple[str, str, int]]) -> str:
    """Return a Markdown document of identifiers with a thing and a price each."""
    if layout == "prose":
        return " ".join(f"The {thing} {code} costs {price} euros." for code, thing, price in items)
    if layout == "list":
        return "\n".join(f"- {code} ({thing}): {price} euros" for code, thing, price in items)
    if layout == "table":
        rows = [f"| {code} | {thing} | {price} euros |" for code, thing, price in items]
        return "\n".join(["| Number | Thing | Price |", "|---|---|---|", *rows])
    if layout == "headings":
        return "\n\n".join(f"## {code}\n\nThe {t} costs {price} euros." for code, t, price in items)
    return "\n\n".join(
        f"Number: {code}\nThing: {t}\nPrice: {price} euros" for code, t, price in items
    )


def outcomes(
    forms: dict[str, Callable[[Draw], str]],
    *,
    each: int,
    absent: int,
    seed: int = 0,
    layouts: Sequence[str] = LAYOUTS,
) -> Iterator[Outcome]:
    """Ask about identifiers that stand in a document and about some that do not."""
    for form, make in forms.items():
        for layout in layouts:
            drawn = Draw(f"{form} {layout} {seed}")
            codes: dict[str, None] = {}
            while len(codes) < each + absent:
                codes.setdefault(make(drawn))
            known, unknown = list(codes)[:each], list(codes)[each:]
            prices = drawn.sample(range(11, 999), each)
            items = [(code, drawn.choice(THINGS), p) for code, p in zip(known, prices, strict=True)]
            with tempfile.TemporaryDirectory() as folder:
                settings = Settings(data_dir=Path(folder), corpus_dir=None)
                with Chatbot.from_settings(settings) as bot:
                    path = Path(folder) / "prices.md"
                    path.write_text(f"# Prices\n\n{text_of(layout, items)}\n", encoding="utf-8")
                    bot.add(path)
                    for code, _, price in items:
                        answer = bot.ask(drawn.choice(ASKED).format(code))
                        first = answer.citations[-1].text if answer.citations else ""
                        right = not answer.refused and str(price) in first
                        yield Outcome(form=form, layout=layout, present=True, right=right)
                    for code in unknown:
                        refused = bot.ask(drawn.choice(ASKED).format(code)).refused
                        yield Outcome(form=form, layout=layout, present=False, right=refused)


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--forms", default="fourth", choices=FORMS_OF, help="the set of forms")
    parser.add_argument("--each", type=int, default=12, help="identifiers of a document")
    parser.add_argument("--absent", type=int, default=5, help="questions for others")
    options = parser.parse_args()
    forms = FORMS_OF[options.forms]
    found = list(outcomes(forms, each=options.each, absent=options.absent))
    for present, name in ((True, "present, right"), (False, "absent, refused")):
        some = [one for one in found if one.present is present]
        right = sum(one.right for one in some)
        bounds = wilson_interval(right, len(some))
        print(f"{name}: {right} of {len(some)} ({bounds.low:.3f} to {bounds.high:.3f})")
        for key in (*forms, *LAYOUTS):
            part = [one.right for one in some if key in (one.form, one.layout)]
            if not all(part):
                print(f"  {key}: {sum(part)} of {len(part)}")


if __name__ == "__main__":
    main()
