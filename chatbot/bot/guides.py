"""A guide to a document: what it is about, whom and what it names, and what may be asked of it.

Made once and kept in the store: a document's id is of a text that never changes. The server makes
it soon after the document was added, else whoever asks first waits for it.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from chatbot.answering.dates import DateMention, date_mentions
from chatbot.answering.retrieve import Retriever
from chatbot.answering.talk.overview import MOST_CHUNKS, overview_of
from chatbot.bot.suggestions import MOST, Suggestions
from chatbot.models.word_stems import STOP_WORDS
from chatbot.store import Store
from chatbot.types import Guide, Mention, RetrievedSentence, Sentence

RECIPE = 1
"""Goes up with each change of what a guide says; guides by another recipe are made again."""
_TOLD = 4
"""Sentences of the overview: the guide is to be taken in at a glance."""
_MENTIONS = 8
"""Names, days and numbers that are told, each."""
_READ = 2_000
"""Sentences looked through."""
_NAME = re.compile(
    r"(?<=[a-z,;:] )[A-Z][\w’'-]+(?: (?:(?:of|the|of the|de|van|von) )?[A-Z][\w’'-]+(?!\.))*"
)
_NUMBER = re.compile(
    r"(?<![a-zA-Z\d.,:/-])(?:[$£€¥]\s?\d[\d,]*(?:\.\d+)?(?: (?:m|b|tr)illion\b)?"
    r"|\d[\d,]*(?:\.\d+)?(?:\s?[%％]|\s?°C|(?: (?:m|b|tr)illion)? [a-z]{3,}\b(?!-)"
    r"|[万億]?(?:円|人|台|件|回|個|本|名|時間|分間|週間|日間|か月|年間|メートル|キロ|グラム)))"
)
_ASKING = {
    "en": ("What is said about {}?", "What happened on {}?"),
    "ja": ("「{}」については何と書かれていますか？", "{}に何がありましたか？"),
}
_Read = tuple[Sentence, Sequence[DateMention]]
"""A sentence with the days that it names."""
_MAKING = threading.Lock()
"""Held while a guide is made: one at a time, since it takes a core and nobody needs two."""


class Guides:
    """The guides to the documents of one store. Thread safe."""

    def __init__(self, store: Store, retriever: Retriever, suggestions: Suggestions) -> None:
        self._store = store
        self._retriever = retriever
        self._suggestions = suggestions

    def of(self, document_id: str) -> Guide:
        """Return the guide to a document; it is made where there is none.

        Raises:
            DocumentNotFound: if there is no document with this id.
        """
        return self._store.guides.get(document_id, recipe=RECIPE) or self._make(document_id)

    def added_after(self, number: int | None) -> tuple[int, str | None]:
        """Return the number and id of the first document that was added after another one.

        ``number`` is what was returned before; None, and where none was added since, gives the
        number of the newest one, and no id.
        """
        return self._store.guides.added_after(number)

    def _make(self, document_id: str) -> Guide:
        with _MAKING:
            if made := self._store.guides.get(document_id, recipe=RECIPE):
                return made
            sentences = self._store.sentences(document_id)[:_READ]
            read = [(one, date_mentions(one.text)) for one in sentences]
            chunks = self._retriever.chunks_of(document_id, end=MOST_CHUNKS)
            told = Guide(
                document_id=document_id,
                overview=tuple(_mention(one, one.text) for one in overview_of(chunks, count=_TOLD)),
                names=_names(read),
                dates=_dates(read),
                numbers=_numbers(read),
                questions=tuple(self._suggestions.questions_of(document_id))[:MOST],
            )
            made = replace(told, questions=(*told.questions, *self._more_questions(told)))
            self._store.guides.keep(made, recipe=RECIPE)
            return made

    def _more_questions(self, guide: Guide) -> Iterator[str]:
        """Yield questions of what the document names, where rules made too few."""
        about, on = _ASKING["ja" if any(map(_is_east_asian, guide.overview)) else "en"]
        asked = {about.format(one.text): one.text for one in guide.names}
        days = [one for one in guide.dates if date_mentions(one.text)[0].days[0].day]
        asked |= {on.format(one.text): one.text for one in days}
        asked |= {about.format(one.text): one.text for one in guide.numbers}
        if (missing := MOST - len(guide.questions)) > 0:
            found = self._suggestions.answered(guide.document_id, asked)
            yield from (question for question, _ in islice(found, missing))


def _is_east_asian(one: Mention) -> bool:
    return re.search("[ぁ-ヿ一-鿿]", one.text) is not None


def _mention(sentence: Sentence | RetrievedSentence, words: str) -> Mention:
    return Mention(text=words, sentence_index=sentence.index)


def _names(read: Sequence[_Read]) -> tuple[Mention, ...]:
    """Return the names that stand most often inside sentences, none within another."""
    first: dict[str, Mention] = {}
    count: Counter[str] = Counter()
    for one in _outside_days(read, _NAME):
        if one.text.lower() not in STOP_WORDS:
            first.setdefault(one.text, one)
            count[one.text] += 1
    kept: list[str] = []
    for name, times in count.most_common():
        alone = " " not in name and times == 1  # any word may be written large once
        if not alone and not any(name in one or (" " in one and one in name) for one in kept):
            kept.append(name)
    return tuple(first[name] for name in kept[:_MENTIONS])


def _dates(read: Sequence[_Read]) -> tuple[Mention, ...]:
    return _first(
        _mention(one, one.text[found.start : found.end])
        for one, days in read
        for found in days
        if found.days[0].year
    )


def _numbers(read: Sequence[_Read]) -> tuple[Mention, ...]:
    numbers = _outside_days(read, _NUMBER)
    return _first(one for one in numbers if one.text.split()[-1] not in STOP_WORDS)


def _outside_days(read: Sequence[_Read], pattern: re.Pattern[str]) -> Iterator[Mention]:
    for one, days in read:
        for found in pattern.finditer(one.text):
            if not any(found.start() < day.end and day.start < found.end() for day in days):
                yield _mention(one, found[0])


def _first(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return the first mentions, none of the same words twice."""
    fresh: dict[str, Mention] = {}
    for one in mentions:
        fresh.setdefault(one.text, one)
    return tuple(fresh.values())[:_MENTIONS]
