"""Tables, lists, dates and documents that differ: made ones, asked about.

    python -m benchmarks.layouts [--each 10]

Twenty-two kinds of questions, each on documents made by chance. Right is an answer that says what
it has to and nothing of what it must not; a question that nothing answers has to be refused.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chatbot import Chatbot, Settings
from chatbot.evaluation.statistics import wilson_interval

Draw = random.Random
_BOATS = "Heron Osprey Curlew Plover Gannet Puffin Dunlin Avocet Merlin Kestrel".split()
_CREW = "Ada Bram Cleo Davit Enno Fenna Goran Hilde Ivo Jantje".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
_EVENTS = (
    "the harbour light was replaced", "a seal was found on the slipway", "the crane broke down",
    "the new pontoon was opened", "the ferry office moved", "the fuel pump was tested",
    "two visitors were rescued", "the winter store was painted", "the bell was stolen",
)  # fmt: skip
_TASKS = (
    "Close the fuel tap.", "Check the oil level.", "Fold the cover.", "Switch off the pump.",
    "Write down the hours.", "Empty the bilge.", "Lock the cabin.", "Hang up the key.",
)  # fmt: skip
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question on made documents."""

    documents: dict[str, str]
    """Text by title."""
    question: str
    says: tuple[str, ...] = ()
    """All of these stand in the answer; without any it has to be refused."""
    never: tuple[str, ...] = field(default=())
    """None of these does."""
    choose: int = 0
    """So many things are offered to choose from."""


def _fleet(r: Draw) -> tuple[str, list[tuple[str, int, str, int]]]:
    rows = [
        (boat, berths, r.choice(("yes", "no")), price)
        for boat, berths, price in zip(
            r.sample(_BOATS, 5),
            r.sample(range(2, 30), 5),
            r.sample(range(110, 990), 5),
            strict=True,
        )
    ]
    lines = [f"| {a} | {b} | {c} | {d} euros |" for a, b, c, d in rows]
    head = ["| Boat | Berths | Heating | Price per week |", "|---|---|---|---|"]
    return "# Boats for hire\n\n" + "\n".join([*head, *lines]), rows


def _cell(r: Draw) -> Question:
    text, rows = _fleet(r)
    boat, berths, _, price = r.choice(rows)
    asked, said = r.choice(
        ((f"How many berths does {boat} have?", f"{boat} | {berths}"),
         (f"What is the price of {boat} per week?", f"{price} euros"))
    )  # fmt: skip
    others = tuple(one[0] for one in rows if one[0] != boat)
    return Question(documents={"Boats": text}, question=asked, says=(said,), never=others)


def _no_row(r: Draw) -> Question:
    text, rows = _fleet(r)
    boat = r.choice([one for one in _BOATS if one not in {row[0] for row in rows}])
    question = f"What is the price of {boat} per week?"
    return Question(documents={"Boats": text}, question=question)


def _filter(r: Draw) -> Question:
    text, rows = _fleet(r)
    has = tuple(f"{one[0]} |" for one in rows if one[2] == "yes")
    lacks = tuple(f"{one[0]} |" for one in rows if one[2] == "no")
    if not has:
        return _filter(r)
    return Question(
        documents={"Boats": text}, question="Which boats have heating?", says=has, never=lacks
    )


def _most(r: Draw) -> Question:
    text, rows = _fleet(r)
    best = max(rows, key=lambda one: one[1])
    question = "Which boat has the most berths?"
    return Question(documents={"Boats": text}, question=question, says=(f"{best[0]}: {best[1]}",))


def _total(r: Draw) -> Question:
    text, rows = _fleet(r)
    total = str(sum(one[1] for one in rows))
    question = "How many berths are there in total?"
    return Question(documents={"Boats": text}, question=question, says=(f"= {total}",))


def _watch(r: Draw) -> tuple[dict[str, str], list[list[str]]]:
    crew = [r.sample(_CREW, 3) for _ in _DAYS]
    lines = [f"| {day} | {' | '.join(c)} |" for day, c in zip(_DAYS, crew, strict=True)]
    text = "\n".join(["| Day | Morning | Evening | Night |", "|---|---|---|---|", *lines])
    return {"Watch": f"# Watch on the pier\n\n{text}"}, crew


_SHIFTS = ("in the morning", "in the evening", "at night")


def _matrix(r: Draw) -> Question:
    documents, crew = _watch(r)
    at, shift = r.randrange(5), r.randrange(3)
    return Question(
        documents=documents,
        question=f"Who is on watch {_SHIFTS[shift]} on {_DAYS[at]}?",
        says=(f"{_DAYS[at]} | {' | '.join(crew[at])}",),
        never=tuple(f"{day} |" for day in _DAYS if day != _DAYS[at]),
    )


def _matrix_back(r: Draw) -> Question:
    documents, crew = _watch(r)
    at, shift = r.randrange(5), r.randrange(3)
    name = crew[at][shift]
    if sum(day[shift] == name for day in crew) > 1:
        return _matrix_back(r)
    return Question(
        documents=documents,
        question=f"When does {name} have the watch {_SHIFTS[shift]}?",
        says=(f"{_DAYS[at]} | {' | '.join(crew[at])}",),
        never=tuple(f"{day} |" for day in _DAYS if day != _DAYS[at]),
    )


def _steps_text(r: Draw) -> tuple[str, list[str]]:
    tasks = r.sample(_TASKS, 5)
    lines = "\n".join(f"{n}. {task}" for n, task in enumerate(tasks, 1))
    return (
        f"The motor is stopped in these steps:\n\n{lines}\n\nThe harbour master has a key.",
        tasks,
    )


def _steps(r: Draw) -> Question:
    text, tasks = _steps_text(r)
    question = "What are the steps to stop the motor?"
    return Question(documents={"Motor": text}, question=question, says=tuple(tasks))


def _step(r: Draw) -> Question:
    text, tasks = _steps_text(r)
    at = r.randrange(5)
    others = tuple(task for task in tasks if task != tasks[at])
    return Question(
        documents={"Motor": text},
        question=f"What is step {at + 1}?",
        says=(tasks[at],),
        never=others,
    )


def _logbook(r: Draw) -> tuple[str, list[tuple[date, str]]]:
    days = sorted(date(2021, r.randint(1, 12), r.randint(13, 28)) for _ in range(6))
    if len({one.month for one in days}) < 6:
        return _logbook(r)
    found = list(zip(days, r.sample(_EVENTS, 6), strict=True))
    lines = [f"On {d.day} {_MONTHS[d.month - 1]} {d.year} {what}." for d, what in found]
    return " ".join(lines), found


def _day(r: Draw) -> Question:
    text, found = _logbook(r)
    day, what = r.choice(found)
    written = r.choice((
        f"{day:%Y-%m-%d}", f"{_MONTHS[day.month - 1]} {day.day}, {day.year}", f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y}",
    ))  # fmt: skip
    others = tuple(other for _, other in found if other != what)
    question = f"What happened on {written}?"
    return Question(documents={"Logbook": text}, question=question, says=(what,), never=others)


def _no_day(r: Draw) -> Question:
    text, found = _logbook(r)
    day = r.choice(found)[0]
    written = f"{day.day - 12} {_MONTHS[day.month - 1]} {day.year}"
    return Question(documents={"Logbook": text}, question=f"What happened on {written}?")


def _rules(r: Draw) -> tuple[dict[str, str], list[tuple[int, int]]]:
    years = sorted(r.sample(range(2011, 2024), 2))
    prices = r.sample(range(20, 90), 2)
    found = list(zip(years, prices, strict=True))
    texts = {
        f"Harbour rules {year}": f"These rules hold from 1 May {year}. The mooring fee is {price} "
        "euros a night. Guests sign in at the office. Dogs are kept on a lead on the pontoons."
        for year, price in found
    }
    return texts, found


def _differ(r: Draw) -> Question:
    texts, found = _rules(r)
    says = (*(f"{price} euros" for _, price in found), "differ")
    return Question(documents=texts, question="What is the mooring fee?", says=says)


def _one_of_two(r: Draw) -> Question:
    texts, found = _rules(r)
    at = r.randrange(2)
    question = f"What is the mooring fee in the {found[at][0]} rules?"
    return Question(
        documents=texts,
        question=question,
        says=(f"{found[at][1]} euros",),
        never=(f"{found[1 - at][1]} euros",),
    )


_THINGS = "buoys ladders bollards benches lanterns winches".split()


def _counts(r: Draw) -> tuple[str, dict[str, int]]:
    things = dict(zip(r.sample(_THINGS, 3), r.sample(range(11, 90), 3), strict=True))
    places = ("pier", "slipway", "breakwater")
    lines = [
        f"The {at} has {n} {one}." for at, (one, n) in zip(places, things.items(), strict=True)
    ]
    return "\n\n".join(lines), things


def _count(r: Draw) -> Question:
    text, things = _counts(r)
    thing, count = r.choice(list(things.items()))
    question = f"How many {thing} are there?"
    return Question(documents={"Piers": text}, question=question, says=(f"{count} {thing}",))


def _count_of_another(r: Draw) -> Question:
    text, things = _counts(r)
    thing = r.choice([one for one in _THINGS if one not in things])
    return Question(documents={"Piers": text}, question=f"How many {thing} does the pier have?")


_ROLES = "cook diver pilot steward surveyor".split()


def _staff(r: Draw) -> tuple[str, str]:
    role, name = r.choice(_ROLES), r.choice(_CREW)
    text = f"The head {role} of the harbour is {name}. The office opens at seven in the morning."
    return text, role


def _role(r: Draw) -> Question:
    text, role = _staff(r)
    return Question(
        documents={"Staff": text}, question=f"Who is the head {role}?", says=(text.split(".")[0],)
    )


def _another_role(r: Draw) -> Question:
    text, role = _staff(r)
    kind = r.choice(("deputy", "assistant", "former", "night"))
    return Question(documents={"Staff": text}, question=f"Who is the {kind} {role}?")


def _berths(r: Draw) -> tuple[str, list[str]]:
    boats = r.sample(_BOATS, 5)
    text = " ".join(
        f"The {boat} lies at the {side} quay and belongs to {owner}."
        for boat, side, owner in zip(
            boats, ("north", "east", "south", "west", "inner"), r.sample(_CREW, 5), strict=True
        )
    )
    return text, boats


def _name(r: Draw) -> Question:
    text, boats = _berths(r)
    boat = r.choice(boats)
    others = tuple(one for one in boats if one != boat)
    question = f"Who does the {boat} belong to?"
    return Question(documents={"Berths": text}, question=question, says=(boat,), never=others)


def _unknown_name(r: Draw) -> Question:
    text, boats = _berths(r)
    boat = r.choice([one for one in _BOATS if one not in boats])
    return Question(documents={"Berths": text}, question=f"Who does the {boat} belong to?")


def _newer_or_older(r: Draw) -> Question:
    texts, found = _rules(r)
    at, age = r.choice(((0, "old"), (0, "previous"), (1, "current"), (1, "latest")))
    return Question(
        documents=texts,
        question=f"What is the mooring fee in the {age} rules?",
        says=(f"{found[at][1]} euros",),
        never=(f"{found[1 - at][1]} euros",),
    )


def _slipped(r: Draw) -> Question:
    text, things = _counts(r)
    thing, count = r.choice(list(things.items()))
    at = r.randrange(1, len(thing) - 2)
    slip = r.choice((
        thing[:at] + thing[at + 1] + thing[at] + thing[at + 2 :], thing[:at] + thing[at + 1 :],
        thing[:at] + thing[at] + thing[at:], thing[:at] + "x" + thing[at + 1 :],
    ))  # fmt: skip
    question = f"How many {slip} are there?"
    return Question(documents={"Piers": text}, question=question, says=(f"{count} {thing}",))


def _which(r: Draw) -> Question:
    text, _ = _fleet(r)
    return Question(documents={"Boats": text}, question="What is the price per week?", choose=5)


KINDS: dict[str, Callable[[Draw], Question]] = {
    "a cell": _cell,
    "a row that is not there": _no_row,
    "rows that have something": _filter,
    "the most": _most,
    "a sum": _total,
    "days down, shifts across": _matrix,
    "shifts across, the day asked for": _matrix_back,
    "all steps": _steps,
    "one step": _step,
    "a day in another form": _day,
    "a day that is not there": _no_day,
    "documents that differ": _differ,
    "one of two documents": _one_of_two,
    "how many": _count,
    "the count of another thing": _count_of_another,
    "who has a role": _role,
    "another role": _another_role,
    "a name": _name,
    "an unknown name": _unknown_name,
    "the newer or the older document": _newer_or_older,
    "a slip of the keyboard": _slipped,
    "which of several is meant": _which,
}


def outcomes(*, each: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[tuple[str, bool]]:
    """Ask; yield the kind of each question, and whether its answer is right."""
    for kind in kinds:
        for seed in range(each):
            one = KINDS[kind](Draw(f"{kind} {seed}"))
            with tempfile.TemporaryDirectory() as folder:
                settings = Settings(data_dir=Path(folder), corpus_dir=None)
                with Chatbot.from_settings(settings) as bot:
                    for title, text in one.documents.items():
                        path = Path(folder) / f"{title}.md"
                        path.write_text(text, encoding="utf-8")
                        bot.add(path)
                    answer = bot.ask(one.question)
            said = all(words in answer.text for words in one.says)
            clean = not any(words in answer.text for words in one.never)
            right = said and clean and len(answer.choices) == one.choose
            yield kind, right and answer.refused is not bool(one.says or one.choose)


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--each", type=int, default=10, help="questions of each kind")
    found = list(outcomes(each=parser.parse_args().each))
    for kind in KINDS:
        some = [right for one, right in found if one == kind]
        print(f"{kind}: {sum(some)} of {len(some)}")
    right = sum(right for _, right in found)
    bounds = wilson_interval(right, len(found))
    print(f"all: {right} of {len(found)} ({bounds.low:.3f} to {bounds.high:.3f})")


if __name__ == "__main__":
    main()
