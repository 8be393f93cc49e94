"""Verdicts in words: for one claim, and one line for a whole answer. Pure; used by ``render``."""

from __future__ import annotations

from typing import Any

from chatbot.types import Answer, Claim, Verdict
from chatbot.ui.texts import TEXTS, counted, text


def verdict_words(claim: Claim) -> str:
    """Return what the check found for a claim, as a sentence without full stop."""
    words = TEXTS[f"verdict_{claim.verdict}"]
    if not claim.unknown_markers:
        return words
    markers = " ".join(f"[{marker}]" for marker in claim.unknown_markers)
    return f"{words}; {text('verdict_unknown_marker', markers=markers)}"


def summary(answer: Answer) -> dict[str, Any] | None:
    """Return the line under an answer: ``text`` and ``level`` (quoted, good, partly, bad).

    None where the answer claims nothing.
    """
    claims = [claim for claim in answer.claims if claim.verdict != Verdict.NO_CLAIM]
    if not claims:
        return None
    if all(claim.verdict == Verdict.QUOTED for claim in claims):
        count = len({marker for claim in claims for marker in claim.citations})
        return {"text": counted("summary_quoted", count), "level": "quoted"}
    return _mixed([claim.verdict for claim in claims])


def _mixed(verdicts: list[Verdict]) -> dict[str, Any]:
    partly = verdicts.count(Verdict.PARTLY)
    bad = verdicts.count(Verdict.UNSUPPORTED)
    good = len(verdicts) - partly - bad
    if good == len(verdicts) == 1:
        return {"text": TEXTS["summary_supported_single"], "level": "good"}
    parts = [text("summary_supported", count=good, total=len(verdicts))]
    if partly:
        parts.append(counted("summary_partly", partly))
    if bad:
        parts.append(counted("summary_unsupported", bad))
    if bad == len(verdicts):
        parts = parts[-1:]
    return {"text": " · ".join(parts), "level": "bad" if bad else "partly" if partly else "good"}
