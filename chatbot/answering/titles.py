"""Which document a question names, and the question without the naming.

"What is the deposit in the lease of 2023?" asks one lease of two for its deposit: only that one is
read, and it is asked "What is the deposit?". A document is named by words that all stand in its
title or its file's name, and not in those of all the documents found; "the old one" is the one of
two or more that bears the earliest day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.answering.dates import Day, date_mentions
from chatbot.answering.retrieve import Retriever
from chatbot.models.word_stems import content_stems, stems
from chatbot.types import RetrievedSentence

_OPENS = r"(?:in|of|from|by|under|within|according to)\s+(?:the|our|my|your|this|that)\s+"
# Each finds the words that name a document ("name") and those that are then left out ("cut").
_NAMING = (
    re.compile(rf"^(?P<cut>{_OPENS}(?P<name>[^,?!]{{3,80}}),\s*)", re.IGNORECASE),
    re.compile(rf"(?P<cut>,?\s*\b{_OPENS}(?P<name>[^,?!]{{3,80}}?))(?=\s*[?.!]*$)", re.IGNORECASE),
    re.compile(r"(?P<cut>\s(?:in|of|from)\s+(?P<name>(?:19|20)\d\d))(?=\s*[?.!]*$)"),
    re.compile(r"(?P<cut>\s*\((?P<name>.{3,80})\))(?=\s*[?.!]*$)"),
    re.compile(r"\bthe\s+(?P<name>(?P<cut>(?:19|20)\d\d\s+)[^\W\d_]+)"),
)
_BY_AGE = re.compile(
    r"(?P<cut>,?\s*\b(?:in|of|from|by|under|according to) the "
    r"(?:(?P<old>old|older|oldest|previous|former|earlier|earliest|first)|"
    r"new|newer|newest|current|latest|present|last) "
    r"(?P<name>one|version|[^\W\d_]+)(?: of (?:19|20)\d\d)?)(?=\s*[?.!,]|\s*$)",
    re.IGNORECASE,
)
_FIRST = 8  # sentences from the beginning of a document in which its day is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDocument:
    """A question and the documents that it names."""

    question: str  # without the words that name them
    documents: frozenset[str]


def named_document(question: str, titles: Mapping[str, str]) -> NamedDocument | None:
    """Return the documents that a question names, None if it names none or all.

    ``titles`` has title and file name of each document that was found, by its id.
    """
    for found in filter(None, (naming.search(question) for naming in _NAMING)):
        rest = _without(found)
        wanted = content_stems(found["name"])
        named = frozenset(
            document for document, title in titles.items() if wanted <= {*stems(title)}
        )
        if wanted and named and len(named) < len(titles) and content_stems(rest):
            return NamedDocument(question=rest[:1].upper() + rest[1:], documents=named)
    return None


def document_by_age(
    question: str, titles: Mapping[str, str], retriever: Retriever
) -> NamedDocument | None:
    """Return the oldest or newest document where a question names it so; None if none is known.

    Args:
        question: standing alone.
        titles: title and file name of each document that was found, by its id.
        retriever: reads the documents' first sentences.
    """
    found = _BY_AGE.search(question)
    if found is None:
        return None
    wanted = content_stems(found["name"]) - {"on", "version"}
    dated = {
        document: day.key()
        for document, title in titles.items()
        if wanted <= {*stems(title)} and (day := day_of(retriever, document, title)).year
    }
    rest = _without(found)
    if len(dated) < 2 or not content_stems(rest):
        return None
    chosen = (min if found["old"] else max)(dated, key=dated.__getitem__)
    return NamedDocument(question=rest, documents=frozenset((chosen,)))


def _without(found: re.Match[str]) -> str:
    """Return a question without the words that name a document."""
    return f"{found.string[: found.start('cut')]}{found.string[found.end('cut') :]}".strip()


def day_of(retriever: Retriever, document_id: str, title: str) -> Day:
    """Return the day that a document bears in its title or its first sentences; else none."""
    return day_sentence(title, retriever.first_sentences(document_id, _FIRST))[0]


def day_sentence(
    title: str, sentences: Sequence[RetrievedSentence]
) -> tuple[Day, RetrievedSentence | None]:
    """Return the first day that a title or some sentences tell in full, or else in part.

    With it comes the sentence that tells it, None for the title.
    """
    told = [*((one, one.text) for one in sentences), (None, title)]
    found = [(mention.days[0], one) for one, text in told for mention in date_mentions(text)]
    dated = [one for one in found if one[0].year]
    return next(iter([one for one in dated if one[0].day] or dated), (Day(), None))
