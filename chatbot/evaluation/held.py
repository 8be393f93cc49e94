"""Holds a run against what its suite asks for: the gates and the accepted baseline."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.evaluation.baselines import load_baseline
from chatbot.evaluation.cases import Gate, Suite
from chatbot.evaluation.compare import compare, have_cases_in_common
from chatbot.evaluation.gates import failed_gates, regressions
from chatbot.evaluation.report import Subject, subject_of
from chatbot.evaluation.saved_run import Run


def held(run: Run, suite: Suite | None, gates: Mapping[str, Gate] | None = None) -> Subject:
    """Return the run beside its baseline, with what failed.

    Args:
        run: of the suite.
        suite: whose gates and baseline count; None where it is not at hand.
        gates: more bounds, in the place of the suite's where they have the same name.

    Raises:
        SuiteError: if the baseline's file is no saved run.
    """
    failures = failed_gates(run, {**(suite.gates if suite else {}), **(gates or {})})
    baseline = load_baseline(suite, run.head.mode) if suite else None
    if baseline is not None and not have_cases_in_common(baseline, run):
        baseline = None
    if baseline is not None:
        failures += regressions(compare(baseline, run))
    return subject_of(run, before=baseline, failures=failures)
