"""The HTML report, one page that needs nothing else, and what its template ``page.html`` draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from chatbot.evaluation.formulas import bins
from chatbot.evaluation.measures import answerable_by_confidence, percentile, risk_curve
from chatbot.evaluation.report.contents import Report
from chatbot.evaluation.saved_run import CaseResult, Run

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Lines from (0, 0) to (1, 1)."""

    title: str
    x: str
    y: str
    lines: list[tuple[str, Points]]
    reading: str
    """One sentence on how to read it."""


def html_report(reports: Sequence[Report]) -> str:
    """Return the runs as one page. Every text in it is escaped, and it runs no script."""
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True
    ).get_template("page.html")
    return page.render(
        reports=reports, plots=_plots, latency=_latency, said=_said, sentences=_sentences
    )


def _plots(report: Report) -> Iterator[Plot]:
    runs = [("this run", report.run)]
    if report.before is not None:
        runs.append((report.before_name, report.before))
    lines = []
    for name, run in runs:
        lines.append((name, [(cut.coverage, cut.risk) for cut in risk_curve(run.results)]))
    if lines[0][1]:
        yield Plot(
            title="Risk and coverage of refusal",
            x="share of cases answered",
            y="share of answers wrong",
            lines=lines,
            reading="Answering the surest questions first: how many of the answers given are wrong."
            " The line ends where the chatbot itself stops answering.",
        )
    results = report.run.results
    verdicts = [pair for result in results for pair in result.verdicts]
    answerable = answerable_by_confidence(results)
    for title, x, y, pairs, what in (
        ("the verdict scores", "P(supported)", "share right", verdicts, "claims"),
        ("refusal", "P(the documents answer)", "share answerable", answerable, "questions"),
    ):
        if filled := bins(pairs):
            yield Plot(
                title=f"Calibration of {title}",
                x=x,
                y=y,
                lines=[
                    (what, [(score, right) for _, score, right in filled]),
                    ("what a score should mean", [(0, 0), (1, 1)]),
                ],
                reading=f"{len(pairs)} {what} in {len(filled)} bins.",
            )


def _latency(run: Run) -> Iterator[tuple[str, str, str]]:
    """Yield each stage of an answer with its median and 95th percentile in milliseconds."""
    stages: dict[str, list[float]] = {}
    for result in run.results:
        for stage, seconds in (result.answer or {}).get("usage", {}).get("seconds", {}).items():
            stages.setdefault(stage, []).append(1000 * seconds)
    for stage, values in stages.items():
        yield stage, f"{percentile(values, 0.5):.0f}", f"{percentile(values, 0.95):.0f}"


def _said(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pieces of an answer, each with the verdict that stands behind it."""
    text, at = str(answer.get("text", "")), 0
    for claim in answer.get("claims", []):
        end, verdict = int(claim.get("end", -1)), str(claim.get("verdict", "no_claim"))
        if verdict != "no_claim" and at <= end <= len(text):
            yield text[at:end], verdict
            at = end
    yield text[at:], ""


def _sentences(result: CaseResult) -> Iterator[tuple[str, str, str, str]]:
    """Yield gold and cited sentences in order: what each is, and its text around an answer."""
    cited = {
        (str(c["document_id"]), int(c["start"]), int(c["end"])): str(c["text"])
        for c in (result.answer or {}).get("citations", [])
    }
    gold = {(g.document_id, g.start, g.end): g.text for g in result.gold}

    def meets(span: tuple[str, int, int], others: Mapping[tuple[str, int, int], str]) -> bool:
        return any(span[0] == d and span[1] < end and start < span[2] for d, start, end in others)

    for span in sorted(cited.keys() | gold.keys()):
        is_gold, is_cited = meets(span, gold), meets(span, cited)
        if span not in gold and is_gold:
            continue  # the gold quote of the same place is shown
        kind = "both" if is_gold and is_cited else "missed" if is_gold else "extra"
        text = gold.get(span) or cited[span]
        accepted = result.expected.get("answer", []) if is_gold else []
        bold = next((one for one in accepted if one.casefold() in text.casefold()), "")
        at = text.casefold().find(bold.casefold())
        yield kind, text[:at], text[at : at + len(bold)], text[at + len(bold) :]
