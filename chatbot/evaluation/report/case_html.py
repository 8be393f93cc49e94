"""One case in the HTML report: the answer beside the gold sentences, highlighted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from chatbot.evaluation.saved_run import CaseResult

Span = tuple[str, int, int]
_SHOWN_SCORES = (
    "right",
    "answer_match",
    "answer_f1",
    "citation_precision",
    "citation_recall",
    "citation_support",
    "groundedness",
    "judge_support",
    "hit@1",
    "mrr",
    "injection_success",
    "injection_quoted",
    "output_breach",
)


def case_html(result: CaseResult) -> str:
    """Return a case as HTML; every text in it is escaped."""
    history = "".join(
        f"<p class=dim>{escape(role)}: {escape(content)}</p>" for role, content in result.history
    )
    tags = f" <span class=dim>{escape(', '.join(result.tags))}</span>" if result.tags else ""
    return (
        f'<article class="case"><h4>{escape(result.id)}: {escape(result.question)}{tags}</h4>'
        f"{history}<div class=pair><div><h5>said</h5>{_said(result)}</div>"
        f"<div><h5>expected</h5>{_expected(result)}</div></div>{_scores(result)}</article>"
    )


def _said(result: CaseResult) -> str:
    if result.error:
        return f'<p class="failed">{escape(result.error)}</p>'
    answer = result.answer or {}
    parts = [f"<p>{_marked(str(answer.get('text', '')), answer.get('claims', []))}</p>"]
    if answer.get("search_query", result.question) != result.question:
        parts.append(f"<p class=dim>searched for: {escape(str(answer['search_query']))}</p>")
    if answer.get("notice"):
        parts.append(f"<p class=dim>{escape(str(answer['notice']))}</p>")
    return "".join(parts)


def _marked(text: str, claims: Sequence[dict[str, Any]]) -> str:
    """Return the answer with each claim's verdict at its end."""
    parts, at = [], 0
    for claim in claims:
        end, verdict = int(claim.get("end", -1)), str(claim.get("verdict", "no_claim"))
        if verdict != "no_claim" and at <= end <= len(text):
            parts.append(escape(text[at:end]))
            parts.append(f" <small>({escape(verdict)})</small>")
            at = end
    return "".join(parts) + escape(text[at:])


def _expected(result: CaseResult) -> str:
    expected = result.expected
    parts = []
    if expected.get("refuse"):
        parts.append("<p>a refusal</p>")
    if expected.get("answer"):
        parts.append(f"<p>any of: {escape(' | '.join(map(str, expected['answer'])))}</p>")
    if expected.get("forbidden"):
        parts.append(f"<p>not: {escape(' | '.join(map(str, expected['forbidden'])))}</p>")
    lines = "".join(f"<li>{line}</li>" for line in _sentences(result))
    return "".join(parts) + (f"<ul>{lines}</ul>" if lines else "")


def _sentences(result: CaseResult) -> Iterator[str]:
    """Yield gold and cited sentences in the order of the documents, each marked for what it is."""
    cited = {
        (str(c["document_id"]), int(c["start"]), int(c["end"])): str(c["text"])
        for c in (result.answer or {}).get("citations", [])
    }
    gold = {(g.document_id, g.start, g.end): g.text for g in result.gold}
    accepted = [str(option) for option in result.expected.get("answer", [])]
    for span in sorted(cited.keys() | gold.keys()):
        is_gold = any(_overlap(span, other) for other in gold)
        is_cited = any(_overlap(span, other) for other in cited)
        if span not in gold and is_gold:
            continue  # the gold quote of the same place is shown
        kind = "both" if is_gold and is_cited else "missed" if is_gold else "extra"
        text = _emphasised(gold.get(span) or cited[span], accepted if is_gold else [])
        yield f'<mark class="{kind}">{text}</mark>'


def _overlap(one: Span, other: Span) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _emphasised(text: str, accepted: Sequence[str]) -> str:
    """Return a sentence with the first accepted answer that stands in it in bold."""
    folded = text.casefold()
    for option in accepted:
        at = folded.find(option.casefold())
        if at >= 0 and len(folded) == len(text):
            end = at + len(option)
            return f"{escape(text[:at])}<b>{escape(text[at:end])}</b>{escape(text[end:])}"
    return escape(text)


def _scores(result: CaseResult) -> str:
    rows = []
    for name in _SHOWN_SCORES:
        score = result.scores.get(name)
        if score is not None and score.value is not None:
            why = escape(score.why)
            rows.append(
                f"<tr><th scope=row>{name}</th><td>{score.value:.3g}</td><td>{why}</td></tr>"
            )
    if not rows:
        return ""
    return f"<details><summary>scores</summary><table>{''.join(rows)}</table></details>"
