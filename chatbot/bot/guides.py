"""A guide to a document: what it is about, whom and what it names, and what may be asked of it.

Made when it is first wanted and remembered: a document's id is of a text that never changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from chatbot.answering.dates import date_mentions
from chatbot.answering.retrieve import Retriever
from chatbot.answering.talk.overview import MOST_CHUNKS, overview_of
from chatbot.bot.rule_questions import MID_NAME
from chatbot.bot.suggestions import MOST, Suggestions
from chatbot.store import Store
from chatbot.types import Guide, Mention, Sentence

_MENTIONS = 8
"""Names, days and numbers that are told, each."""
_READ = 2_000
"""Sentences looked through."""
_KEPT = 500
"""Documents whose guides are remembered."""
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?:[$£€¥]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:%|°C|[a-z]{2,}))(?![\w-])"
)
_NO_UNIT = frozenset("and or to of in on at by the for from with as is are was were per".split())


class Guides:
    """Makes guides to the documents of one store. Thread safe: at worst one is made twice."""

    def __init__(self, store: Store, retriever: Retriever, suggestions: Suggestions) -> None:
        self._store = store
        self._retriever = retriever
        self._suggestions = suggestions
        self.of = lru_cache(_KEPT)(self._of)

    def _of(self, document_id: str) -> Guide:
        """Make the guide to a document."""
        sentences = self._store.sentences(document_id)[:_READ]
        chunks = self._retriever.chunks_of(document_id, most=MOST_CHUNKS)
        return Guide(
            document_id=document_id,
            overview=tuple(overview_of(chunks)),
            names=_most_named(sentences),
            dates=_first(_dates(sentences)),
            numbers=_first(_numbers(sentences)),
            questions=self._suggestions.questions_of(document_id)[:MOST],
        )


def _most_named(sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
    first: dict[str, int] = {}
    count: Counter[str] = Counter()
    for one in sentences:
        for name in MID_NAME.findall(one.text):
            first.setdefault(name, one.index)
            count[name] += 1
    return tuple(
        Mention(text=name, sentence_index=first[name]) for name, _ in count.most_common(_MENTIONS)
    )


def _dates(sentences: Sequence[Sentence]) -> Iterator[Mention]:
    for one in sentences:
        for found in date_mentions(one.text):
            if found.days[0].year:
                yield Mention(text=one.text[found.start : found.end], sentence_index=one.index)


def _numbers(sentences: Sequence[Sentence]) -> Iterator[Mention]:
    for one in sentences:
        for found in _NUMBER.finditer(one.text):
            if found[0].split()[-1] not in _NO_UNIT:
                yield Mention(text=found[0], sentence_index=one.index)


def _first(mentions: Iterator[Mention]) -> tuple[Mention, ...]:
    """Return the first mentions, none of the same words twice."""
    fresh: dict[str, Mention] = {}
    for one in mentions:
        fresh.setdefault(one.text, one)
        if len(fresh) == _MENTIONS:
            break
    return tuple(islice(fresh.values(), _MENTIONS))
