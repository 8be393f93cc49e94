"""A case with all that a scorer may look at, found out when a scorer first looks at it.

A scorer of a benchmark may ask, search and check more; what it never asks for costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar, cast

from chatbot.evaluation.formulas import without_markers
from chatbot.evaluation.saved_run import CitedClaim, GoldPlace
from chatbot.evaluation.suites import Case
from chatbot.types import Answer, Citation, Claim, Document, RetrievedSentence, Turn, Verdict

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.evaluation.claim_judge import ClaimJudge

DEPTH = 10
"""Sentences asked of ``search``."""
_RISING = ("partly", "supported", "catalogue", "computed", "quoted")
_RANK = {Verdict(name): rank for rank, name in enumerate(_RISING, start=1)}
"""How good a verdict is; the others are 0."""
T = TypeVar("T")
Places = tuple[GoldPlace, ...]
"""Every place at which one quote of the evidence stands; citing any of them is right."""


@dataclass(kw_only=True, eq=False)
class AnsweredCase:
    """One case with its answer. A property is computed once, when it is first looked at."""

    case: Case
    bot: Chatbot
    document_ids: tuple[str, ...] = ()
    gold: tuple[Places, ...] = ()
    """Where each quote of the evidence was found."""
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The ids behind every name of a document of the suite."""
    stored: Mapping[str, Document] = field(default_factory=dict)
    """All documents of the suite by their ids."""
    judge: ClaimJudge | None = None
    price: tuple[float, float] | None = None
    """Dollars for a million tokens in and out."""
    seconds: float = field(default=0.0, init=False)
    fell_back: int = field(default=0, init=False)
    """Answers in which the model failed and quoting took over."""
    _shared: dict[object, Any] = field(default_factory=dict, init=False)

    @cached_property
    def answer(self) -> Answer:
        """The answer to the question of the case."""
        turns, before = self.turns, time.perf_counter()
        found = self.ask(self.case.question, history=turns)
        self.seconds = time.perf_counter() - before
        return found

    @cached_property
    def turns(self) -> list[Turn]:
        """The messages before, the chatbot's own reply filled in where the case has none."""
        turns: list[Turn] = []
        for turn, following in zip_longest(self.case.history, self.case.history[1:]):
            turns.append(turn)
            if turn.role == "user" and (following is None or following.role == "user"):
                reply = self.ask(turn.content, history=turns[:-1])
                turns.append(Turn(role="assistant", content=reply.text))
        return turns

    @cached_property
    def found(self) -> tuple[RetrievedSentence, ...]:
        """What ``search`` finds for the answer's search query, best first."""
        return self.search(self.answer.search_query)

    @cached_property
    def found_by_rewrite(self) -> tuple[RetrievedSentence, ...] | None:
        """The same for the person's rewrite; None where the case has none."""
        rewrite = self.case.expected.rewrite
        return None if rewrite is None else self.search(rewrite)

    def cites_gold(self, citations: Iterable[Citation]) -> bool:
        """Say whether one of some citations is of a sentence that counts as evidence."""
        keys = {key for places in self.gold for place in places for key in place.keys}
        return any((one.document_id, one.sentence_index) in keys for one in citations)

    @cached_property
    def claims(self) -> tuple[CitedClaim, ...]:
        """The claims of the answer, each held against what it cites."""
        held = [] if self.answer.refused else [self._hold(claim) for claim in self.said]
        judge = self.judge
        return tuple(judge.judged(one) if judge and one.cited else one for one in held)

    @property
    def said(self) -> list[Claim]:
        """The sentences of the answer that are claims, as the answer itself has them."""
        return [claim for claim in self.answer.claims if claim.verdict is not Verdict.NO_CLAIM]

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), name: str | None = None
    ) -> Answer:
        """Ask a question of the documents of the case, or of the one with this name."""
        documents = (self.document_ids or None) if name is None else self.ids[name]
        answer = self.bot.ask(question, history=history, documents=documents)
        self.fell_back += answer.mode != self.bot.mode
        return answer

    def search(self, query: str, *, limit: int = DEPTH) -> tuple[RetrievedSentence, ...]:
        """Search the documents of the case; without any, all that are stored."""
        return tuple(self.bot.search(query, limit=limit, documents=self.document_ids or None))

    def id_of(self, name: str) -> str:
        """Return the id of the document that the suite calls so."""
        return self.ids[name][0]

    def text_of(self, name: str) -> str:
        """Return the stored text of the document that the suite calls so."""
        return self.stored[self.id_of(name)].text

    def share(self, function: Callable[[AnsweredCase, Any], T], gold: object) -> T:
        """Return what a function makes of this case; it is called once for all scorers."""
        if function not in self._shared:
            self._shared[function] = function(self, gold)
        return cast(T, self._shared[function])

    def _hold(self, claim: Claim) -> CitedClaim:
        """Check one claim against the sentences it cites, and nothing else."""
        cited = [item for item in self.answer.citations if item.marker in claim.citations]
        held = CitedClaim(
            text=without_markers(claim.text),
            cited=tuple(item.text for item in cited),
            verdict=Verdict.UNSUPPORTED,
            cites_gold=self.cites_gold(cited),
        )
        if not cited or not held.text:
            return held
        checked = self.bot.check(held.text, held.cited).claims
        parts = [part for part in checked if part.verdict is not Verdict.NO_CLAIM]
        if not parts:
            return replace(held, verdict=claim.verdict)
        # A claim that the check reads as several sentences is as good as the worst of them.
        worst = min(parts, key=lambda part: _RANK.get(part.verdict, 0))
        quoted = worst.verdict is Verdict.QUOTED
        return replace(held, verdict=worst.verdict, score=None if quoted else worst.score)
