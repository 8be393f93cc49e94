"""What ``chatbot eval`` prints of runs, and the files it writes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from chatbot.cli.terminal import clean, complain, console
from chatbot.errors import SuiteError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from chatbot.evaluation.report import Report

Model = Annotated[
    str | None, typer.Option(help="Let this model answer, for example openai:gpt-5-mini.")
]
Workers = Annotated[
    int | None, typer.Option("--workers", "--jobs", min=1, max=64, help="Cases asked at once.")
]
Junit = Annotated[Path | None, typer.Option(help="Write JUnit XML to this file.")]
Markdown = Annotated[Path | None, typer.Option(help="Write Markdown to this file.")]
Html = Annotated[Path | None, typer.Option(help="Write the report, one HTML page, to this file.")]
_TABLE_WIDTH = 150
"""A table is never cut, in a pipe or a narrow window: a line that is too long wraps."""


def print_run(report: Report, *, verbose: bool) -> None:
    """Print a run: its measures, what got worse, and on standard error what failed."""
    from chatbot.evaluation.report import tables

    show(*tables(report, verbose=verbose))
    for failure in report.failures:
        complain(failure)


def show(*items: RenderableType) -> None:
    """Print tables whole, and lines without control characters: cases and answers are data."""
    out = console()
    out.width = max(out.width, _TABLE_WIDTH)
    for item in items:
        out.print(Text(clean(item.plain), style=item.style) if isinstance(item, Text) else item)


def write_reports(
    reports: list[Report],
    *,
    json_path: Path | None = None,
    junit: Path | None = None,
    markdown: Path | None = None,
    html: Path | None = None,
) -> None:
    """Write what was asked for."""
    from chatbot.evaluation.report import html_report, junit_xml, markdown_report

    if json_path is not None:
        runs = [report.run.to_dict() for report in reports]
        content = runs[0] if len(runs) == 1 else runs
        _write_text(json_path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    writers: list[tuple[Path | None, Callable[[list[Report]], str]]] = [
        (junit, junit_xml),
        (markdown, markdown_report),
        (html, html_report),
    ]
    for path, writer in writers:
        if path is not None:
            _write_text(path, writer(reports))
            console(stderr=True).print(f"Written: {clean(str(path))}")


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{path} cannot be written: {error.strerror}.") from error
