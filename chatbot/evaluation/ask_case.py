"""Asks one case and gathers what scorers look at: answer, rankings, claims beside their sources."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from chatbot.bot import Chatbot
from chatbot.evaluation.answered_case import AnsweredCase, CitedClaim
from chatbot.evaluation.cases import CaseTurn
from chatbot.evaluation.claim_judge import Judge
from chatbot.evaluation.metrics.answer_words import without_markers
from chatbot.evaluation.open_suite import ReadyCase
from chatbot.evaluation.scorers.retrieval import DEPTH
from chatbot.types import Answer, Claim, RetrievedSentence, Turn, Verdict


def ask_case(
    bot: Chatbot,
    ready: ReadyCase,
    *,
    judge: Judge | None = None,
    price: tuple[float, float] | None = None,
) -> AnsweredCase:
    """Ask a case over its own documents.

    Raises:
        ChatbotError: if it cannot be asked.
    """
    case = ready.case
    history = _complete(bot, case.history, ready.document_ids)
    before = time.perf_counter()
    answer = bot.ask(case.question, history=history, documents=ready.document_ids)
    seconds = time.perf_counter() - before
    rewrite = case.expected.rewrite
    return AnsweredCase(
        case=case,
        gold=ready.gold,
        answer=answer,
        found=_search(bot, answer.search_query, ready),
        found_by_rewrite=None if rewrite is None else _search(bot, rewrite, ready),
        claims=tuple(_cited_claims(bot, ready, answer, judge)),
        false_citations=tuple(_false_citations(bot, answer)),
        history=tuple((turn.role, turn.content) for turn in history),
        mode=bot.mode,
        seconds=seconds,
        price=price,
    )


def _complete(bot: Chatbot, history: Sequence[CaseTurn], documents: Sequence[str]) -> list[Turn]:
    """Return the conversation, with the chatbot's own reply where the case has none."""
    turns: list[Turn] = []
    for at, turn in enumerate(history):
        following = history[at + 1].role if at + 1 < len(history) else "user"
        turns.append(Turn(role=turn.role, content=turn.content))
        if turn.role == "user" and following == "user":
            reply = bot.ask(turn.content, history=turns[:-1], documents=documents)
            turns.append(Turn(role="assistant", content=reply.text))
    return turns


def _search(bot: Chatbot, query: str, ready: ReadyCase) -> tuple[RetrievedSentence, ...]:
    return tuple(bot.search(query, limit=DEPTH, documents=ready.document_ids))


def _cited_claims(
    bot: Chatbot, ready: ReadyCase, answer: Answer, judge: Judge | None
) -> list[CitedClaim]:
    if answer.refused:
        return []
    claims = [claim for claim in answer.claims if claim.verdict is not Verdict.NO_CLAIM]
    held = [_hold(bot, ready, answer, claim) for claim in claims]
    return held if judge is None else [_judged(claim, judge) for claim in held]


def _hold(bot: Chatbot, ready: ReadyCase, answer: Answer, claim: Claim) -> CitedClaim:
    """Check one claim against the sentences it cites, and nothing else."""
    cited = [item for item in answer.citations if item.marker in claim.citations]
    gold = frozenset(key for quote in ready.gold for key in quote.keys)
    held = CitedClaim(
        text=without_markers(claim.text),
        cited=tuple(item.text for item in cited),
        verdict=Verdict.UNSUPPORTED,
        cites_gold=any((item.document_id, item.sentence_index) in gold for item in cited),
    )
    if not cited or not held.text:
        return held
    parts = [
        part
        for part in bot.check(held.text, held.cited).claims
        if part.verdict is not Verdict.NO_CLAIM
    ]
    if not parts:
        return replace(held, verdict=claim.verdict)
    # A claim that the check reads as several sentences is as good as the worst of them.
    worst = min(parts, key=lambda part: _RANK[part.verdict])
    quoted = worst.verdict is Verdict.QUOTED
    return replace(held, verdict=worst.verdict, score=None if quoted else worst.score)


_RANK = {
    Verdict.UNSUPPORTED: 0,
    Verdict.PARTLY: 1,
    Verdict.SUPPORTED: 2,
    Verdict.COMPUTED: 3,
    Verdict.QUOTED: 4,
}


def _judged(claim: CitedClaim, judge: Judge) -> CitedClaim:
    if not claim.cited:
        return claim
    opinion = judge.supports(claim.text, claim.cited)
    return replace(claim, judged=opinion.supported, judge_why=opinion.why)


def _false_citations(bot: Chatbot, answer: Answer) -> list[str]:
    """Return a sentence for each citation that is not the store's text at its place."""
    return [
        f"citation [{item.marker}] is not the store's text at its place"
        for item in answer.citations
        if bot.document(item.document_id).text[item.start : item.end] != item.text
    ]
