"""Reports as files, drawn by templates: one HTML page, Markdown for a pull request, JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from chatbot.evaluation.formulas import bins
from chatbot.evaluation.measures import answerable_pairs, claim_pairs, percentile, risk_curve
from chatbot.evaluation.report.contents import Report
from chatbot.evaluation.saved_run import CaseResult, GoldPlace, Run

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def html_report(reports: Sequence[Report]) -> str:
    """Return the runs as one page that needs nothing else. All its text is escaped, no script."""
    return _drawn("report.html", reports)


def markdown_report(reports: Sequence[Report]) -> str:
    """Return the runs as one Markdown text; text of answers and documents is escaped."""
    return _drawn("report.md", reports)


def junit_xml(reports: Sequence[Report]) -> str:
    """Return the runs as JUnit XML: a case that is not right is a failure, and so is a gate."""
    # No character may stay that XML 1.0 cannot hold in any form.
    return _NOT_IN_XML.sub("\ufffd", _drawn("report.xml", reports))


def escape(text: str) -> str:
    """Return a text so that Markdown shows it as it is, on one line: no link, mention or tag."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def _drawn(name: str, reports: Sequence[Report]) -> str:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(("html", "xml")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["md"] = escape
    used = (risk_curve, bins, claim_pairs, answerable_pairs, latency, said, sentences)
    templates.globals.update({function.__name__: function for function in used})
    return templates.get_template(name).render(reports=reports)


def latency(run: Run) -> Iterator[tuple[str, str, str]]:
    """Yield each stage of an answer with its median and 95th percentile in milliseconds."""
    stages: dict[str, list[float]] = {}
    for result in run.results:
        for stage, seconds in (result.answer or {}).get("usage", {}).get("seconds", {}).items():
            stages.setdefault(stage, []).append(1000 * seconds)
    for stage, values in stages.items():
        yield stage, f"{percentile(values, 0.5):.0f}", f"{percentile(values, 0.95):.0f}"


def said(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pieces of an answer, each with the verdict that stands behind it."""
    text, at = str(answer.get("text", "")), 0
    for claim in answer.get("claims", []):
        end, verdict = int(claim.get("end", -1)), str(claim.get("verdict", "no_claim"))
        if verdict != "no_claim" and at <= end <= len(text):
            yield text[at:end], verdict
            at = end
    yield text[at:], ""


def sentences(result: CaseResult) -> Iterator[tuple[str, str, str, str]]:
    """Yield gold and then other cited sentences: what each is, and its text around an answer."""
    cited = (result.answer or {}).get("citations", [])

    def meet(gold: GoldPlace, one: Mapping[str, Any]) -> bool:
        place = (one["document_id"], one["start"] < gold.end, gold.start < one["end"])
        return place == (gold.document_id, True, True)

    for gold in result.gold:
        kind = "both" if any(meet(gold, one) for one in cited) else "missed"
        text, accepted = gold.text, result.expected.get("answer", [])
        bold = next((one for one in accepted if one.casefold() in text.casefold()), "")
        at = text.casefold().find(bold.casefold())
        yield kind, text[:at], text[at : at + len(bold)], text[at + len(bold) :]
    for one in cited:
        if not any(meet(gold, one) for gold in result.gold):
            yield "extra", str(one["text"]), "", ""
