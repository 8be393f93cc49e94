"""Evaluation of a chatbot on suites of cases: anybody's, on the public API alone.

A suite is a folder with ``suite.yaml`` and its cases (``load_suite``). ``run_suite`` asks them and
scores the answers; a ``Run`` is saved, accepted as the baseline, compared and reported.
"""

from chatbot.evaluation.compare import Comparison, compare, failed_gates, regressions
from chatbot.evaluation.measures import measures
from chatbot.evaluation.run_files import accept, load_baseline
from chatbot.evaluation.runs import RunOptions, run_suite
from chatbot.evaluation.saved_run import CaseResult, Measure, Run, RunHead, load_run, save_run
from chatbot.evaluation.scoring import Score
from chatbot.evaluation.suites import Case, Expected, Gate, Suite, bundled_suites, load_suite

__all__ = [
    "Case",
    "CaseResult",
    "Comparison",
    "Expected",
    "Gate",
    "Measure",
    "Run",
    "RunHead",
    "RunOptions",
    "Score",
    "Suite",
    "accept",
    "bundled_suites",
    "compare",
    "failed_gates",
    "load_baseline",
    "load_run",
    "load_suite",
    "measures",
    "regressions",
    "run_suite",
    "save_run",
]
