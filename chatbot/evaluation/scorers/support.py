"""Citation support: do the cited sentences, read together, support the claim?

citation_support = (claims whose own cited sentences support them) / (claims), by the offline
verifier; a claim that cites nothing is not supported. This is citation recall as ALCE has it.

Source: Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations" (ALCE),
section 3.3; our verifier stands in the place of the 11B entailment model.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scores import Score, Scores, unscored


def score(asked: AnsweredCase) -> Scores:
    """Score the support of one answer's claims."""
    if asked.answer.refused:
        return {"citation_support": unscored("refused: no claim")}
    if not asked.claims:
        return {"citation_support": unscored("no sentence of the answer is a claim")}
    bad = [claim for claim in asked.claims if not claim.supported]
    value = 1 - len(bad) / len(asked.claims)
    why = f"{len(asked.claims) - len(bad)} of {len(asked.claims)} claims are supported"
    if bad:
        what = "cites nothing" if not bad[0].cited else "is not supported by what it cites"
        why = f"{why}; {bad[0].text[:120]!r} {what}"
    return {"citation_support": Score(value=value, why=why)}
