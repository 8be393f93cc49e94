"""What the list of documents says: how many, which, whose, from when, and what stands where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from chatbot.answering.dates import Day
from chatbot.answering.phrases import phrase
from chatbot.answering.retrieve import Retriever
from chatbot.answering.talk.intent import Intent, Wanted
from chatbot.answering.titles import day_sentence
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import content_stems, stems
from chatbot.types import DocumentInfo, RetrievedSentence

_AUTHOR = re.compile(
    r"^(?:(?:authors?|written by|by|from|signed(?: by)?)(?:\s*\([^)]*\))?\s*:\s*|by\s+)"
    r"(?P<name>.+?)\.?$",
    re.IGNORECASE,
)
_FIRST = 12  # sentences from the beginning in which author and day are looked for; and from the end


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLine:
    """One line of an answer: what is said, and the sentence that it points to."""

    text: str
    sentence: RetrievedSentence | None = None


class CatalogueAnswers:
    """Answers from the list of documents of one store."""

    def __init__(self, retriever: Retriever, language: str) -> None:
        self._retriever = retriever
        self._language = language

    def _say(self, name: str, *values: object, **named: object) -> str:
        return phrase(name, self._language, *values, **named)

    def lines(self, intent: Intent) -> list[CatalogueLine]:
        """Return what to say, one line for each document behind the first line."""
        documents = intent.documents
        match intent.wanted:
            case Wanted.LIST if intent.topic:
                year = int(intent.topic)
                return self._list([one for one in documents if self._day(one)[0].year == year])
            case Wanted.COUNT | Wanted.LIST:
                return self._list(documents)
            case Wanted.HAVE if not intent.topic:
                return self._list(documents)
            case Wanted.MENTION | Wanted.HAVE | Wanted.PAGE | Wanted.SECTION:
                return self._mentions(intent)
            case Wanted.BY:
                wanted = content_stems(intent.topic)
                known = [one for one in documents if wanted <= set(stems(self._author(one)[0]))]
                return self._list(known)
            case Wanted.AUTHOR:
                return [self._told(one, *self._author(one)) for one in documents]
            case Wanted.DAY:
                days = [(one, *self._day(one)) for one in documents]
                return [self._told(one, day.written(), where) for one, day, where in days]
            case Wanted.ADDED:
                return [self._line(one, "added", value=one.added[:10]) for one in documents]
            case Wanted.PAGES:
                return [self._pages(one) for one in documents]
            case _:
                return self._by_age(documents, newest=intent.wanted is Wanted.NEWEST)

    def _day(self, document: DocumentInfo) -> tuple[Day, RetrievedSentence | None]:
        return day_sentence(document.title, self._ends(document))

    def _author(self, document: DocumentInfo) -> tuple[str, RetrievedSentence | None]:
        for one in self._ends(document):
            found = _AUTHOR.match(one.text)
            if found and len(found["name"].split()) <= 8:
                return found["name"], one
        return "", None

    def _ends(self, document: DocumentInfo) -> list[RetrievedSentence]:
        first = self._retriever.first_sentences(document.id, _FIRST)
        last = self._retriever.last_sentences(document, _FIRST // 3)
        return [*first, *(one for one in last if one not in first)]

    def _first(self, document: DocumentInfo) -> RetrievedSentence | None:
        return next(iter(self._retriever.first_sentences(document.id, 1)), None)

    def _list(self, documents: Sequence[DocumentInfo]) -> list[CatalogueLine]:
        if not documents:
            return [CatalogueLine(text=self._say("none"))]
        head = CatalogueLine(text=self._counted("count", len(documents)))
        lines = [self._listed(one) for one in documents[: TUNING.listed]]
        return [head, *lines, *self._rest(len(documents))]

    def _listed(self, document: DocumentInfo) -> CatalogueLine:
        # Of a file its name: where it lies says nothing of what is in it.
        is_file = document.source.startswith("/")
        name = PurePath(document.source).name if is_file else document.source
        source = "" if name == document.title else f"{name}, "
        text = f"- {document.title} ({source}{self._say('added on', document.added[:10])})"
        return CatalogueLine(text=text, sentence=self._first(document))

    def _rest(self, count: int) -> list[CatalogueLine]:
        left = count - TUNING.listed
        return [CatalogueLine(text=self._say("more", left))] if left > 0 else []

    def _counted(self, what: str, count: int, **more: str) -> str:
        return self._say(f"{what} 1" if count == 1 else what, count, **more)

    def _line(
        self,
        document: DocumentInfo,
        name: str,
        *values: object,
        where: RetrievedSentence | None = None,
        **named: str,
    ) -> CatalogueLine:
        """Return what is said of a document, with the sentence that tells it, or else its first."""
        text = self._say(name, *values, title=document.title, **named)
        return CatalogueLine(text=text, sentence=where or self._first(document))

    def _told(
        self, document: DocumentInfo, value: str, where: RetrievedSentence | None
    ) -> CatalogueLine:
        return self._line(document, "told" if value else "untold", value=value, where=where)

    def _by_age(self, documents: Sequence[DocumentInfo], *, newest: bool) -> list[CatalogueLine]:
        dated = [(*self._day(one), one) for one in documents]
        dated = [one for one in dated if one[0].year]
        word = self._say("newest" if newest else "oldest")
        if not dated:
            return [self._line(documents[-1 if newest else 0], "undated", word=word)]
        day, where, best = (max if newest else min)(dated, key=lambda one: one[0].key())
        return [self._line(best, "by age", where=where, word=word, day=day.written())]

    def _pages(self, document: DocumentInfo) -> CatalogueLine:
        last = self._retriever.last_sentences(document, 3)
        pages = max((one.page or 0 for one in last), default=0)
        name = "no pages" if not pages else "pages 1" if pages == 1 else "pages"
        return self._line(document, name, pages)

    def _mentions(self, intent: Intent) -> list[CatalogueLine]:
        found: dict[str, list[RetrievedSentence]] = {}
        ids = [one.id for one in intent.documents]
        for one in self._retriever.holding(intent.topic, documents=ids):
            found.setdefault(one.document_id, []).append(one)
        if not found:
            return [CatalogueLine(text=self._say("no mention", topic=intent.topic))]
        lines = [
            CatalogueLine(
                text=f"- {some[0].title}{self._where(intent.wanted, some)}", sentence=some[0]
            )
            for some in list(found.values())[: TUNING.listed]
        ]
        head = self._counted("mention", len(found), topic=intent.topic)
        return [CatalogueLine(text=head), *lines, *self._rest(len(found))]

    def _where(self, wanted: Wanted, found: Sequence[RetrievedSentence]) -> str:
        """Return the pages or sections of some sentences, or how many sentences they are."""
        pages = sorted({one.page for one in found if one.page})
        if wanted is Wanted.PAGE and pages:
            return self._say("page", ", ".join(map(str, pages)))
        sections = [name for name in dict.fromkeys(one.heading for one in found) if name]
        if wanted is Wanted.SECTION and sections:
            return ": " + ", ".join(f"“{name}”" for name in sections)
        return f" ({self._counted('sentences', len(found))})"
