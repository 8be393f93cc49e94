"""A run as JUnit XML, for a build server: a case that is not right is a failure, so is a gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from chatbot.evaluation.report.subject import Subject
from chatbot.evaluation.saved_run import CaseResult

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold in any form."""


def junit_xml(subjects: Sequence[Subject]) -> str:
    """Return the runs as one XML text."""
    root = ElementTree.Element("testsuites")
    for subject in subjects:
        _suite(root, subject)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ElementTree.Element, subject: Subject) -> None:
    results = subject.run.results
    wrong = [item for item in results if item.value("right") == 0.0]
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=_clean(subject.run.head.suite),
        tests=str(len(results) + len(subject.failures)),
        failures=str(len(wrong) + len(subject.failures)),
        errors=str(len(subject.failed_cases)),
        skipped="0",
        time=f"{subject.run.seconds:.3f}",
        timestamp=subject.run.head.started,
    )
    for result in results:
        _case(suite, result)
    for failure in subject.failures:
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
