"""A run as Markdown, for a pull request. Text of answers and documents is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.evaluation.compare import Difference
from chatbot.evaluation.measures import Measure
from chatbot.evaluation.report.subject import Subject, number

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")


def markdown_report(subjects: Sequence[Subject]) -> str:
    """Return the runs as one Markdown text."""
    return "\n".join(line for subject in subjects for line in _lines(subject)) + "\n"


def escape(text: str) -> str:
    """Return a text so that Markdown shows it as it is, on one line: no link, mention or tag."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def _lines(subject: Subject) -> Iterator[str]:
    yield f"## {escape(subject.run.head.suite)}\n"
    yield f"{escape(subject.heading())}\n"
    if subject.failures:
        yield "**Failed:**\n"
        yield from (f"- {escape(failure)}" for failure in subject.failures)
        yield ""
    yield from _table(subject)
    yield from (f"\n{escape(note)}" for note in subject.notes())
    if subject.against is not None and subject.against.worse:
        worse = subject.against.worse
        yield f"\n<details><summary>{len(worse)} cases got worse</summary>\n"
        yield from (f"- `{_code(c.id)}`: {escape('; '.join(c.worse))}" for c in worse)
        yield "\n</details>"
    yield ""


def _table(subject: Subject) -> Iterator[str]:
    against = subject.against
    extra = f" {escape(subject.before_name)} | finding |" if against else ""
    yield f"| measure | value | 95 % interval | scored | unscored |{extra}"
    yield f"|---|---:|---:|---:|---:|{'---:|---|' if against else ''}"
    found = {item.name: item for item in against.differences} if against else {}
    for _, items in subject.grouped():
        for item in items:
            yield _row(item, found.get(item.name), with_before=against is not None)


def _row(item: Measure, found: Difference | None, *, with_before: bool) -> str:
    interval = item.interval
    cells = [
        f"`{_code(item.name)}`",
        number(item.value or 0.0),
        "" if interval is None else f"{number(interval.low)} to {number(interval.high)}",
        f"{item.successes} of {item.scored}" if item.is_rate else str(item.scored),
        str(item.unscored),
    ]
    if with_before:
        cells += [number(found.old), found.finding] if found else ["", ""]
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return text.replace("`", "'").replace("|", "/")
