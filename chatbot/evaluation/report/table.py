"""A run for the terminal: measures with intervals, what changed, and every case that got worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from chatbot.evaluation.compare import CaseChange, Difference
from chatbot.evaluation.report.contents import Report, number
from chatbot.evaluation.saved_run import CaseResult

_SHOWN = 20
"""Cases that are not right, named without ``--verbose``; those that got worse are all named."""
_COLOURS = {"better": "green", "worse": "red"}


def tables(report: Report, *, verbose: bool = False) -> Iterator[RenderableType]:
    """Yield what is printed of a run; ``verbose`` names every case, the right ones too."""
    yield Text(report.heading(), style="bold")
    yield _measures(report)
    yield from (Text(note, style="dim") for note in report.notes())
    wrong = report.worst
    shown = report.run.results if verbose else wrong[:_SHOWN]
    yield from (line for result in shown for line in _case(result))
    if len(wrong) > _SHOWN and not verbose:
        yield Text(f"  and {len(wrong) - _SHOWN} more that are not right: --verbose", style="dim")
    if report.against is not None:
        yield from _changes(report)


def differences_table(differences: tuple[Difference, ...], old: str, new: str) -> Table:
    """Return the paired differences of two runs as a table."""
    titles = ("measure", "pairs", old, new, "difference", "evidence", "finding", "needed")
    table = _table(titles)
    for item in differences:
        table.add_row(
            item.name,
            str(item.pairs),
            number(item.old),
            number(item.new),
            f"{item.new - item.old:+.3f}",
            item.evidence,
            Text(item.finding, style=_COLOURS.get(item.finding, "")),
            "" if item.needed is None else f"{item.needed:,} pairs",
        )
    return table


def change_lines(changes: tuple[CaseChange, ...]) -> Iterator[Text]:
    """Yield a line for each changed case: what fell, what rose."""
    for change in changes:
        what = "; ".join((*change.worse, *change.better))
        yield Text(f"  {change.new.id}: {what}", style="red" if change.worse else "green")


def _measures(report: Report) -> Table:
    table = _table(report.titles())
    for group, rows in report.rows():
        table.add_row(Text(group, style="bold"))
        for name, cells, finding in rows:
            style = "dim" if finding == "same" else _COLOURS.get(finding, "")
            table.add_row(f"  {name}", *cells[:4], *(Text(cell, style=style) for cell in cells[4:]))
    return table


def _table(titles: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in titles:
        table.add_column(title, justify="left" if title in ("measure", "finding") else "right")
    return table


def _case(result: CaseResult) -> Iterator[Text]:
    right = result.value("right")
    mark = "failed" if result.error else {1.0: "ok", 0.0: "wrong", None: "unscored"}[right]
    yield Text(f"  {mark:<8} {result.id}: {' '.join(result.question.split())[:200]}")
    if mark != "ok":
        why = result.scores["right"].why if "right" in result.scores else "it has no score"
        yield Text(f"           said: {' '.join(result.said.split())[:200]}", style="dim")
        yield Text(f"           {why}", style="dim")


def _changes(report: Report) -> Iterator[Text]:
    assert report.against is not None
    worse, better = report.against.worse, report.against.better
    if not worse and not better:
        yield Text(f"No case changed against the {report.before_name}.", style="dim")
        return
    if worse:
        yield Text(f"Worse than the {report.before_name} ({len(worse)}):", style="red")
        yield from change_lines(worse)
    if better:
        yield Text(f"Better than the {report.before_name}: {len(better)} cases.", style="green")
