"""The claims of an answer: do they carry markers, are they supported, and by whose word?

Each is a share of the answer's claims; headings, greetings and glue are no claims.

``marker_coverage``: an offered marker stands in the claim or right behind it, where a reader sees
it. A citation that the check found for a claim without a marker does not count: it hides a model
that does not cite. Source: Liu et al. 2023, "Evaluating Verifiability in Generative Search
Engines", section 2.
``citation_support``: the sentences that the claim cites, read together, support it, by the offline
verifier; a claim that cites nothing is not supported. Source: Gao et al. 2023, "Enabling Large
Language Models to Generate Text with Citations" (ALCE), section 3.3 (citation recall); our verifier
stands in the place of the 11B entailment model.
``groundedness``: the answer itself shows the claim as quoted, computed or supported. Source: Es et
al. 2024, "RAGAs", section 3 (faithfulness), with the answer's own verdicts.
``judge_support``: a language model judges it supported. Unscored without ``--judge``. The judge is
named in every report, since its verdicts are opinions, and its agreement with the offline check
stands beside them. Source: Zheng et al. 2023, "Judging LLM-as-a-Judge".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.saved_run import CitedClaim
from chatbot.evaluation.scoring import Score, scorer, unscored
from chatbot.types import Answer, Claim, Verdict

_MARKER = re.compile(r"\[(\d{1,6})\]")
_BEHIND = re.compile(r"(?:[ \t,;.]*\[\d{1,6}\])*")
_GROUNDED = (Verdict.QUOTED, Verdict.SUPPORTED, Verdict.COMPUTED, Verdict.CATALOGUE)
_NONE = unscored("no sentence of the answer is a claim")


def _share(
    claims: Sequence[Claim | CitedClaim], bad: Sequence[Claim | CitedClaim], held: str, fault: str
) -> Score:
    """Return the share of claims that are not bad, with the first bad one and its fault."""
    why = f"{len(claims) - len(bad)} of {len(claims)} claims {held}"
    if bad:
        why = f"{why}; {bad[0].text[:120]!r} {fault}"
    return Score(value=1 - len(bad) / len(claims), why=why)


@scorer(name="marker_coverage", better="higher", group="Citations")
def marker_coverage(asked: AnsweredCase) -> Score:
    """Score the markers of one answer."""
    if asked.answer.refused or not asked.said:
        return _NONE
    bare = [claim for claim in asked.said if not _is_marked(claim, asked.answer)]
    return _share(asked.said, bare, "carry a marker", "does not")


def _is_marked(claim: Claim, answer: Answer) -> bool:
    behind = _BEHIND.match(answer.text, claim.end)
    seen = claim.text + (behind.group() if behind else "")
    offered = {str(citation.marker) for citation in answer.citations}
    return any(number in offered for number in _MARKER.findall(seen))


@scorer(name="citation_support", better="higher", group="Grounding")
def citation_support(asked: AnsweredCase) -> Score:
    """Score the support of one answer's claims."""
    if asked.answer.refused:
        return unscored("refused: no claim")
    if not asked.claims:
        return _NONE
    bad = [claim for claim in asked.claims if not claim.supported]
    cites = bool(bad and bad[0].cited)
    fault = "is not supported by what it cites" if cites else "cites nothing"
    return _share(asked.claims, bad, "are supported", fault)


@scorer(name="judge_support", better="higher", group="Grounding")
def judge_support(asked: AnsweredCase) -> Score:
    """Score the judged claims of one answer."""
    judged = [claim for claim in asked.claims if claim.judged is not None]
    if not judged:
        return unscored("no claim was judged")
    bad = [claim for claim in judged if not claim.judged]
    return _share(judged, bad, "are judged supported", "is not")


@scorer(name="groundedness", better="higher", group="Grounding")
def groundedness(asked: AnsweredCase) -> Score:
    """Score the verdicts of one answer."""
    if not asked.said:
        return _NONE
    bad = [claim for claim in asked.said if claim.verdict not in _GROUNDED]
    fault = f"is {bad[0].verdict}" if bad else ""
    return _share(asked.said, bad, "are quoted or supported", fault)
