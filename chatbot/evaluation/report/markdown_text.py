"""A run as Markdown, for a pull request. Text of answers and documents is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.evaluation.compare import Difference
from chatbot.evaluation.measures import Measure
from chatbot.evaluation.report.contents import Report, number

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")


def markdown_report(reports: Sequence[Report]) -> str:
    """Return the runs as one Markdown text."""
    return "\n".join(line for report in reports for line in _lines(report)) + "\n"


def escape(text: str) -> str:
    """Return a text so that Markdown shows it as it is, on one line: no link, mention or tag."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def _lines(report: Report) -> Iterator[str]:
    yield f"## {escape(report.run.head.suite)}\n"
    yield f"{escape(report.heading())}\n"
    if report.failures:
        yield "**Failed:**\n"
        yield from (f"- {escape(failure)}" for failure in report.failures)
        yield ""
    yield from _table(report)
    yield from (f"\n{escape(note)}" for note in report.notes())
    if report.against is not None and report.against.worse:
        worse = report.against.worse
        yield f"\n<details><summary>{len(worse)} cases got worse</summary>\n"
        yield from (f"- `{_code(c.id)}`: {escape('; '.join(c.worse))}" for c in worse)
        yield "\n</details>"
    yield ""


def _table(report: Report) -> Iterator[str]:
    against = report.against
    extra = f" {escape(report.before_name)} | finding |" if against else ""
    yield f"| measure | value | 95 % interval | scored | unscored |{extra}"
    yield f"|---|---:|---:|---:|---:|{'---:|---|' if against else ''}"
    found = {item.name: item for item in against.differences} if against else {}
    for _, items in report.grouped():
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
