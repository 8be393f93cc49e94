"""The plots of a report: risk and coverage, calibration, latency by stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.evaluation.measures import answerable_by_confidence, answers_by_confidence
from chatbot.evaluation.metrics.calibration import bins
from chatbot.evaluation.metrics.risk_coverage import risk_coverage
from chatbot.evaluation.report.contents import Report
from chatbot.evaluation.report.svg import PlotBar, PlotLine, bar_plot, line_plot
from chatbot.evaluation.saved_run import Run


def plots(report: Report) -> Iterator[tuple[str, str, str]]:
    """Yield (title, SVG, one sentence on how to read it) of each plot that can be drawn."""
    yield from _risk_coverage(report)
    yield from _calibration(report.run)
    yield from _latency(report.run)


def _runs(report: Report) -> list[tuple[str, Run]]:
    runs = [("this run", report.run)]
    return runs if report.before is None else [*runs, (report.before_name, report.before)]


def _risk_coverage(report: Report) -> Iterator[tuple[str, str, str]]:
    lines = []
    for name, run in _runs(report):
        cuts = risk_coverage(answers_by_confidence(run.results), cases=max(1, len(run.results)))
        if cuts:
            points = [(cut.coverage, cut.risk) for cut in cuts]
            lines.append(PlotLine(name=name, points=points, dots=len(points) < 3))
    if lines and lines[0].name == "this run":
        title = "Risk and coverage of refusal"
        yield (
            title,
            line_plot(lines, title=title, x="share of cases answered", y="share of answers wrong"),
            "Answering the surest questions first: how many of the answers given are wrong. "
            "The line ends where the chatbot itself stops answering.",
        )


def _calibration(run: Run) -> Iterator[tuple[str, str, str]]:
    verdicts = [pair for result in run.results for pair in result.verdicts]
    kinds = (
        ("Calibration of the verdict scores", "P(supported)", "share right", verdicts, "claims"),
        (
            "Calibration of refusal",
            "P(the documents answer)",
            "share answerable",
            answerable_by_confidence(run.results),
            "questions",
        ),
    )
    for title, x, y, pairs, what in kinds:
        filled = bins(pairs)
        if filled:
            even = PlotLine(name="even", points=[(0, 0), (1, 1)], dashed=True)
            found = PlotLine(name=what, points=[(b.score, b.right) for b in filled], dots=True)
            yield (
                title,
                line_plot([even, found], title=title, x=x, y=y),
                f"{len(pairs)} {what} in {len(filled)} bins; on the dashed line a score means what "
                "it says.",
            )


def _latency(run: Run) -> Iterator[tuple[str, str, str]]:
    stages: dict[str, list[float]] = {}
    for result in run.results:
        for stage, seconds in (result.answer or {}).get("usage", {}).get("seconds", {}).items():
            stages.setdefault(stage, []).append(float(seconds))
    bars = [
        PlotBar(
            name=stage,
            value=(middle := _rank(values, 0.5)),
            mark=(late := _rank(values, 0.95)),
            label=f"{1000 * middle:.0f} / {1000 * late:.0f} ms",
        )
        for stage, values in stages.items()
    ]
    if bars:
        title = "Latency by stage"
        yield (
            title,
            bar_plot(bars, title=title),
            f"Median (bar) and 95th percentile (line) over {len(run.results)} cases, on "
            f"{run.head.machine or 'a machine that was not named'}.",
        )


def _rank(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
