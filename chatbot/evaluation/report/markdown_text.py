"""A run as Markdown, for a pull request. Text of answers and documents is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.evaluation.report.contents import Report

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
    titles = report.titles()
    yield f"| {' | '.join(map(escape, titles))} |"
    yield f"|---|{'---:|' * 4}{'---:|---|' if len(titles) > 5 else ''}"
    for _, rows in report.rows():
        for row in rows:
            yield f"| {' | '.join((f'`{_code(row.name)}`', *row.cells))} |"


def _code(text: str) -> str:
    return text.replace("`", "'").replace("|", "/")
