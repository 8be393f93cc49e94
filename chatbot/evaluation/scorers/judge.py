"""Judge support: the share of claims that a language model finds supported by what they cite.

judge_support = |claims judged supported| / |claims judged|. Unscored without ``--judge``.

Source: Zheng et al. 2023, "Judging LLM-as-a-Judge"; the judge is named in every report, since its
verdicts are opinions, and its agreement with the offline check stands beside them.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scores import Score, Scores, unscored


def score(asked: AnsweredCase) -> Scores:
    """Score the judged claims of one answer."""
    judged = [claim for claim in asked.claims if claim.judged is not None]
    if not judged:
        return {"judge_support": unscored("no claim was judged")}
    bad = [claim for claim in judged if not claim.judged]
    why = f"{len(judged) - len(bad)} of {len(judged)} claims are judged supported"
    if bad:
        why = f"{why}; {bad[0].text[:120]!r} is not"
    return {"judge_support": Score(value=1 - len(bad) / len(judged), why=why)}
