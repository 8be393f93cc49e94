"""The way with a model: it writes from numbered evidence, and each claim is checked when complete.

Raises where the model fails; then the answer is quoted instead.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from langchain_core.documents import Document as LangChainDocument
from langchain_core.messages import AIMessage, BaseMessageChunk
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig

from chatbot.answering.answer import refuse, stand_alone_query, without_said
from chatbot.answering.assembly import Assembly, say_claim, say_quote, short_answer_of
from chatbot.answering.chain import THOUGHT, AnswerRun, SentenceRetriever, compose, run_of
from chatbot.answering.claims import is_silence
from chatbot.answering.draft import Draft
from chatbot.answering.evidence import TURNS, build_rewrite, number_evidence, read_rewrite, shorten
from chatbot.answering.find import Finder, FindResult
from chatbot.answering.grounding import Grounder
from chatbot.answering.language import is_read
from chatbot.answering.phrases import phrase
from chatbot.answering.prompts import load_prompt, make_boundary
from chatbot.answering.question import SearchQuery, plain_query
from chatbot.answering.request import Request
from chatbot.answering.several import choices, things
from chatbot.answering.streaming.reply import NO_ANSWER, Reply
from chatbot.answering.tuning import TUNING
from chatbot.errors import LLMBadResponse, LLMIncomplete, RetrieverError
from chatbot.models.llm import ChatModel, untraced
from chatbot.models.llm.tokens import count_llm_tokens
from chatbot.settings import Settings
from chatbot.types import AnswerEvent, ReadingPrompt, RetrievedSentence, ShortAnswer, Verdict

_log = logging.getLogger(__name__)


class _Query(str):
    """A search query that knows its run: a retriever of somebody's own takes it as a string."""

    run: AnswerRun


class Writer:
    """Answers with a chat model."""

    def __init__(
        self,
        *,
        model: ChatModel,
        finder: Finder,
        grounder: Grounder,
        settings: Settings,
        retriever: BaseRetriever | None = None,
    ) -> None:
        """Put the chain together.

        ``retriever`` is somebody's own, which returns documents like those of ``as_retriever``;
        without it the finder finds.
        """
        self._model = model
        self._finder = finder
        self._grounder = grounder
        self._settings = settings
        self._prompt = load_prompt("answer")
        self._rewrite_prompt = load_prompt("rewrite")
        self.chain = compose(
            question=self._question,
            retriever=retriever or SentenceRetriever(search=self._find, limit=TUNING.evidence),
            evidence=self._evidence,
            prompt=self._prompt,
            model=model,
            citations=self._citations,
        )

    def write(self, request: Request) -> Iterator[AnswerEvent]:
        """Yield the events of an answer, the Answer last.

        Raises:
            LLMError: the model failed; what was yielded before is void.
        """
        run = AnswerRun(request=request, deadline=self._model.deadline())
        forget = request.cancel.call_on_set(run.stop.set)
        events = self.chain.stream(request, run.in_config(request.config))
        try:
            while (event := self._next(events)) is not None:
                yield event
        finally:
            forget()
            run.leave()
            with untraced(self._settings):
                events.close()  # type: ignore[attr-defined]

    def _next(self, events: Iterator[AnswerEvent]) -> AnswerEvent | None:
        # Entered again for each: what is set in a generator leaks to whoever reads it.
        with untraced(self._settings):
            return next(events, None)

    def _question(self, request: Request, config: RunnableConfig) -> str:
        run = _run(config)
        with request.clock.stage("follow_up"):
            run.query = self._stand_alone(run, config)
        query = _Query(run.query.text)
        query.run = run
        return query

    def _stand_alone(self, run: AnswerRun, config: RunnableConfig) -> SearchQuery:
        request = run.request
        by_rules = stand_alone_query(request, self._finder)
        if request.search_query or not request.history or by_rules.more:
            return by_rules
        messages = build_rewrite(
            self._rewrite_prompt, question=request.question, history=request.history
        )
        try:
            reply = self._model.complete(
                messages, cancel=run.stop, deadline=run.deadline, config=config
            )
        except (LLMIncomplete, LLMBadResponse) as error:
            if run.stop.is_set():
                raise
            _log.info("The question is made to stand alone by rules: %s", error)
            return by_rules
        request.add_tokens(reply.usage.tokens_in, reply.usage.tokens_out)
        text = read_rewrite(reply.text, question=request.question, history=request.history)
        if text is None:
            _log.info("The model returned no question: rules make it stand alone.")
            return by_rules
        return plain_query(text)

    def _find(self, query: str, *, limit: int) -> list[RetrievedSentence]:
        if not isinstance(query, _Query):  # somebody took the retriever out of the chain
            return list(self._finder.retriever.search(query, limit=limit).sentences)
        if query.run.request.given:
            return list(query.run.request.given)
        return list(self._found(query.run, limit=limit).sentences)

    def _found(self, run: AnswerRun, *, limit: int = TUNING.evidence) -> FindResult:
        assert run.query is not None
        request = run.request
        with request.clock.stage("find"):
            found = self._finder.find(run.query, limit=limit, documents=request.documents)
        run.found = without_said(found, request.history) if run.query.more else found
        return run.found

    def _evidence(
        self, documents: Sequence[LangChainDocument], config: RunnableConfig
    ) -> dict[str, Any]:
        """Return the values of the prompt; the model is not asked where nothing may answer."""
        run = _run(config)
        if run.found is None:
            self._found(run)
            run.sentences = self._stored(documents, run.request.documents)
            run.asked = bool(run.sentences)
        else:
            run.sentences = run.found.sentences
            if run.found.answered and run.query is not None:
                run.choices = choices(run.query.asked, things(run.query.asked, run.found))
            worth_asking = run.found.worth_asking or _unread(run.found)
            run.asked = worth_asking and not run.choices
        evidence, run.offered = number_evidence(
            run.sentences, max_tokens=self._settings.max_evidence_tokens, count_tokens=self._count
        )
        values = {
            "boundary": make_boundary(evidence),
            "evidence": evidence,
            "no_answer": NO_ANSWER,
            "question": run.request.question.strip(),
        }
        turns = [(one.role, shorten(one.content)) for one in run.request.history[-TURNS:]]
        history = [turn for turn in turns if turn[1]]
        said = [self._prompt.system, *values.values(), *(text for _, text in history)]
        run.tokens = sum(map(self._count, said))
        return {**values, "history": history}

    def _stored(
        self, documents: Sequence[LangChainDocument], allowed: Sequence[str] | None
    ) -> tuple[RetrievedSentence, ...]:
        """Return the stored sentences that the documents of somebody's own retriever point to."""
        places = []
        for document in documents:
            named: Mapping[str, Any] = document.metadata
            try:
                id_, index = str(named["document_id"]), int(named["index"])
            except (KeyError, TypeError, ValueError):
                raise RetrieverError(
                    "The retriever returned a document without document_id and index in its "
                    "metadata. Return documents like those of bot.as_retriever()."
                ) from None
            if allowed is None or id_ in allowed:
                places.append((id_, index))
        return tuple(self._finder.retriever.stored(places))

    def _count(self, text: str) -> int:
        return count_llm_tokens(text, self._model.name)

    def _citations(
        self, chunks: Iterator[BaseMessageChunk], config: RunnableConfig
    ) -> Iterator[AnswerEvent]:
        run = _run(config)
        request = run.request
        first = next(chunks)  # only now have the steps before run
        found = run.found
        assert found is not None
        assert run.query is not None
        if run.asked:
            yield ReadingPrompt(tokens=run.tokens, part=request.part, parts=request.parts)
        assembly = Assembly()
        if run.choices:
            yield from self._asks_back(run, found, assembly)
            return
        draft = Draft(
            assembly,
            offered=run.offered,
            grounder=self._grounder,
            clock=request.clock,
            strict=self._settings.strict,
            question=run.query.asked,
            answering=_answering(run, found),
        )
        reply = Reply(self._timed(chain([first], chunks), request), run.offered)
        for piece in reply:
            yield from draft.feed(piece)
            if draft.loops:
                break
        yield from draft.finish()
        if draft.loops or reply.loops:
            run.leave()
        request.repairs.update(draft.repairs + reply.repairs + Counter(loop=draft.loops))
        for usage in draft.usage:
            request.add_tokens(usage.tokens_in, usage.tokens_out)
        if not assembly.claims:
            yield from _quoted(run, assembly, reply.markers, withheld=draft.withheld)
        request.notices += _notices(draft)
        refused = not assembly.claims
        if refused:
            yield from refuse(request, assembly, found)
        elif _says_nothing(assembly):
            refused = True
            request.repairs["refusal in words of its own"] += 1
        yield request.answer(
            assembly,
            mode=self._model.name,
            found=found,
            retrieved=run.sentences,
            refused=refused,
            short_answer=None if refused else _short_answer(found, assembly),
            prompt=self._prompt.id if run.asked else None,
        )

    def _asks_back(
        self, run: AnswerRun, found: FindResult, assembly: Assembly
    ) -> Iterator[AnswerEvent]:
        which = phrase("which", run.request.language)
        yield from say_claim(assembly, which, Verdict.NO_CLAIM)
        yield run.request.answer(
            assembly, mode=self._model.name, found=found, refused=False, choices=run.choices
        )

    def _timed(self, chunks: Iterator[BaseMessageChunk], request: Request) -> Iterator[str]:
        """Yield the text of the chunks; what they cost is noted."""
        while True:
            with request.clock.stage("generate"):
                chunk = next(chunks, None)
            if chunk is None:
                return
            if isinstance(chunk, AIMessage):
                request.add_usage(chunk.usage_metadata)
            request.repairs["thinking aloud"] += bool(chunk.additional_kwargs.get(THOUGHT))
            yield str(chunk.text)


def _run(config: RunnableConfig) -> AnswerRun:
    run = run_of(config)
    assert run is not None, "the whole chain runs through Writer.write"
    return run


def _unread(found: FindResult) -> bool:
    """Whether the reader says nothing of what was found, since it reads English alone."""
    texts = [one.text for one in found.sentences]
    return bool(texts) and not all(map(is_read, (found.query, *texts)))


def _answering(run: AnswerRun, found: FindResult) -> set[int]:
    """Return the numbers of the sentences that the reader takes for an answer."""
    if not (found.answered and found.scores):
        return set()
    numbers = {(one.document_id, one.sentence_index): n for n, one in run.offered.items()}
    least = found.scores[0] * TUNING.share_open
    likely = [found.hits[at].sentence for at in found.spans if found.scores[at] >= least]
    places = [(sentence.document_id, sentence.index) for sentence in likely]
    return {numbers[place] for place in places if place in numbers}


def _quoted(
    run: AnswerRun, assembly: Assembly, markers: Sequence[int], *, withheld: int
) -> Iterator[AnswerEvent]:
    """Quote the sentences that a reply of numbers alone points to.

    Raises:
        LLMBadResponse: if it points to none, or said only what the check does not support.
    """
    if withheld:
        raise LLMBadResponse("The check supports nothing of what the model wrote.")
    if not markers:
        return
    offered = [number for number in dict.fromkeys(markers) if number in run.offered]
    if not offered:
        raise LLMBadResponse("The model wrote a number and no answer.")
    for number in offered:
        yield from say_quote(assembly, run.offered[number])
    run.request.repairs["numbers alone"] += 1


def _says_nothing(assembly: Assembly) -> bool:
    """Whether all that was said is that the documents do not answer."""
    claims = assembly.claims
    return all(claim.verdict is Verdict.NO_CLAIM for claim in claims) and any(
        is_silence(claim.text) for claim in claims
    )


def _notices(draft: Draft) -> Iterator[str]:
    """Say how many claims did not reach the user as the model wrote them."""
    for count, how in (
        (draft.withheld, "withheld"),
        (draft.replaced, "replaced by what the source says"),
    ):
        statements = "statement was" if count == 1 else "statements were"
        if count:
            yield (
                f"{count} {statements} {how}: the check did not find the documents to support all "
                "of it."
            )


def _short_answer(found: FindResult, assembly: Assembly) -> ShortAnswer | None:
    """Return the reader's span, where it lies in a sentence that the answer cites."""
    cited = {(item.document_id, item.sentence_index) for item in assembly.citations()}
    for at, span in found.spans.items():
        sentence = found.hits[at].sentence
        if (sentence.document_id, sentence.index) in cited:
            return short_answer_of(sentence, span)
    return None
