"""The way with a model: it writes from numbered evidence, and each claim is checked when complete.

Raises where the model fails; then the answer is quoted instead.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from chatbot.answering.answer import refuse, stand_alone_query, without_said
from chatbot.answering.assembly import Assembly, short_answer_of
from chatbot.answering.draft import Draft
from chatbot.answering.find import Finder, Found
from chatbot.answering.generate import (
    AnswerStream,
    GenerationInput,
    build_messages,
    build_rewrite,
    generate,
    read_rewrite,
)
from chatbot.answering.grounding import Grounder
from chatbot.answering.prompts import load_prompt
from chatbot.answering.question import SearchQuery, plain_query
from chatbot.answering.request import Request
from chatbot.answering.tuning import TUNING
from chatbot.errors import LLMBadResponse, LLMIncomplete
from chatbot.models.cancel import Deadline
from chatbot.models.llm import ChatModel
from chatbot.models.tokens import count_llm_tokens
from chatbot.settings import Settings
from chatbot.types import AnswerEvent, ShortAnswer

_log = logging.getLogger(__name__)


class Writer:
    """Answers with a chat model."""

    def __init__(
        self,
        *,
        model: ChatModel,
        finder: Finder,
        grounder: Grounder,
        settings: Settings,
    ) -> None:
        self._model = model
        self._finder = finder
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
        if not found.worth_asking:
            yield from self._refused(request, assembly, found, prompt=None)
            return
        given = self._input(request, found)
        draft = Draft(
            assembly,
            offered=given.offered,
            grounder=self._grounder,
            clock=request.clock,
            strict=self._settings.strict,
            answering=_answering(found, given),
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
        with request.clock.stage("find"):
            found = self._finder.find(query, limit=TUNING.evidence, documents=request.documents)
        return without_said(found, request.history) if query.more else found

    def _query(self, request: Request, deadline: Deadline) -> SearchQuery:
        by_rules = stand_alone_query(request, self._finder)
        if request.search_query or not request.history or by_rules.more:
            return by_rules
        messages = build_rewrite(
            self._rewrite_prompt, question=request.question, history=request.history
        )
        try:
            reply = self._model.complete(messages, cancel=request.cancel, deadline=deadline)
        except (LLMIncomplete, LLMBadResponse) as error:
            if request.cancel.is_set():
                raise
            _log.info("The question is made to stand alone by rules: %s", error)
            return by_rules
        request.add_tokens(reply.usage.tokens_in, reply.usage.tokens_out)
        text = read_rewrite(reply.text, question=request.question, history=request.history)
        if text is None:
            _log.info("The model returned no question: rules make it stand alone.")
            return by_rules
        return replace(plain_query(text), changed=text != request.question)

    def _input(self, request: Request, found: Found) -> GenerationInput:
        return build_messages(
            self._answer_prompt,
            question=request.question,
            evidence=found.sentences,
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
        for count, how in (
            (draft.withheld, "withheld"),
            (draft.replaced, "replaced by what the source says"),
        ):
            statements = "statement was" if count == 1 else "statements were"
            if count:
                request.notices.append(
                    f"{count} {statements} {how}: the check did not find the documents to support "
                    "all of it."
                )
        if withheld_all:
            yield from refuse(request, assembly, found)
        yield request.answer(
            assembly,
            mode=self._model.name,
            found=found,
            refused=bool(withheld_all),
            short_answer=None if withheld_all else _short_answer(found, assembly),
            prompt=given.prompt,
        )

    def _refused(
        self, request: Request, assembly: Assembly, found: Found, *, prompt: str | None
    ) -> Iterator[AnswerEvent]:
        yield from refuse(request, assembly, found)
        yield request.answer(
            assembly,
            mode=self._model.name,
            found=found,
            refused=True,
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


def _answering(found: Found, given: GenerationInput) -> set[int]:
    """Return the markers of the sentences that the reader finds to answer the question."""
    hits = [found.hits[at].sentence for at in found.spans]
    places = {(sentence.document_id, sentence.index) for sentence in hits}
    return {
        marker
        for marker, item in given.offered.items()
        if (item.document_id, item.sentence_index) in places
    }


def _short_answer(found: Found, assembly: Assembly) -> ShortAnswer | None:
    """Return the reader's span, where it lies in a sentence that the answer cites."""
    cited = {(item.document_id, item.sentence_index) for item in assembly.citations()}
    for at, span in found.spans.items():
        sentence = found.hits[at].sentence
        if (sentence.document_id, sentence.index) in cited:
            return short_answer_of(sentence, span)
    return None
