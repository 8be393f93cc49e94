"""What ``chatbot eval`` prints of runs, and the files it writes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from chatbot.cli.terminal import clean, complain, console
from chatbot.errors import SuiteError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from chatbot.evaluation.report import Subject

_TABLE_WIDTH = 150
"""A table is never cut, in a pipe or a narrow window: a line that is too long wraps."""


def print_run(subject: Subject, *, verbose: bool) -> None:
    """Print a run: its measures, what got worse, and on standard error what failed."""
    from chatbot.evaluation.report import tables

    show(*tables(subject, verbose=verbose))
    for failure in subject.failures:
        complain(failure)


def show(*items: RenderableType) -> None:
    """Print tables whole, and lines without control characters: cases and answers are data."""
    out = console()
    out.width = max(out.width, _TABLE_WIDTH)
    for item in items:
        out.print(Text(clean(item.plain), style=item.style) if isinstance(item, Text) else item)


def write_reports(
    subjects: list[Subject],
    *,
    json_path: Path | None = None,
    junit: Path | None = None,
    markdown: Path | None = None,
    html: Path | None = None,
) -> None:
    """Write what was asked for.

    Args:
        subjects: the runs.
        json_path: the run itself; of several, a list.
        junit: JUnit XML.
        markdown: Markdown.
        html: one HTML page.

    Raises:
        SuiteError: if a file cannot be written.
    """
    from chatbot.evaluation import report as reports

    if json_path is not None:
        runs = [subject.run.to_dict() for subject in subjects]
        content = runs[0] if len(runs) == 1 else runs
        _write_text(json_path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    writers: list[tuple[Path | None, Callable[[list[Subject]], str]]] = [
        (junit, reports.junit_xml),
        (markdown, reports.markdown_report),
        (html, reports.html_report),
    ]
    for path, writer in writers:
        if path is not None:
            _write_text(path, writer(subjects))
            console(stderr=True).print(f"Written: {clean(str(path))}")


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{path} cannot be written: {error.strerror}.") from error
