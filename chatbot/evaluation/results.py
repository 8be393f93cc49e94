"""From a case that was asked to what a run remembers of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.evaluation.answered_case import AnsweredCase, CitedClaim
from chatbot.evaluation.gold_evidence import StoredTexts
from chatbot.evaluation.open_suite import ReadyCase
from chatbot.evaluation.saved_run import CaseResult, GoldSentence
from chatbot.evaluation.scorers import score_case
from chatbot.evaluation.scoring import Scores


def result_of(asked: AnsweredCase, texts: StoredTexts) -> CaseResult:
    """Score a case that was asked."""
    scores = score_case(asked)
    case = asked.case
    return CaseResult(
        id=case.id,
        question=case.question,
        history=asked.history,
        tags=case.tags,
        expected=case.expected.model_dump(mode="json", exclude_defaults=True),
        gold=tuple(_gold_sentences(asked, texts)),
        answer=asked.answer.to_dict(),
        scores=scores,
        claims=asked.claims,
        confidence=confidence(asked),
        verdicts=tuple(_verdicts(asked, scores)),
        seconds=asked.seconds,
    )


def failed_result(ready: ReadyCase, error: str) -> CaseResult:
    """Return the result of a case that could not be asked: unscored, with the reason."""
    case = ready.case
    return CaseResult(
        id=case.id,
        question=case.question,
        history=tuple((turn.role, turn.content) for turn in case.history),
        tags=case.tags,
        expected=case.expected.model_dump(mode="json", exclude_defaults=True),
        error=error,
    )


def confidence(asked: AnsweredCase) -> float | None:
    """Return what orders answers from sure to unsure; None for a refusal.

    With a model: the lowest P(supported) of its claims. Quoting: the reader's P(the documents
    answer), since a quote is always supported. An answer that fell back to quoting in a model's run
    has none: the two cannot be ordered together.
    """
    answer = asked.answer
    if answer.refused or answer.mode != asked.mode:
        return None
    if answer.mode != "extractive":
        scores = [claim.score for claim in answer.claims if claim.score is not None]
        return min(scores, default=None)
    return answer.p_answered


def _verdicts(asked: AnsweredCase, scores: Scores) -> Iterator[tuple[float, bool]]:
    for claim in asked.claims:
        right = _is_right(claim, asked, scores)
        if claim.score is not None and right is not None:
            yield claim.score, right


def _is_right(claim: CitedClaim, asked: AnsweredCase, scores: Scores) -> bool | None:
    """Return whether a claim is right, by the judge or else by the gold; None if neither tells."""
    if claim.judged is not None:
        return claim.judged
    if asked.case.expected.refuse:
        return False
    right = scores["right"].value == 1.0
    return True if right and claim.cites_gold else None


def _gold_sentences(asked: AnsweredCase, texts: StoredTexts) -> Iterator[GoldSentence]:
    for quote in asked.gold:
        for place in quote.places:
            text = texts.documents[place.document_id].text[place.start : place.end]
            yield GoldSentence(
                document_id=place.document_id, start=place.start, end=place.end, text=text
            )


def errors_in(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Return the cases that could not be asked."""
    return [result for result in results if result.error is not None]
