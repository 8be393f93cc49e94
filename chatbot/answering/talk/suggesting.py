"""Questions that the documents answer: made from their sentences, each tried before it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chatbot.answering.find import Finder
from chatbot.answering.question import plain_query
from chatbot.answering.talk.overview import overview_of
from chatbot.models.words import content_stems
from chatbot.types import RetrievedSentence

_IS = re.compile(
    r"^(?P<what>(?:(?:The|An?) )?[^\W\d_][^,.;:()\"“”]{2,40}?) (?P<verb>is|are) (?=\S)"
)
_NAME = re.compile(r"^(?:[A-Z][\w’'.-]+ ){1,2}[A-Z][\w’'-]+$")
_PRONOUNS = re.compile(
    r"^(?:he|she|it|they|this|that|these|those|there|we|you|i|here)\b", re.IGNORECASE
)
_TRIED = 6
"""Questions that are tried for one document."""
_KEPT = 2_000
"""Documents whose questions are remembered."""
_LOOKED_AT = 60
"""Chunks of a document that questions are made of."""


class Suggestions:
    """Finds questions to ask next. Thread safe: at worst a document's are made twice."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self.questions_of = lru_cache(_KEPT)(self._questions_of)

    def _questions_of(self, document_id: str) -> tuple[str, ...]:
        """Return questions that a document answers, each tried."""
        return tuple(self._tried(document_id))

    def next(
        self, document_ids: Sequence[str], *, asked: Sequence[str] = (), count: int = 3
    ) -> tuple[str, ...]:
        """Return questions of some documents in turn, without those that were asked.

        Args:
            document_ids: whose questions they are; the first few are looked at.
            asked: what was asked already.
            count: how many at most.
        """
        known = [frozenset(content_stems(one)) for one in asked]
        found: list[str] = []
        for document_id in document_ids[:count]:
            for question in self.questions_of(document_id):
                if frozenset(content_stems(question)) not in known and question not in found:
                    found.append(question)
                    if len(document_ids) >= count:
                        break  # of several documents one question each
        return tuple(found[:count])

    def _tried(self, document_id: str) -> Iterator[str]:
        chunks = self._finder.retriever.chunks_of(document_id, most=_LOOKED_AT)
        made = dict.fromkeys(_questions(overview_of(chunks, count=4 * _TRIED)))
        for question in list(made)[:_TRIED]:
            if self._finder.find(plain_query(question), documents=[document_id]).answered:
                yield question


def _questions(sentences: Sequence[RetrievedSentence]) -> Iterator[str]:
    """Yield what sentences may be asked: what a thing is, and what is said under a heading."""
    for sentence in sentences:
        found = _IS.match(sentence.text)
        if found is None or _PRONOUNS.match(found["what"]) or not content_stems(found["what"]):
            continue
        first, _, rest = found["what"].partition(" ")
        what = f"{first.lower()} {rest}" if first in ("The", "A", "An") else found["what"]
        yield f"{'Who' if _NAME.match(what) else 'What'} {found['verb']} {what}?"
    for sentence in sentences:
        heading = (sentence.heading or "").strip(" .:#")
        if heading and heading != sentence.title and 1 <= len(content_stems(heading)) <= 4:
            yield f"What is said about “{heading}”?"
