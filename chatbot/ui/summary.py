"""Verdicts in words: for one claim, and one line for a whole answer. Pure."""

from __future__ import annotations

from typing import Any

from chatbot.types import Answer, Claim, Verdict
from chatbot.ui.texts import Texts


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
    partly = verdicts.count(Verdict.PARTLY)
    against = verdicts.count(Verdict.CONTRADICTED)
    bad = verdicts.count(Verdict.UNSUPPORTED)
    unchecked = verdicts.count(Verdict.UNCHECKED)
    good = len(verdicts) - partly - bad - against - unchecked
    if good == len(verdicts) == 1:
        return {"text": texts.text("summary_supported_single"), "level": "good"}
    parts = [texts.text("summary_supported", count=good, total=len(verdicts))]
    if partly:
        parts.append(texts.counted("summary_partly", partly))
    if bad:
        parts.append(texts.counted("summary_unsupported", bad))
    if against:
        parts.append(texts.counted("summary_contradicted", against))
    if unchecked:
        parts.append(texts.counted("summary_unchecked", unchecked))
    if len(verdicts) in (bad, against, unchecked):
        parts = parts[-1:]
    level = "partly" if partly else "unchecked" if unchecked else "good"
    level = "bad" if bad or against else level
    return {"text": " · ".join(parts), "level": level}
