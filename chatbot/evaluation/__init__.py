"""Evaluation of a chatbot on suites of cases: anybody's, on the public API alone.

A suite is a folder with ``suite.yaml`` and its cases. ``run_suite`` asks them, scorers score them,
``report`` prints them.
"""

from chatbot.evaluation.cases import Case, Expected, Suite, load_suite
from chatbot.evaluation.report import format_report
from chatbot.evaluation.runs import CaseResult, SuiteResult, run_suite

__all__ = [
    "Case",
    "CaseResult",
    "Expected",
    "Suite",
    "SuiteResult",
    "format_report",
    "load_suite",
    "run_suite",
]
