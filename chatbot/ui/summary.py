"""An answer in brief: its verdicts in words, and what it took. Pure."""

from __future__ import annotations

from typing import Any

from chatbot.types import Answer, Claim, Decision, Verdict
from chatbot.ui.texts import Texts

_DOUBTS = {
    Verdict.PARTLY: ("summary_partly", "partly"),
    Verdict.UNSUPPORTED: ("summary_unsupported", "bad"),
    Verdict.CONTRADICTED: ("summary_contradicted", "bad"),
    Verdict.UNCHECKED: ("summary_unchecked", "unchecked"),
}
"""How each is counted in the line under an answer, and the level it brings that to."""
_TOTAL = "total"
_STAGES = ("follow_up", "find", "generate", "check")
"""The stages that have a name in the texts, in the order in which they run."""


def verdict_words(claim: Claim, texts: Texts) -> str:
    """Return what the check found for a claim, as a sentence without full stop."""
    words = texts.text(f"verdict_{claim.verdict}")
    if not claim.unknown_markers:
        return words
    markers = " ".join(f"[{marker}]" for marker in claim.unknown_markers)
    return f"{words}; {texts.text('verdict_unknown_marker', markers=markers)}"


def summary(answer: Answer, texts: Texts) -> dict[str, Any] | None:
    """Return the line under an answer: ``text`` and ``level``, which its mark goes by.

    None where the answer claims nothing, or says nothing but what the list of documents says.
    """
    claims = [claim for claim in answer.claims if claim.verdict != Verdict.NO_CLAIM]
    if all(claim.verdict == Verdict.CATALOGUE for claim in claims):
        return None
    if all(claim.verdict == Verdict.QUOTED for claim in claims):
        count = len({marker for claim in claims for marker in claim.citations})
        return {"text": texts.counted("summary_quoted", count), "level": "quoted"}
    return _mixed([claim.verdict for claim in claims], texts)


def _mixed(verdicts: list[Verdict], texts: Texts) -> dict[str, Any]:
    counts = {verdict: verdicts.count(verdict) for verdict in _DOUBTS if verdict in verdicts}
    good = len(verdicts) - sum(counts.values())
    if good == len(verdicts) == 1:
        return {"text": texts.text("summary_supported_single"), "level": "good"}
    parts = [texts.text("summary_supported", count=good, total=len(verdicts))]
    parts += [texts.counted(_DOUBTS[verdict][0], count) for verdict, count in counts.items()]
    if len(counts) == 1 and good == 0 and Verdict.PARTLY not in counts:
        parts = parts[1:]
    levels = {_DOUBTS[verdict][1] for verdict in counts}
    level = next((one for one in ("bad", "partly", "unchecked") if one in levels), "good")
    return {"text": " · ".join(parts), "level": level}


def usage_view(answer: Answer, texts: Texts) -> dict[str, Any]:
    """Return ``line`` (the seconds in all) and ``rows`` of ``[name, value]`` to unfold below it."""
    used, seconds = answer.usage, answer.usage.seconds
    names = {stage: texts.text(f"stage_{stage}") for stage in _STAGES if stage in seconds}
    names |= {stage: stage for stage in seconds if stage not in (*_STAGES, _TOTAL)}
    rows = [[name, _seconds(seconds[stage], texts)] for stage, name in names.items()]
    if answer.mode != "extractive":
        rows += [[texts.text("usage_model"), answer.mode]]
        tokens = {"sent": used.tokens_in, "received": used.tokens_out}
        unknown = texts.text("usage_unknown")
        known = {name: unknown if of is None else f"{of:,}" for name, of in tokens.items()}
        rows += [[texts.text("usage_tokens"), texts.text("usage_tokens_value", **known)]]
        if used.tokens_reused is not None:
            rows += [[texts.text("usage_tokens_reused"), f"{used.tokens_reused:,}"]]
    if answer.prompt is not None:
        rows += [[texts.text("usage_prompt"), answer.prompt]]
    if answer.decision is not None:
        rows += [[texts.text("decision"), _why(answer.decision, texts)]]
    total = seconds.get(_TOTAL)
    line = texts.text("usage_line", seconds=_seconds(total, texts)) if total is not None else ""
    return {"line": line, "rows": rows}


def _why(decision: Decision, texts: Texts) -> str:
    """Return how sure it is that the documents answer, and what was or was not found."""
    p = f"{decision.p_answered:.0%}"
    if decision.missing:
        missing = ", ".join(anchor.text for anchor in decision.missing)
        return texts.text("decision_missing", p=p, missing=missing)
    if decision.anchors:
        found = ", ".join(anchor.text for anchor in decision.anchors)
        return texts.text("decision_found", p=p, found=found)
    return texts.text("decision_plain", p=p, count=str(len(decision.considered)))


def _seconds(spent: float, texts: Texts) -> str:
    return texts.text("usage_seconds", seconds=f"{spent:.1f}" if spent >= 1 else f"{spent:.3f}")
