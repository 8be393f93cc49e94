"""The extractive answer: as few quoted source sentences as answer the question, or a refusal.

Each part of a question ("When and where …?") is searched and decided for itself. Knows no language
model and no markers; the chain turns what is quoted into an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.answering.assembly import short_answer_of
from chatbot.answering.named import read_inside
from chatbot.answering.question_parts import question_parts
from chatbot.answering.refusal import should_refuse
from chatbot.answering.retrieve import Retrieval, Retriever
from chatbot.models.reader import Reader, Reading
from chatbot.models.reader_question import question_kind
from chatbot.types import RetrievedSentence, ShortAnswer, Span

_LIMIT = 10
"""Sentences read for one part."""
_MAX_QUOTED = 4
"""Sentences quoted for a question that asks for several things."""
_MAX_OPEN = 3
"""Sentences quoted for an open question: those about as likely as the first are right nearly as
often (``training/README.md``)."""
_MAX_BROAD = 5
"""Sentences quoted where an account is asked for."""
_LEANING = re.compile(
    r"[\"'“‘(]*"
    r"(?:He|She|It|They|This|These|Those|That|His|Her|Their|Its|The (?:latter|former|two))\b"
)
_MAX_BEFORE = 400
"""Characters of a sentence that may be quoted only because the next one leans on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedPart:
    """One part of the question and the sentences that answer it, in the order to show them."""

    question: str
    sentences: tuple[RetrievedSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedAnswer:
    """What to quote."""

    refused: bool
    """No part is answered."""
    p_answered: float
    """Of the part that is answered best."""
    parts: tuple[QuotedPart, ...] = ()
    missing: tuple[str, ...] = ()
    """Parts that the documents do not answer, as questions."""
    short_answer: ShortAnswer | None = None
    retrieved: tuple[RetrievedSentence, ...] = ()
    """What was read for all parts, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    question: str
    retrieval: Retrieval
    reading: Reading

    @property
    def refused(self) -> bool:
        return should_refuse(self.reading)


def quote_answer(
    question: str,
    query: str,
    retriever: Retriever,
    reader: Reader,
    documents: Sequence[str] | None = None,
) -> QuotedAnswer:
    """Answer by quoting.

    Args:
        question: as it was asked; it tells whether several things are asked for.
        query: the question made to stand alone.
        retriever: finds the sentences.
        reader: decides which of them answer.
        documents: ids of the documents to search; None searches all.
    """

    def read(part: str) -> _Read:
        found = retriever.search(part, limit=_LIMIT, documents=documents)
        found, reading = read_inside(
            part,
            found,
            reader.read(part, found.candidates),
            retriever=retriever,
            reader=reader,
            limit=_LIMIT,
        )
        return _Read(question=part, retrieval=found, reading=reading)

    reads = [read(part) for part in question_parts(query)]
    if len(reads) > 1 and all(part.refused for part in reads):
        reads = [read(query)]
    answered = [part for part in reads if not part.refused]
    asked = _limit(question)
    parts = tuple(
        QuotedPart(
            question=part.question,
            sentences=_chosen(part, limit=max(asked, _limit(part.question))),
        )
        for part in answered
    )
    return QuotedAnswer(
        refused=not answered,
        p_answered=max(part.reading.p_answered for part in reads),
        parts=parts,
        missing=tuple(part.question for part in reads if part.refused),
        short_answer=_short_answer(answered[0]) if answered else None,
        retrieved=_merged(reads),
    )


def _limit(question: str) -> int:
    """Return how many sentences may be quoted: one for a fact, a few for a list or an open one."""
    kind = question_kind(question)
    if kind.several:
        return _MAX_QUOTED
    if kind.broad:
        return _MAX_BROAD
    return _MAX_OPEN if kind.open else 1


def _chosen(part: _Read, *, limit: int) -> tuple[RetrievedSentence, ...]:
    """Return the sentences to quote, best first; what a sentence leans on comes before it.

    Those of an open question come in the order of their document: they are read as one text.
    """
    quoted: list[RetrievedSentence] = []
    for at in part.reading.answering[:limit]:
        sentence, before = part.retrieval.sentences[at], part.retrieval.before[at]
        if before is not None and _leans(sentence, before) and before not in quoted:
            quoted.append(before)
        if not any(_same(sentence, other) for other in quoted):
            quoted.append(sentence)
    if question_kind(part.question).open:
        documents = list(dict.fromkeys(one.document_id for one in quoted))
        quoted.sort(key=lambda one: (documents.index(one.document_id), one.index))
    return tuple(quoted)


def _leans(sentence: RetrievedSentence, before: RetrievedSentence) -> bool:
    """Whether a sentence cannot be understood without the one before it."""
    return bool(_LEANING.match(sentence.text)) and len(before.text) <= _MAX_BEFORE


def _short_answer(part: _Read) -> ShortAnswer | None:
    best = part.reading.answering[0]
    span: Span | None = part.reading.spans.get(best)
    if span is None:
        return None
    return short_answer_of(part.retrieval.sentences[best], span)


def _merged(reads: Sequence[_Read]) -> tuple[RetrievedSentence, ...]:
    """Return what was read, the best of each part first, each sentence once."""
    found: dict[tuple[str, int], RetrievedSentence] = {}
    for rank in range(_LIMIT):
        for part in reads:
            order = _order(part)
            if rank < len(order):
                sentence = part.retrieval.sentences[order[rank]]
                found.setdefault((sentence.document_id, sentence.index), sentence)
    return tuple(found.values())


def _order(part: _Read) -> tuple[int, ...]:
    """Return the sentences in the order of reading: those that answer, then by their score."""
    answering, scores = part.reading.answering, part.reading.scores
    rest = [at for at in range(len(scores)) if at not in answering]
    return (*answering, *sorted(rest, key=lambda at: -scores[at]))


def _same(one: RetrievedSentence, other: RetrievedSentence) -> bool:
    return (one.document_id, one.index) == (other.document_id, other.index)
