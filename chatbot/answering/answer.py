"""The one flow from a question to its Answer, with and without a language model.

The question is made to stand alone, the documents are searched and judged once, and then either the
model writes and each of its claims is checked, or sentences are quoted, or the question is refused.
When the model fails the answer is quoted and says why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from chatbot.answering.assembly import Assembly, Stopwatch, cited, say_claim, say_quote
from chatbot.answering.find import Finder, FindResult
from chatbot.answering.language import detect_language
from chatbot.answering.phrases import phrase, refusal
from chatbot.answering.question import SearchQuery, plain_query, stand_alone
from chatbot.answering.quoting import Quotation, quotation
from chatbot.answering.request import Request
from chatbot.answering.talk.intent import Intent, Wanted
from chatbot.answering.talk.overview import told_of
from chatbot.answering.talk.talk import Talk
from chatbot.answering.tuning import TUNING
from chatbot.errors import LLMError, QuestionError
from chatbot.models.cancel import Cancel
from chatbot.types import Answer, AnswerEvent, ReadingPrompt, Restarted, Turn, Verdict

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from chatbot.answering.writing import Writer

MODE = "extractive"
_log = logging.getLogger(__name__)


class Answerer:
    """Answers questions on one store; usable from several threads at once."""

    def __init__(
        self, *, finder: Finder, talk: Talk, writer: Writer | None, max_question_chars: int
    ) -> None:
        """Put the parts together; without a ``writer`` every answer is quoted."""
        self._finder = finder
        self._talk = talk
        self.writer = writer
        self._limit = max_question_chars

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
        search_query: str | None,
        cancel: Cancel,
        config: RunnableConfig | None = None,
    ) -> Iterator[AnswerEvent]:
        """Yield the answer as it comes, and last the Answer; nothing last after a cancel.

        Raises:
            QuestionError: if the question is too long (before the first event).
            StoreError: if the store cannot be read.
        """
        text = question.strip()
        if len(text) > self._limit:
            raise QuestionError(
                f"The question has {len(text)} characters; ask it in at most {self._limit}."
            )
        request = Request(
            question=text,
            language=detect_language(text),
            history=tuple(history),
            documents=None if documents is None else tuple(documents),
            search_query=search_query,
            cancel=cancel,
            clock=Stopwatch(),
            config=config,
        )
        return self._events(request)

    def _events(self, request: Request) -> Iterator[AnswerEvent]:
        if not request.search_query and (intent := self._talk.intent(request)) is not None:
            yield from self._talked(intent, request)
            return
        request.history = self._talk.questions_in(request.history)
        for event in self._answered(request):
            if isinstance(event, Answer):  # of the document that was cited, or else read, first
                ids = [one.document_id for one in event.citations]
                read = ids or [one.document_id for one in event.retrieved]
                told = [one.text for one in event.citations]
                event = replace(event, suggestions=self._talk.suggested(request, read[:1], told))
            yield event

    def _talked(self, intent: Intent, request: Request) -> Iterator[AnswerEvent]:
        """Yield a reply of the program itself; a model, if there is one, writes an overview."""
        if intent.wanted is Wanted.OVERVIEW and self.writer is not None:
            for event in self._written_overview(intent, request):
                if isinstance(event, Answer):
                    if event.refused:
                        yield Restarted(reason="The model wrote no overview.")
                        break
                    asked = [one.id for one in intent.documents]
                    suggestions = self._talk.suggested(request, asked)
                    yield replace(event, kind="overview", suggestions=suggestions)
                    return
                yield event
            if request.cancel.is_set():
                return
        yield from self._talk.answer(intent, request)

    def _written_overview(self, intent: Intent, request: Request) -> Iterator[AnswerEvent]:
        """Yield what a model writes of a text; of a long one from what it cites of each part."""
        parts = self._talk.parts(intent.documents)
        kept = parts[0] if len(parts) == 1 else []
        request.parts = 1 if kept else len(parts) + 1
        for number, part in enumerate(parts[: request.parts - 1], start=1):
            request.part, request.given = number, tuple(part)
            answer: Answer | None = None
            for event in self._written(request):
                if isinstance(event, ReadingPrompt):
                    yield event
                answer = event if isinstance(event, Answer) else answer
            if answer is None:
                return
            kept += told_of(part, answer, most=max(2, 2 * TUNING.evidence // len(parts)))
        request.part, request.given = request.parts, tuple(kept)
        if kept:
            yield from self._written(request)

    def _written(self, request: Request) -> Iterator[AnswerEvent]:
        """Yield what the model writes; where it fails the Answer is missing, and it is noted."""
        assert self.writer is not None
        started = False
        try:
            for event in self.writer.write(request):
                started = True
                yield event
        except LLMError as error:
            if request.cancel.is_set():
                return
            _log.info("The model failed, quoting instead: %s", error)
            request.notices.append(f"{error} So this answer quotes the documents instead.")
            if started:
                yield Restarted(reason=str(error))

    def _answered(self, request: Request) -> Iterator[AnswerEvent]:
        if self.writer is not None:
            for event in self._written(request):
                yield event
                if isinstance(event, Answer):
                    return
            if request.cancel.is_set():
                return
        for event in self._quoted(request):
            if request.cancel.is_set() and not isinstance(event, Answer):
                return
            yield event

    def _quoted(self, request: Request) -> Iterator[AnswerEvent]:
        if request.language != "en":
            request.notices.append(phrase("unread", request.language))
        with request.clock.stage("follow_up"):
            query = stand_alone_query(request, self._finder)
        with request.clock.stage("find"):
            found = self._finder.find(query, documents=request.documents)
            if query.more:
                found = without_said(found, request.history)
            quoted = None
            if found.answered:
                quoted = quotation(query.asked, found, self._finder.retriever)
        assembly = Assembly()
        if quoted is None:
            yield from refuse(request, assembly, found, more=query.more)
            yield request.answer(assembly, mode=MODE, found=found, refused=True)
            return
        yield from _say(assembly, quoted, request.language)
        yield request.answer(
            assembly,
            mode=MODE,
            found=found,
            short_answer=quoted.short_answer,
            choices=quoted.choices,
        )


def stand_alone_query(request: Request, finder: Finder) -> SearchQuery:
    """Return the query that rules make of a question, with slips of the keyboard set right."""
    if request.search_query:
        return plain_query(request.search_query)
    retriever = finder.retriever
    query = stand_alone(request.question, request.history, near=retriever.most_like)
    if request.language != "en":
        return query
    text = retriever.respelled(query.text, documents=request.documents)
    same = query.asked == query.text
    asked = text if same else retriever.respelled(query.asked, documents=request.documents)
    return replace(query, text=text, asked=asked)


def without_said(found: FindResult, history: Sequence[Turn]) -> FindResult:
    """Return what was found without the sentences that earlier answers hold."""
    said = " ".join(" ".join(turn.content.split()) for turn in history if turn.role == "assistant")
    new = tuple(
        at for at in found.answering if " ".join(found.hits[at].stored.text.split()) not in said
    )
    return replace(found, answering=new, answered=found.answered and bool(new))


def refuse(
    request: Request, assembly: Assembly, found: FindResult, *, more: bool = False
) -> Iterator[AnswerEvent]:
    """Say that the documents do not answer, and what they lack."""
    if more:
        text = phrase("nothing more", request.language)
    else:
        lacks, language = found.decision.missing, request.language
        text = refusal(request.question, missing=lacks, language=language)
    yield from say_claim(assembly, text, Verdict.NO_CLAIM)


def _say(assembly: Assembly, quoted: Quotation, language: str) -> Iterator[AnswerEvent]:
    citations = cited(quoted.sentences)
    if quoted.computed:
        yield from say_claim(assembly, quoted.computed, Verdict.COMPUTED, citations)
    if quoted.opening:
        yield from say_claim(assembly, phrase(quoted.opening, language), Verdict.NO_CLAIM)
    for at, citation in enumerate(citations):
        if quoted.above:
            yield assembly.say("\n\n")
            yield from say_claim(assembly, quoted.above[at], Verdict.NO_CLAIM)
        yield from say_quote(assembly, citation, line=quoted.as_list or bool(quoted.above))
    if quoted.left_out:
        yield assembly.say("\n")
        yield from say_claim(assembly, phrase("more", "en", quoted.left_out), Verdict.NO_CLAIM)
