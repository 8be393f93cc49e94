"""Gates: the bounds a run must keep, and the regressions against a baseline that fail it."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.errors import SuiteError
from chatbot.evaluation.cases import Gate
from chatbot.evaluation.compare import Comparison
from chatbot.evaluation.measures import measures
from chatbot.evaluation.saved_run import Run


def failed_gates(run: Run, gates: Mapping[str, Gate]) -> list[str]:
    """Return a sentence for each gate that does not hold; an unscored measure fails its gate.

    A case that could not be asked fails the run too: it would be missing from every measure.
    """
    found = {item.name: item for item in measures(run)}
    failures = []
    for name, gate in gates.items():
        item = found.get(name)
        value = item.value if item else None
        where = f"{run.head.suite}: {name}"
        if value is None:
            failures.append(f"{where} is unscored, and a gate asks for it.")
        elif gate.at_least is not None and value < gate.at_least:
            failures.append(f"{where} is {value:.3f}, at least {gate.at_least:g} is asked.")
        elif gate.at_most is not None and value > gate.at_most:
            failures.append(f"{where} is {value:.3f}, at most {gate.at_most:g} is allowed.")
    failures += [
        f"{run.head.suite}: case {item.id} could not be asked: {item.error}" for item in run.failed
    ]
    return failures


def regressions(comparison: Comparison) -> list[str]:
    """Return a sentence for each measure that fell so clearly that it fails the run."""
    return [
        f"{comparison.new.suite}: {item.name} fell from {item.old:.3f} to {item.new:.3f} "
        f"({item.evidence()})."
        for item in comparison.differences
        if item.is_regression
    ]


def parse_gate(text: str) -> tuple[str, Gate]:
    """Read ``right>=0.8`` or ``injection_success<=0``.

    Raises:
        SuiteError: if it is neither.
    """
    for sign, bound in ((">=", "at_least"), ("<=", "at_most")):
        name, found, value = text.partition(sign)
        if found and name.strip():
            try:
                return name.strip(), Gate.model_validate({bound: float(value)})
            except ValueError:
                break
    raise SuiteError(f"{text!r} is no gate: write for example 'right>=0.8'.")
