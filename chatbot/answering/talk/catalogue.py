"""What the list of documents says: how many, which, whose, from when, and what stands where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from chatbot.answering.dates import Day
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
_FIRST = 12
"""Sentences from the beginning in which author and day are looked for; and from the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLine:
    """One line of an answer: what is said, and the sentence that it points to."""

    text: str
    sentence: RetrievedSentence | None = None


class CatalogueAnswers:
    """Answers from the list of documents of one store."""

    def __init__(self, retriever: Retriever, language: str) -> None:
        self._retriever = retriever
        self._words = _WORDS.get(language, _WORDS["en"])

    def lines(self, intent: Intent) -> list[CatalogueLine]:
        """Return what to say, one line for each document behind the first line."""
        documents = intent.documents
        match intent.wanted:
            case Wanted.COUNT | Wanted.LIST:
                if intent.topic:
                    documents = tuple(
                        one
                        for one in documents
                        if str(self._day(one)[0].year or "") == intent.topic
                    )
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
                return [self._dated(one) for one in documents]
            case Wanted.ADDED:
                said = self._words["added"]
                return [
                    CatalogueLine(
                        text=said.format(title=one.title, value=one.added[:10]),
                        sentence=self._first(one),
                    )
                    for one in documents
                ]
            case Wanted.PAGES:
                return [self._pages(one) for one in documents]
            case _:
                return self._by_age(documents, newest=intent.wanted is Wanted.NEWEST)

    def _day(self, document: DocumentInfo) -> tuple[Day, RetrievedSentence | None]:
        """Return the day that a document bears, and the sentence that tells it."""
        return day_sentence(document.title, self._ends(document))

    def _author(self, document: DocumentInfo) -> tuple[str, RetrievedSentence | None]:
        for one in self._ends(document):
            found = _AUTHOR.match(one.text)
            if found and len(found["name"].split()) <= 8:
                return found["name"], one
        return "", None

    def _ends(self, document: DocumentInfo) -> list[RetrievedSentence]:
        """Return the first sentences of a document, and its last."""
        first = self._retriever.first_sentences(document.id, _FIRST)
        last = self._retriever.last_sentences(document, _FIRST // 3)
        return [*first, *(one for one in last if one not in first)]

    def _first(self, document: DocumentInfo) -> RetrievedSentence | None:
        return next(iter(self._retriever.first_sentences(document.id, 1)), None)

    def _list(self, documents: Sequence[DocumentInfo]) -> list[CatalogueLine]:
        if not documents:
            return [CatalogueLine(text=self._words["none"])]
        return [CatalogueLine(text=self._counted("count", len(documents))), *self._each(documents)]

    def _each(self, documents: Sequence[DocumentInfo]) -> list[CatalogueLine]:
        lines = []
        for one in documents[: TUNING.listed]:
            # Of a file its name: where it lies says nothing of what is in it.
            name = PurePath(one.source).name if one.source.startswith("/") else one.source
            source = "" if name == one.title else f"{name}, "
            added = self._words["added on"].format(one.added[:10])
            lines.append(
                CatalogueLine(text=f"- {one.title} ({source}{added})", sentence=self._first(one))
            )
        return [*lines, *self._rest(len(documents))]

    def _rest(self, count: int) -> list[CatalogueLine]:
        left = count - TUNING.listed
        return [CatalogueLine(text=self._words["more"].format(left))] if left > 0 else []

    def _counted(self, what: str, count: int, **more: str) -> str:
        return self._words[f"{what} 1" if count == 1 else what].format(count, **more)

    def _told(
        self, document: DocumentInfo, value: str, where: RetrievedSentence | None
    ) -> CatalogueLine:
        text = self._words["told"] if value else self._words["untold"]
        return CatalogueLine(
            text=text.format(title=document.title, value=value),
            sentence=where or self._first(document),
        )

    def _dated(self, document: DocumentInfo) -> CatalogueLine:
        day, where = self._day(document)
        return self._told(document, day.written(), where)

    def _by_age(self, documents: Sequence[DocumentInfo], *, newest: bool) -> list[CatalogueLine]:
        dated = [(*self._day(one), one) for one in documents]
        dated = [one for one in dated if one[0].year]
        word = self._words["newest" if newest else "oldest"]
        if not dated:
            last = documents[-1 if newest else 0]
            text = self._words["undated"].format(title=last.title, word=word)
            return [CatalogueLine(text=text, sentence=self._first(last))]
        day, where, best = (max if newest else min)(dated, key=lambda one: one[0].key())
        text = self._words["by age"].format(title=best.title, word=word, day=day.written())
        return [CatalogueLine(text=text, sentence=where or self._first(best))]

    def _pages(self, document: DocumentInfo) -> CatalogueLine:
        pages = max(
            (one.page or 0 for one in self._retriever.last_sentences(document, 3)), default=0
        )
        text = self._counted("pages", pages, title=document.title)
        untold = self._words["no pages"].format(title=document.title)
        return CatalogueLine(text=text if pages else untold, sentence=self._first(document))

    def _mentions(self, intent: Intent) -> list[CatalogueLine]:
        found: dict[str, list[RetrievedSentence]] = {}
        ids = [one.id for one in intent.documents]
        for one in self._retriever.holding(intent.topic, documents=ids):
            found.setdefault(one.document_id, []).append(one)
        if not found:
            return [CatalogueLine(text=self._words["no mention"].format(topic=intent.topic))]
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
            return self._words["page"].format(", ".join(map(str, pages)))
        sections = [name for name in dict.fromkeys(one.heading for one in found) if name]
        if wanted is Wanted.SECTION and sections:
            return ": " + ", ".join(f"“{name}”" for name in sections)
        return f" ({self._counted('sentences', len(found))})"


_WORDS = {
    "en": {
        "count": "There are {} documents:",
        "count 1": "There is 1 document:",
        "none": "There is no such document.",
        "added on": "added on {}",
        "added": "{title} was added on {value}.",
        "more": "… and {} more.",
        "told": "{title}: {value}.",
        "untold": "{title} does not say.",
        "newest": "newest",
        "oldest": "oldest",
        "by age": "The {word} is {title}, of {day}.",
        "undated": "No document bears a date; the {word} to be added is {title}.",
        "pages": "{title} has {} pages with text.",
        "pages 1": "{title} has 1 page with text.",
        "no pages": "{title} has no pages.",
        "no mention": "No document mentions “{topic}”.",
        "mention": "{} documents mention “{topic}”:",
        "mention 1": "1 document mentions “{topic}”:",
        "page": ", page {}",
        "sentences": "{} sentences",
        "sentences 1": "1 sentence",
    },
    "ja": {
        "count": "文書は{}件あります：",
        "count 1": "文書は1件あります：",
        "none": "そのような文書はありません。",
        "added on": "{}に追加",
        "added": "{title}は{value}に追加されました。",
        "more": "…ほか{}件。",
        "told": "{title}：{value}",
        "untold": "{title}には書かれていません。",
        "newest": "新しい",
        "oldest": "古い",
        "by age": "一番{word}文書は{title}（{day}）です。",
        "undated": "日付のある文書はありません。追加が一番{word}のは{title}です。",
        "pages": "{title}は{}ページです。",
        "pages 1": "{title}は1ページです。",
        "no pages": "{title}にはページがありません。",
        "no mention": "「{topic}」に触れている文書はありません。",
        "mention": "「{topic}」に触れている文書は{}件あります：",
        "mention 1": "「{topic}」に触れている文書は1件あります：",
        "page": "、{}ページ",
        "sentences": "{}文",
        "sentences 1": "1文",
    },
}
