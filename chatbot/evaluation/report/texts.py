"""A run as Markdown for a pull request, and as JUnit XML for a build server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chatbot.evaluation.report.contents import Report

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def markdown_report(reports: Sequence[Report]) -> str:
    """Return the runs as one Markdown text; text of answers and documents is escaped."""
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
    titles = report.titles()
    yield f"| {' | '.join(map(escape, titles))} |"
    yield f"|---|{'---:|' * 4}{'---:|---|' if len(titles) > 5 else ''}"
    for _, rows in report.rows():
        yield from (f"| {' | '.join((f'`{_code(name)}`', *cells))} |" for name, cells, _ in rows)
    yield from (f"\n{escape(note)}" for note in report.notes())
    if report.against is not None and (worse := report.against.worse):
        yield f"\n<details><summary>{len(worse)} cases got worse</summary>\n"
        yield from (f"- `{_code(c.id)}`: {escape('; '.join(c.worse))}" for c in worse)
        yield "\n</details>"
    yield ""


def _code(text: str) -> str:
    return text.replace("`", "'").replace("|", "/")


def junit_xml(reports: Sequence[Report]) -> str:
    """Return the runs as JUnit XML: a case that is not right is a failure, and so is a gate."""
    root = Element("testsuites")
    for report in reports:
        _suite(root, report)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, report: Report) -> None:
    run = report.run
    suite = SubElement(root, "testsuite", name=_xml(run.head.suite), skipped="0")
    for result in run.results:
        case = SubElement(suite, "testcase", classname=suite.attrib["name"], name=_xml(result.id))
        case.set("time", f"{result.seconds:.3f}")
        if result.error:
            SubElement(case, "error", message=_xml(result.error))
        elif result.value("right") == 0.0:
            failure = SubElement(case, "failure", message=_xml(result.scores["right"].why))
            said = str(result.answer["text"]) if result.answer else ""
            failure.text = _xml(f"question: {result.question}\nsaid: {said}")
    for sentence in report.failures:
        case = SubElement(suite, "testcase", classname="gates", name=_xml(sentence))
        SubElement(case, "failure", message=_xml(sentence))
    for name, count in (
        ("tests", len(suite)),
        ("failures", len(suite.findall("*/failure"))),
        ("errors", len(suite.findall("*/error"))),
    ):
        suite.set(name, str(count))
    suite.attrib |= {"time": f"{run.seconds:.3f}", "timestamp": run.head.started}


def _xml(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold in any form."""
    return _NOT_IN_XML.sub("\ufffd", text)
