"""Scores of one answer against what a case expects; None is what cannot be computed. Pure."""

from __future__ import annotations

import re
import unicodedata

from chatbot.evaluation.cases import Case
from chatbot.types import Answer, Verdict

Scores = dict[str, float | None]

_MARKER = re.compile(r"\[\d+\]")


def score_answer(case: Case, answer: Answer) -> Scores:
    """Return each measure in [0, 1], or None where it does not apply (unscored).

    ``right``: the expected thing happened: a refusal, or an answer that holds one of the accepted
    strings and cites an evidence sentence.
    ``answer_match``, ``citation_precision``, ``citation_recall``: of answerable, answered cases.
    ``refused``: of unanswerable cases; ``answered``: of answerable ones.
    ``grounded``: the share of claims that are quoted or supported.
    """
    if case.expected.refuse:
        refused = float(answer.refused)
        return {"right": refused, "refused": refused}
    matched = _matches(case, answer)
    precision, recall = _citation_scores(case, answer)
    cited = recall is None or recall > 0
    return {
        "right": float(not answer.refused and matched and cited),
        "answered": float(not answer.refused),
        "answer_match": float(matched),
        "citation_precision": precision,
        "citation_recall": recall,
        "grounded": _grounded(answer),
        "short_answer_match": _short_answer_matches(case, answer),
    }


def normalise(text: str) -> str:
    """Return the words of a text for comparison: lower case, no punctuation, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def _matches(case: Case, answer: Answer) -> bool:
    text = f" {normalise(_MARKER.sub(' ', answer.text))} "
    return any(f" {normalise(accepted)} " in text for accepted in case.expected.answer)


def _citation_scores(case: Case, answer: Answer) -> tuple[float | None, float | None]:
    gold = {normalise(sentence) for sentence in case.expected.evidence}
    if not gold or answer.refused:
        return None, None
    cited = {normalise(citation.text) for citation in answer.citations}
    hits = len(gold & cited)
    return (hits / len(cited) if cited else 0.0), hits / len(gold)


def _grounded(answer: Answer) -> float | None:
    claims = [claim for claim in answer.claims if claim.verdict is not Verdict.NO_CLAIM]
    if not claims:
        return None
    good = sum(claim.verdict in (Verdict.QUOTED, Verdict.SUPPORTED) for claim in claims)
    return good / len(claims)


def _short_answer_matches(case: Case, answer: Answer) -> float | None:
    if answer.short_answer is None:
        return None
    short = f" {normalise(answer.short_answer.text)} "
    return float(
        any(
            f" {normalise(accepted)} " in short or short in f" {normalise(accepted)} "
            for accepted in case.expected.answer
        )
    )
