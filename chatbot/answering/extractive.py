"""The extractive way: the answer is made of quoted sentences, or it is a refusal.

No model is asked. Knows no store beyond the retriever; used by ``chain``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.answering.assembly import Assembly, citation_of
from chatbot.answering.follow_up import stand_alone
from chatbot.answering.language import refusal_in
from chatbot.answering.quote import QuotedAnswer, quote_answer
from chatbot.answering.refusal import refusal
from chatbot.answering.request import Request
from chatbot.answering.retrieve import Retriever
from chatbot.models.reader import Reader
from chatbot.types import AnswerEvent, Citation, Claim, RetrievedSentence, Verdict

MODE = "extractive"


def quote(request: Request, *, retriever: Retriever, reader: Reader) -> Iterator[AnswerEvent]:
    """Yield the events of an extractive answer, the Answer last."""
    with request.clock.stage("follow_up"):
        query = request.search_query or retriever.respelled(
            stand_alone(request.question, request.history).text, documents=request.documents
        )
    with request.clock.stage("retrieve"):
        quoted = quote_answer(
            request.question,
            query,
            retriever=retriever,
            reader=reader,
            documents=request.documents,
        )
    assembly = Assembly()
    if quoted.refused:
        yield from refuse(request, assembly, query=query)
    else:
        yield from _quoted(assembly, quoted)
    yield request.answer(
        assembly,
        mode=MODE,
        query=query,
        refused=quoted.refused,
        retrieved=tuple(quoted.retrieved),
        short_answer=quoted.short_answer,
        p_answered=quoted.p_answered,
    )


def refuse(request: Request, assembly: Assembly, *, query: str) -> Iterator[AnswerEvent]:
    """Say that the documents do not say it, in the language of the question where it can be."""
    text = refusal_in(request.language) or refusal(query)
    yield assembly.say(text)
    yield assembly.judge(_no_claim(text, 0), [])


def _quoted(assembly: Assembly, quoted: QuotedAnswer) -> Iterator[AnswerEvent]:
    # One sentence may answer two parts of a question: it is quoted once.
    found = (sentence for part in quoted.parts for sentence in part.sentences)
    sentences = list({(item.document_id, item.index): item for item in found}.values())
    markers = _free_markers(sentences)
    for sentence in sentences:
        yield from _say_quote(assembly, citation_of(sentence, next(markers)))
    for part in quoted.missing:
        yield assembly.say(" ")
        start, text = assembly.length, refusal(part, named=True)
        yield assembly.say(text)
        yield assembly.judge(_no_claim(text, start), [])


def _say_quote(assembly: Assembly, citation: Citation) -> Iterator[AnswerEvent]:
    text = " ".join(citation.text.split())
    if assembly.length:
        yield assembly.say(" ")
    claim = Claim(
        text=text,
        start=assembly.length,
        end=assembly.length + len(text),
        verdict=Verdict.QUOTED,
        score=1.0,
        citations=(citation.marker,),
    )
    yield assembly.say(text)
    yield assembly.say(f" [{citation.marker}]")
    yield assembly.cite(citation)
    yield assembly.judge(claim, [citation])


def _no_claim(text: str, start: int) -> Claim:
    return Claim(
        text=text, start=start, end=start + len(text), verdict=Verdict.NO_CLAIM, score=None
    )


def _free_markers(sentences: Sequence[RetrievedSentence]) -> Iterator[int]:
    """Yield marker numbers that no quoted text has itself: a "[2]" in a source stays text."""
    taken = {
        int(number)
        for sentence in sentences
        for number in re.findall(r"\[(\d{1,6})\]", sentence.text)
    }
    marker = 0
    while True:
        marker += 1
        if marker not in taken:
            yield marker
