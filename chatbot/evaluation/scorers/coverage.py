"""Marker coverage: does each claim carry a marker of its own, where a reader sees it?

marker_coverage = |claims with an offered marker in or right behind them| / |claims|. A citation
that the check found for a claim without a marker does not count: it hides a model that does not
cite.

Source: Liu et al. 2023, "Evaluating Verifiability in Generative Search Engines", section 2 (the
share of statements that are cited at all).
"""

from __future__ import annotations

import re

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer, unscored
from chatbot.types import Answer, Claim, Verdict

_MARKER = re.compile(r"\[(\d{1,6})\]")
_BEHIND = re.compile(r"(?:[ \t,;.]*\[\d{1,6}\])*")


@scorer(name="marker_coverage", better="higher", group="Citations")
def marker_coverage(asked: AnsweredCase) -> Score:
    """Score the markers of one answer."""
    answer = asked.answer
    claims = [claim for claim in answer.claims if claim.verdict is not Verdict.NO_CLAIM]
    if answer.refused or not claims:
        return unscored("no sentence of the answer is a claim")
    bare = [claim for claim in claims if not _is_marked(claim, answer)]
    why = f"{len(claims) - len(bare)} of {len(claims)} claims carry a marker"
    if bare:
        why = f"{why}; {bare[0].text[:120]!r} does not"
    return Score(value=1 - len(bare) / len(claims), why=why)


def _is_marked(claim: Claim, answer: Answer) -> bool:
    behind = _BEHIND.match(answer.text, claim.end)
    seen = claim.text + (behind.group() if behind else "")
    offered = {str(citation.marker) for citation in answer.citations}
    return any(number in offered for number in _MARKER.findall(seen))
