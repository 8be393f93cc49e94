"""Citations and claims: are the gold sentences cited, and are the claims supported?

``citation_precision``, ``citation_recall``, ``citation_f1``, by sentence, with C the cited
sentences and G the gold ones: precision = |C ∩ G| / |C|, recall = |C ∩ G| / |G|,
F1 = 2·|C ∩ G| / (|C| + |G|). ``citation_char_...``: the same over characters of the documents.

A quote that stands at several places is found at any of them; for recall the place that is cited
best counts. A refusal of an answerable question has recall and F1 0 and no precision.
Source: Yang et al. 2018, "HotpotQA", section 5.1 (supporting facts); Smith and Troynikov 2024,
"Evaluating Chunking Strategies for Retrieval" (the same by characters).

The others are shares of the answer's claims; headings, greetings and glue are no claims.

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
from itertools import product

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import MARKER
from chatbot.evaluation.saved_run import CitedClaim, GoldPlace
from chatbot.evaluation.scoring import Score, scorer
from chatbot.types import Answer, Citation, Claim, Verdict

Keys = set[tuple[str, int]]
"""Sentences, or characters, of documents."""
_BEHIND = re.compile(r"(?:[ \t,;.]*\[\d{1,6}\])*")
_GROUNDED = (Verdict.QUOTED, Verdict.SUPPORTED, Verdict.COMPUTED, Verdict.CATALOGUE)
_NONE = Score(None, "no sentence of the answer is a claim")


def _keys(place: GoldPlace | Citation, noun: str) -> Keys:
    if noun == "characters":
        return {(place.document_id, at) for at in range(place.start, place.end)}
    if isinstance(place, GoldPlace):
        return place.keys
    return {(place.document_id, place.sentence_index)}


for _noun, _share_name in product(("sentences", "characters"), ("precision", "recall", "f1")):
    _by = "char_" if _noun == "characters" else ""

    @scorer(name=f"citation_{_by}{_share_name}", better="higher", group="Citations")
    def _cited(asked: AnsweredCase, noun: str = _noun, share: str = _share_name) -> Score:
        if not asked.gold:
            return Score(None, "the case names no evidence")
        if asked.answer.refused:
            if share == "precision":
                return Score(None, "refused: nothing is cited")
            return Score(0.0, "refused")
        cited, wanted, accepted = Keys(), Keys(), Keys()
        for item in asked.answer.citations:
            cited |= _keys(item, noun)
        for quote in asked.gold:
            places = [_keys(place, noun) for place in quote]
            wanted |= max(places, key=lambda one: len(one & cited) / len(one))
            accepted.update(*places)
        fine, hits = len(cited & accepted), len(cited & wanted)
        precision, recall = fine / len(cited) if cited else None, hits / len(wanted)
        f1 = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
        value = {"precision": precision, "recall": recall, "f1": f1}[share]
        why = (
            f"{fine} of {len(cited)} cited {noun} are gold; "
            f"{hits} of {len(wanted)} gold {noun} are cited"
        )
        return Score(value, "nothing is cited" if value is None else why)


def _share(
    claims: Sequence[Claim | CitedClaim], bad: Sequence[Claim | CitedClaim], held: str, fault: str
) -> Score:
    """Return the share of claims that are not bad, with the first bad one and its fault."""
    if not claims:
        return _NONE
    why = f"{len(claims) - len(bad)} of {len(claims)} claims {held}"
    if bad:
        why = f"{why}; {bad[0].text[:120]!r} {fault}"
    return Score(1 - len(bad) / len(claims), why)


@scorer(name="marker_coverage", better="higher", group="Citations")
def _marker_coverage(asked: AnsweredCase) -> Score:
    if asked.answer.refused:
        return _NONE
    bare = [claim for claim in asked.said if not _is_marked(claim, asked.answer)]
    return _share(asked.said, bare, "carry a marker", "does not")


def _is_marked(claim: Claim, answer: Answer) -> bool:
    behind = _BEHIND.match(answer.text, claim.end)
    seen = claim.text + (behind.group() if behind else "")
    offered = {str(citation.marker) for citation in answer.citations}
    return any(number in offered for number in MARKER.findall(seen))


@scorer(name="citation_support", better="higher", group="Grounding")
def _citation_support(asked: AnsweredCase) -> Score:
    bad = [claim for claim in asked.claims if not claim.supported]
    cites = bool(bad and bad[0].cited)
    fault = "is not supported by what it cites" if cites else "cites nothing"
    return _share(asked.claims, bad, "are supported", fault)


@scorer(name="judge_support", better="higher", group="Grounding")
def _judge_support(asked: AnsweredCase) -> Score:
    judged = [claim for claim in asked.claims if claim.judged is not None]
    if not judged:
        return Score(None, "no claim was judged")
    bad = [claim for claim in judged if not claim.judged]
    return _share(judged, bad, "are judged supported", "is not")


@scorer(name="groundedness", better="higher", group="Grounding")
def _groundedness(asked: AnsweredCase) -> Score:
    bad = [claim for claim in asked.said if claim.verdict not in _GROUNDED]
    fault = f"is {bad[0].verdict}" if bad else ""
    return _share(asked.said, bad, "are quoted or supported", fault)
