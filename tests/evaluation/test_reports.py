"""Reports: complete, self-contained, and safe whatever stands in a case or an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from chatbot.evaluation import CaseResult, Run, RunHead, Score
from chatbot.evaluation.report import (
    Report,
    html_report,
    junit_xml,
    markdown_report,
    tables,
)

EVIL = "<script>alert(1)</script> <img src=x onerror=b()> ![x](https://evil.example/) \x00\u202e]]>"


@pytest.fixture(scope="module", name="run")
def run_of_the_tiny_suite(ferry_run: Run) -> Run:
    return ferry_run


def spoiled(run: Run) -> Run:
    """The same run with its first case wrong, and with hostile text everywhere."""
    first = run.results[0]
    assert first.answer
    wrong = replace(
        first,
        question=first.question,
        answer=first.answer | {"text": EVIL, "notice": EVIL, "search_query": EVIL, "claims": []},
        tags=(EVIL,),
        scores=first.scores
        | {"right": Score(value=0.0, why=EVIL), "citation_f1": Score(value=0.0, why=EVIL)},
    )
    failed = CaseResult(id=EVIL, question=EVIL, history=(("user", EVIL),), error=EVIL)
    return replace(run, results=(wrong, *run.results[1:], failed))


@pytest.fixture(scope="module")
def report(run: Run) -> Report:
    return Report(spoiled(run), before=run, failures=(f"ferry: right fell {EVIL}",))


class Tags(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_has_measures_plots_worst_cases_and_the_run_before(report: Report) -> None:
    page = html_report([report])
    for wanted in (
        "citation_f1",
        "95 % interval",
        "Risk and coverage of refusal",
        "Calibration of refusal",
        "Latency by stage",
        "Cases that are not right (2)",
        "Beside baseline",
        "right 1 -&gt; 0",
        "The ferry leaves at <b>9:40</b> from pier 3.",
    ):
        assert wanted in page, wanted


def test_the_page_loads_and_runs_nothing(report: Report) -> None:
    tags = Tags()
    tags.feed(html_report([report, report]))
    names = {name for name, _ in tags.seen}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "base"}
    attributes = {key for _, attrs in tags.seen for key in attrs}
    assert not [key for key in attributes if key.startswith("on") or key == "src"]
    links = [attrs["href"] for name, attrs in tags.seen if name == "a"]
    assert links
    assert all(link and link.startswith("#") for link in links)
    [policy] = [a["content"] for n, a in tags.seen if n == "meta" and "http-equiv" in a]
    assert policy
    assert policy.startswith("default-src 'none'")


def test_a_page_of_a_perfect_run_says_so(run: Run) -> None:
    page = html_report([Report(run)])
    assert "Every scored case is right." in page
    assert "Beside baseline" not in page


def test_calibration_is_drawn_where_claims_have_scores(run: Run) -> None:
    scored = replace(run.results[0], verdicts=((0.9, True), (0.2, False)))
    page = html_report([Report(replace(run, results=(scored,)))])
    assert "Calibration of the verdict scores" in page
    assert "2 claims in 2 bins" in page


def test_markdown_is_a_table_without_a_live_link_or_tag(report: Report) -> None:
    text = markdown_report([report])
    assert "| `citation_f1` |" in text
    assert "<details><summary>2 cases got worse</summary>" not in text
    assert "1 cases got worse" in text
    stripped = re.sub(r"\\.", "", text).replace("<details><summary>", "").replace("</summary>", "")
    assert not re.search(r"<\w|!\[|\]\(", stripped)


def test_junit_holds_each_case_and_each_gate(report: Report) -> None:
    root = ElementTree.fromstring(junit_xml([report]))
    [suite] = root
    assert suite.attrib["tests"] == "6"
    assert suite.attrib["failures"] == "2"
    assert suite.attrib["errors"] == "1"
    assert len(suite.findall("testcase")) == 6


def test_the_table_names_what_got_worse(report: Report) -> None:
    console = Console(width=160, record=True, file=Path("/dev/null").open("w"))
    with console.file:
        for item in tables(report):
            console.print(item)
    text = console.export_text()
    assert "Worse than the baseline (1):" in text
    assert "time: right 1 -> 0" in text
    assert "4 are compared" in text


def test_an_empty_run_is_reported_too() -> None:
    empty = Report(Run(head=RunHead(suite="none")))
    assert "none" in html_report([empty])
    assert "none" in markdown_report([empty])
    assert ElementTree.fromstring(junit_xml([empty]))[0].attrib["tests"] == "0"
    assert list(tables(empty))


def test_plots_are_well_formed_and_stay_inside(report: Report) -> None:
    page = html_report([report])
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 2
    for plot in plots:
        points = list(ElementTree.fromstring(plot).iter("circle"))
        assert points
        assert all(52 <= float(point.attrib["cx"]) <= 406 for point in points)
        assert all(12 <= float(point.attrib["cy"]) <= 216 for point in points)
