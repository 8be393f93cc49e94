"""What an answer took: seconds for each stage, tokens, and the prompt. Pure."""

from __future__ import annotations

from typing import Any

from chatbot.types import Answer, Decision
from chatbot.ui.texts import Texts

TOTAL = "total"
STAGES = ("follow_up", "find", "generate", "check")
"""The stages that have a name in the texts, in the order in which they run."""


def usage_view(answer: Answer, texts: Texts) -> dict[str, Any]:
    """Return ``line`` (the seconds in all) and ``rows`` of ``[name, value]`` to unfold below it."""
    seconds = answer.usage.seconds
    known = [one for one in STAGES if one in seconds]
    other = [one for one in seconds if one not in STAGES and one != TOTAL]
    rows = [
        [
            texts.text(f"stage_{stage}") if stage in STAGES else stage,
            _seconds(seconds[stage], texts),
        ]
        for stage in (*known, *other)
    ]
    used = answer.usage
    if answer.mode != "extractive":
        rows += [[texts.text("usage_model"), answer.mode]]
        rows += [[texts.text("usage_tokens"), _tokens(used.tokens_in, used.tokens_out, texts)]]
        if used.tokens_reused is not None:
            rows += [[texts.text("usage_tokens_reused"), f"{used.tokens_reused:,}"]]
    if answer.prompt is not None:
        rows += [[texts.text("usage_prompt"), answer.prompt]]
    if answer.decision is not None:
        rows += [[texts.text("decision"), _why(answer.decision, texts)]]
    total = seconds.get(TOTAL)
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


def _tokens(tokens_in: int | None, tokens_out: int | None, texts: Texts) -> str:
    unknown = texts.text("usage_unknown")
    sent = unknown if tokens_in is None else f"{tokens_in:,}"
    received = unknown if tokens_out is None else f"{tokens_out:,}"
    return texts.text("usage_tokens_value", sent=sent, received=received)
