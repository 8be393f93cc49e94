"""A suite's result as text for the terminal."""

from __future__ import annotations

from math import sqrt

from chatbot.evaluation.runs import CaseResult, SuiteResult

_COUNTED = ("right", "answered", "refused", "answer_match", "short_answer_match")


def format_report(result: SuiteResult, *, verbose: bool = False) -> str:
    """Return the measures with 95 % Wilson intervals for rates, and the cases that went wrong.

    Args:
        result: what ``run_suite`` returned.
        verbose: name every case, not only the wrong ones.
    """
    suite = result.suite
    lines = [f"{suite.name}: {len(result.results)} cases, mode {result.mode}"]
    for name, (mean, count) in result.measures().items():
        interval = ""
        if name in _COUNTED:
            low, high = wilson_interval(mean, count)
            interval = f"  [{low:.3f}, {high:.3f}]  {round(mean * count)} of {count}"
        lines.append(f"  {name:<20} {mean:.3f}{interval or f'  mean of {count}'}")
    shown = [r for r in result.results if verbose or r.scores.get("right") != 1.0]
    lines += [_case_line(item) for item in shown]
    return "\n".join(lines)


def wilson_interval(rate: float, count: int, *, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a rate (Wilson 1927); (0, 1) for no cases."""
    if count == 0:
        return 0.0, 1.0
    centre = rate + z * z / (2 * count)
    spread = z * sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def _case_line(result: CaseResult) -> str:
    mark = "ok   " if result.scores.get("right") == 1.0 else "WRONG"
    said = result.error or (result.answer.text if result.answer else "")
    expected = result.case.expected
    wanted = "a refusal" if expected.refuse else " | ".join(expected.answer)
    return (
        f"  {mark} {result.case.id}: {result.case.question}\n"
        f"        said: {' '.join(said.split())[:200]}\n        expected: {wanted}"
    )
