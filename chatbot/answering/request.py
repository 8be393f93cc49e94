"""One question on its way to an answer: what was asked, and what was noted on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chatbot.answering.assembly import Assembly, Stopwatch
from chatbot.answering.find import FindResult
from chatbot.models.cancel import Cancel
from chatbot.types import Answer, AnswerKind, Choice, RetrievedSentence, ShortAnswer, Turn, Usage
from chatbot.version import __version__

if TYPE_CHECKING:
    from langchain_core.messages.ai import UsageMetadata
    from langchain_core.runnables import RunnableConfig

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
    search_query: str | None  # search for this instead of the query made from question and history
    cancel: Cancel
    clock: Stopwatch
    language: str  # of the question, ISO 639-1
    given: tuple[RetrievedSentence, ...] = ()
    """Sentences that a model writes from instead of those that a search finds."""
    part: int = 1  # which part of a long text these are
    parts: int = 1
    """How often the model is asked, a part at a time, and last about what it told of all."""
    notices: list[str] = field(default_factory=list)
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_reused: int | None = None
    repairs: Counter[str] = field(default_factory=Counter)
    """How often something of the model's text was mended, by what it was."""
    config: RunnableConfig | None = None
    """LangChain's, with the callbacks, tags and metadata of whoever asks."""

    def add_tokens(self, tokens_in: int | None, tokens_out: int | None) -> None:
        """Add the tokens of one model call; None where the server did not say."""
        if tokens_in is not None:
            self.tokens_in = (self.tokens_in or 0) + tokens_in
        if tokens_out is not None:
            self.tokens_out = (self.tokens_out or 0) + tokens_out

    def add_usage(self, usage: UsageMetadata | None) -> None:
        """Add what LangChain says that a call cost; None where the server did not say."""
        if usage is not None:
            self.add_tokens(usage["input_tokens"], usage["output_tokens"])
            self.tokens_reused = usage.get("input_token_details", {}).get("cache_read")

    def answer(
        self,
        assembly: Assembly,
        *,
        mode: str,
        found: FindResult | None = None,
        refused: bool = False,
        kind: AnswerKind = "answer",
        short_answer: ShortAnswer | None = None,
        choices: tuple[Choice, ...] = (),
        suggestions: tuple[str, ...] = (),
        prompt: str | None = None,
        retrieved: tuple[RetrievedSentence, ...] | None = None,
    ) -> Answer:
        """Return the Answer of what was put together. A refusal has no citations.

        ``found`` is None where nothing was searched; ``retrieved`` is what was read, where that is
        not what was found.
        """
        words_only = found is not None and found.words_only
        answer = Answer(
            text=assembly.text,
            refused=refused,
            mode=mode,
            notice=" ".join([*self.notices, *[WORDS_ONLY] * words_only]) or None,
            question=self.question,
            search_query=self.question,
            claims=tuple(assembly.claims),
            citations=() if refused else assembly.citations(),
            short_answer=short_answer,
            usage=Usage(
                seconds=self.clock.seconds(),
                tokens_in=self.tokens_in,
                tokens_out=self.tokens_out,
                tokens_reused=self.tokens_reused,
                repairs=dict(+self.repairs),
            ),
            prompt=prompt,
            version=__version__,
            kind=kind,
            suggestions=suggestions,
            choices=choices,
        )
        if found is None:
            return answer
        return replace(
            answer,
            search_query=found.query,
            p_answered=found.decision.p_answered,
            decision=found.decision,
            retrieved=found.sentences if retrieved is None else retrieved,
        )
