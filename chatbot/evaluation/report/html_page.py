"""The HTML report: one page that needs nothing else. No script; every text of a case is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from chatbot.evaluation.compare import CaseChange
from chatbot.evaluation.report.case_html import case_html
from chatbot.evaluation.report.contents import Report, ReportRow
from chatbot.evaluation.report.plots import plots
from chatbot.evaluation.report.style import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_WORST = 30


def html_report(reports: Sequence[Report]) -> str:
    """Return the runs as one page."""
    names = ", ".join(report.run.head.suite for report in reports)
    body = "".join(part for report in reports for part in _section(report))
    contents = "".join(
        f'<li><a href="#{_anchor(s)}">{escape(s.run.head.suite)}</a></li>' for s in reports
    )
    nav = f"<nav><ul>{contents}</ul></nav>" if len(reports) > 1 else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation: {escape(names)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>Evaluation</h1>{nav}{body}</main></body></html>\n"
    )


def _anchor(report: Report) -> str:
    return f"suite-{escape(report.run.head.suite, quote=True)}"


def _section(report: Report) -> Iterator[str]:
    head = report.run.head
    yield f'<section id="{_anchor(report)}"><h2>{escape(head.suite)}</h2>'
    yield f"<p>{escape(head.description)}</p><p class=dim>{escape(report.heading())}</p>"
    yield from _failures(report)
    yield _measures(report)
    yield from (f"<p class=dim>{escape(note)}</p>" for note in report.notes())
    yield from _plots(report)
    if report.against is not None:
        yield from _side_by_side(report)
    yield from _worst(report)
    yield "</section>"


def _failures(report: Report) -> Iterator[str]:
    if report.failures:
        items = "".join(f"<li>{escape(failure)}</li>" for failure in report.failures)
        yield f'<div class="failed"><h3>Failed</h3><ul>{items}</ul></div>'


def _measures(report: Report) -> str:
    titles = report.titles()
    header = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    lines = []
    for group, rows in report.rows():
        lines.append(f'<tr><th scope="rowgroup" colspan="{len(titles)}">{escape(group)}</th></tr>')
        lines += map(_line, rows)
    return (
        f"<table><caption>Measures</caption><thead><tr>{header}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _line(row: ReportRow) -> str:
    kind = f' class="{row.finding}"' if row.finding in ("better", "worse") else ""
    inside = "".join(f"<td>{escape(cell)}</td>" for cell in row.cells)
    return f'<tr{kind}><th scope="row">{escape(row.name)}</th>{inside}</tr>'


def _plots(report: Report) -> Iterator[str]:
    drawn = list(plots(report))
    if drawn:
        figures = "".join(
            f"<figure><figcaption><b>{escape(title)}</b></figcaption>{svg}<p class=dim>"
            f"{escape(reading)}</p></figure>"
            for title, svg, reading in drawn
        )
        yield f'<div class="plots">{figures}</div>'


def _side_by_side(report: Report) -> Iterator[str]:
    against = report.against
    assert against is not None
    name = escape(report.before_name)
    yield f"<h3>Beside {name}</h3><p class=dim>{name}: version {escape(against.old.version)}, "
    yield f"{escape(against.old.started)}, mode {escape(against.old.mode)}; {against.pairs} cases "
    yield "are in both.</p>"
    if not against.changes:
        yield "<p>No case changed.</p>"
    for title, changes in (("Worse", against.worse), ("Better", against.better)):
        if changes:
            yield f"<details{' open' if title == 'Worse' else ''}><summary>{title}: "
            yield f"{len(changes)} cases</summary>"
            yield from (_change(change, name) for change in changes)
            yield "</details>"


def _change(change: CaseChange, before: str) -> str:
    what = escape("; ".join((*change.worse, *change.better)))
    return (
        f'<article class="case"><h4>{escape(change.id)}: {escape(change.question)}</h4>'
        f"<p class=dim>{what}</p><div class=pair><div><h5>{before}</h5>"
        f"<p>{escape(change.said_before)}</p></div><div><h5>this run</h5>"
        f"<p>{escape(change.says_now)}</p></div></div></article>"
    )


def _worst(report: Report) -> Iterator[str]:
    if not report.run.results:
        return
    worst = report.worst(_WORST)
    if not worst:
        yield "<p>Every scored case is right.</p>"
        return
    total = len(report.worst(len(report.run.results)))
    shown = f"the first {_WORST} of {total}" if total > _WORST else f"{total}"
    yield f"<h3>Cases that are not right ({shown})</h3>"
    yield "<p class=dim>Left what was said, right what was to be cited: <mark class=both>gold and "
    yield "cited</mark> <mark class=missed>gold, not cited</mark> <mark class=extra>cited, not gold"
    yield "</mark>.</p>"
    yield from (case_html(result) for result in worst)
