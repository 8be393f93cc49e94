"""Citation support: do the cited sentences, read together, support the claim?

citation_support = (claims whose own cited sentences support them) / (claims), by the offline
verifier; a claim that cites nothing is not supported. This is citation recall as ALCE has it.

Source: Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations" (ALCE),
section 3.3; our verifier stands in the place of the 11B entailment model.

judge_support = |claims judged supported| / |claims judged|, by a language model. Unscored without
``--judge``. The judge is named in every report, since its verdicts are opinions, and its agreement
with the offline check stands beside them.

Source: Zheng et al. 2023, "Judging LLM-as-a-Judge".
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer, unscored


@scorer(name="citation_support", better="higher", group="Grounding")
def citation_support(asked: AnsweredCase) -> Score:
    """Score the support of one answer's claims."""
    if asked.answer.refused:
        return unscored("refused: no claim")
    if not asked.claims:
        return unscored("no sentence of the answer is a claim")
    bad = [claim for claim in asked.claims if not claim.supported]
    value = 1 - len(bad) / len(asked.claims)
    why = f"{len(asked.claims) - len(bad)} of {len(asked.claims)} claims are supported"
    if bad:
        what = "cites nothing" if not bad[0].cited else "is not supported by what it cites"
        why = f"{why}; {bad[0].text[:120]!r} {what}"
    return Score(value=value, why=why)


@scorer(name="judge_support", better="higher", group="Grounding")
def judge_support(asked: AnsweredCase) -> Score:
    """Score the judged claims of one answer."""
    judged = [claim for claim in asked.claims if claim.judged is not None]
    if not judged:
        return unscored("no claim was judged")
    bad = [claim for claim in judged if not claim.judged]
    why = f"{len(judged) - len(bad)} of {len(judged)} claims are judged supported"
    if bad:
        why = f"{why}; {bad[0].text[:120]!r} is not"
    return Score(value=1 - len(bad) / len(judged), why=why)
