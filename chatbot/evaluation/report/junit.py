"""A run as JUnit XML, for a build server: a case that is not right is a failure, so is a gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from chatbot.evaluation.report.contents import Report
from chatbot.evaluation.saved_run import CaseResult

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold in any form."""


def junit_xml(reports: Sequence[Report]) -> str:
    """Return the runs as one XML text."""
    root = ElementTree.Element("testsuites")
    for report in reports:
        _suite(root, report)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ElementTree.Element, report: Report) -> None:
    results = report.run.results
    wrong = [item for item in results if item.value("right") == 0.0]
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=_clean(report.run.head.suite),
        tests=str(len(results) + len(report.failures)),
        failures=str(len(wrong) + len(report.failures)),
        errors=str(len(report.failed_cases)),
        skipped="0",
        time=f"{report.run.seconds:.3f}",
        timestamp=report.run.head.started,
    )
    for result in results:
        _case(suite, result)
    for failure in report.failures:
        case = ElementTree.SubElement(suite, "testcase", classname="gates", name=_clean(failure))
        ElementTree.SubElement(case, "failure", message=_clean(failure))


def _case(suite: ElementTree.Element, result: CaseResult) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=suite.get("name", ""),
        name=_clean(result.id),
        time=f"{result.seconds:.3f}",
    )
    if result.error:
        ElementTree.SubElement(case, "error", message=_clean(result.error))
    elif result.value("right") == 0.0:
        failure = ElementTree.SubElement(
            case, "failure", message=_clean(result.scores["right"].why)
        )
        said = str(result.answer["text"]) if result.answer else ""
        failure.text = _clean(f"question: {result.question}\nsaid: {said}")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
