"""One question on its way to an answer: what was asked, and what was noted on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from chatbot import __version__
from chatbot.answering.assembly import Assembly, Stopwatch
from chatbot.answering.find import Found
from chatbot.models.cancel import Cancel
from chatbot.types import Answer, ShortAnswer, Turn

WORDS_ONLY: Final = (
    "The vector index does not answer at the moment, so only words were searched: what the "
    "documents say in other words may have been missed."
)


@dataclass(slots=True, kw_only=True)
class Request:
    """A question with its conversation; ``notices`` and ``clock`` grow while it is answered."""

    question: str
    history: tuple[Turn, ...]
    documents: tuple[str, ...] | None
    search_query: str | None
    """Search for this instead of the query made from question and history."""
    cancel: Cancel
    clock: Stopwatch
    language: str
    """Of the question, ISO 639-1."""
    notices: list[str] = field(default_factory=list)
    tokens_in: int | None = None
    tokens_out: int | None = None

    def add_tokens(self, tokens_in: int | None, tokens_out: int | None) -> None:
        """Add the tokens of one model call; None where the server did not say."""
        if tokens_in is not None:
            self.tokens_in = (self.tokens_in or 0) + tokens_in
        if tokens_out is not None:
            self.tokens_out = (self.tokens_out or 0) + tokens_out

    def answer(
        self,
        assembly: Assembly,
        *,
        mode: str,
        found: Found,
        refused: bool,
        short_answer: ShortAnswer | None = None,
        prompt: str | None = None,
    ) -> Answer:
        """Return the Answer of what was put together. A refusal has no citations."""
        return Answer(
            text=assembly.text,
            refused=refused,
            mode=mode,
            notice=" ".join([*self.notices, *[WORDS_ONLY] * found.words_only]) or None,
            question=self.question,
            search_query=found.query,
            claims=tuple(assembly.claims),
            citations=() if refused else assembly.citations(),
            short_answer=short_answer,
            p_answered=found.decision.p_answered,
            decision=found.decision,
            retrieved=found.sentences,
            usage=self.clock.usage(tokens_in=self.tokens_in, tokens_out=self.tokens_out),
            prompt=prompt,
            version=__version__,
        )
