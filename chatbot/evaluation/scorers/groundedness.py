"""Groundedness: the share of claims that the answer itself shows as quoted or supported.

groundedness = |claims with verdict quoted or supported| / |claims|; headings, greetings and glue
are no claims.

Source: Es et al. 2024, "RAGAs", section 3 (faithfulness), with the answer's own verdicts.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer, unscored
from chatbot.types import Verdict

_GROUNDED = (Verdict.QUOTED, Verdict.SUPPORTED, Verdict.COMPUTED, Verdict.CATALOGUE)


@scorer(name="groundedness", better="higher", group="Grounding")
def groundedness(asked: AnsweredCase) -> Score:
    """Score the verdicts of one answer."""
    claims = [claim for claim in asked.answer.claims if claim.verdict is not Verdict.NO_CLAIM]
    if not claims:
        return unscored("no sentence of the answer is a claim")
    bad = [claim for claim in claims if claim.verdict not in _GROUNDED]
    why = f"{len(claims) - len(bad)} of {len(claims)} claims are quoted or supported"
    if bad:
        why = f"{why}; {bad[0].text[:120]!r} is {bad[0].verdict}"
    return Score(value=1 - len(bad) / len(claims), why=why)
