"""Evaluation of a chatbot on suites of cases: anybody's, on the public API alone.

A suite is a folder with ``suite.yaml`` and its cases. ``run_suite`` asks them, scorers score them,
``report`` prints them.
"""

from chatbot.evaluation.cases import Case, CaseTurn, Expected, Gate, Suite
from chatbot.evaluation.report import format_report
from chatbot.evaluation.runs import CaseResult, SuiteResult, run_suite
from chatbot.evaluation.suite_files import bundled_suites, load_suite, write_cases

__all__ = [
    "Case",
    "CaseResult",
    "CaseTurn",
    "Expected",
    "Gate",
    "Suite",
    "SuiteResult",
    "bundled_suites",
    "format_report",
    "load_suite",
    "run_suite",
    "write_cases",
]
