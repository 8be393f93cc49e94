"""The way with a model: it writes from numbered evidence, and each claim is checked when complete.

Knows no server beyond ``ChatModel``; used by ``chain``, which quotes instead when this raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.answering.assembly import Assembly, short_answer_of
from chatbot.answering.draft import Draft
from chatbot.answering.extractive import refuse
from chatbot.answering.follow_up import rewrite_with_model, stand_alone
from chatbot.answering.generate import AnswerStream, GenerationInput, build_messages, generate
from chatbot.answering.grounding import Grounder
from chatbot.answering.named import read_inside
from chatbot.answering.prompts import load_prompt
from chatbot.answering.refusal import should_refuse
from chatbot.answering.request import Request
from chatbot.answering.retrieve import Retrieval, Retriever
from chatbot.models.cancel import Deadline
from chatbot.models.llm import ChatModel
from chatbot.models.reader import Reader, Reading
from chatbot.models.tokens import count_llm_tokens
from chatbot.settings import Settings
from chatbot.types import AnswerEvent, ShortAnswer

_LIMIT = 30
"""Sentences retrieved as evidence; the token budget cuts them further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for a question: the query, the sentences, and what the reader made of them."""

    query: str
    retrieval: Retrieval
    reading: Reading


class Writer:
    """Answers with a chat model."""

    def __init__(
        self,
        *,
        model: ChatModel,
        retriever: Retriever,
        reader: Reader,
        grounder: Grounder,
        settings: Settings,
    ) -> None:
        self._model = model
        self._retriever = retriever
        self._reader = reader
        self._grounder = grounder
        self._settings = settings
        self._answer_prompt = load_prompt("answer")
        self._rewrite_prompt = load_prompt("rewrite")

    def write(self, request: Request) -> Iterator[AnswerEvent]:
        """Yield the events of an answer, the Answer last.

        Raises:
            LLMError: the model failed; what was yielded before is void.
        """
        deadline = self._model.deadline()
        found = self._find(request, deadline)
        assembly = Assembly()
        if should_refuse(found.reading, with_model=True):
            yield from self._refused(request, assembly, found, prompt=None)
            return
        given = self._input(request, found)
        draft = Draft(
            assembly,
            offered=given.offered,
            grounder=self._grounder,
            clock=request.clock,
            strict=self._settings.strict,
        )
        with generate(self._model, given, cancel=request.cancel, deadline=deadline) as stream:
            yield from _drain(request, stream, draft)
            request.add_tokens(stream.usage.tokens_in, stream.usage.tokens_out)
            no_answer = stream.no_answer
        if no_answer:
            yield from self._refused(request, assembly, found, prompt=given.prompt)
            return
        yield from self._answered(request, assembly, found, draft=draft, given=given)

    def _find(self, request: Request, deadline: Deadline) -> Found:
        with request.clock.stage("follow_up"):
            query = self._query(request, deadline)
        with request.clock.stage("retrieve"):
            retrieval = self._retriever.search(query, limit=_LIMIT, documents=request.documents)
        with request.clock.stage("read"):
            retrieval, reading = read_inside(
                query,
                retrieval,
                self._reader.read(query, retrieval.candidates),
                retriever=self._retriever,
                reader=self._reader,
                limit=_LIMIT,
            )
        return Found(query=query, retrieval=retrieval, reading=reading)

    def _query(self, request: Request, deadline: Deadline) -> str:
        if request.search_query:
            return request.search_query
        if not request.history:
            alone = stand_alone(request.question, ()).text
            return self._retriever.respelled(alone, documents=request.documents)
        rewritten = rewrite_with_model(
            request.question,
            request.history,
            model=self._model,
            prompt=self._rewrite_prompt,
            cancel=request.cancel,
            deadline=deadline,
        )
        request.add_tokens(rewritten.usage.tokens_in, rewritten.usage.tokens_out)
        return rewritten.text

    def _input(self, request: Request, found: Found) -> GenerationInput:
        return build_messages(
            self._answer_prompt,
            question=request.question,
            evidence=found.retrieval.sentences,
            max_tokens=self._settings.max_evidence_tokens,
            count_tokens=lambda text: count_llm_tokens(text, self._model.name),
            history=request.history,
        )

    def _answered(
        self,
        request: Request,
        assembly: Assembly,
        found: Found,
        *,
        draft: Draft,
        given: GenerationInput,
    ) -> Iterator[AnswerEvent]:
        withheld_all = draft.withheld and not assembly.claims
        if draft.withheld:
            statements = "statement was" if draft.withheld == 1 else "statements were"
            request.notices.append(
                f"{draft.withheld} {statements} withheld: the check did not find the documents "
                "to support all of it."
            )
        if withheld_all:
            yield from refuse(request, assembly, query=found.query)
        yield request.answer(
            assembly,
            mode=self._model.name,
            query=found.query,
            refused=bool(withheld_all),
            retrieved=found.retrieval.sentences,
            p_answered=found.reading.p_answered,
            short_answer=None if withheld_all else _short_answer(found, assembly),
            prompt=given.prompt,
        )

    def _refused(
        self, request: Request, assembly: Assembly, found: Found, *, prompt: str | None
    ) -> Iterator[AnswerEvent]:
        yield from refuse(request, assembly, query=found.query)
        yield request.answer(
            assembly,
            mode=self._model.name,
            query=found.query,
            refused=True,
            retrieved=found.retrieval.sentences,
            p_answered=found.reading.p_answered,
            prompt=prompt,
        )


def _drain(request: Request, stream: AnswerStream, draft: Draft) -> Iterator[AnswerEvent]:
    while True:
        with request.clock.stage("generate"):
            piece = next(stream, None)
        if piece is None:
            break
        yield from draft.feed(piece)
    if not stream.no_answer:
        yield from draft.finish()


def _short_answer(found: Found, assembly: Assembly) -> ShortAnswer | None:
    """Return the reader's span, where it lies in a sentence that the answer cites."""
    cited = {(item.document_id, item.sentence_index) for item in assembly.citations()}
    for at, span in found.reading.spans.items():
        sentence = found.retrieval.sentences[at]
        if (sentence.document_id, sentence.index) in cited:
            return short_answer_of(sentence, span)
    return None
