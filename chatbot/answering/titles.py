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
    for naming in _NAMING:
        found = naming.search(question)
        if found is None:
            continue
        rest = f"{question[: found.start('cut')]}{question[found.end('cut') :]}".strip()
        wanted = frozenset(content_stems(found["name"]))
        named = frozenset(
            document for document, title in titles.items() if wanted <= frozenset(stems(title))
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
    wanted = frozenset(content_stems(found["name"])) - {"on", "version"}
    dated = {
        document: day
        for document, title in titles.items()
        if wanted <= frozenset(stems(title))
        and (day := day_of(retriever, document, title)).year is not None
    }
    rest = f"{question[: found.start('cut')]}{question[found.end('cut') :]}".strip()
    if len(dated) < 2 or not content_stems(rest):
        return None
    pick = min if found["old"] else max
    chosen = pick(dated, key=lambda document: dated[document].key())
    return NamedDocument(question=rest, documents=frozenset((chosen,)))


def day_of(retriever: Retriever, document_id: str, title: str) -> Day:
    """Return the day that a document bears in its title or its first sentences; else none."""
    return day_sentence(title, retriever.first_sentences(document_id, _FIRST))[0]


def day_sentence(
    title: str, sentences: Sequence[RetrievedSentence]
) -> tuple[Day, RetrievedSentence | None]:
    """Return the first day that a title or some sentences tell in full, or else in part.

    With it comes the sentence that tells it, None for the title.
    """
    found: list[tuple[Day, RetrievedSentence | None]] = [
        (mention.days[0], one) for one in sentences for mention in date_mentions(one.text)
    ]
    found += [(mention.days[0], None) for mention in date_mentions(title)]
    dated = [one for one in found if one[0].year]
    return next(iter([one for one in dated if one[0].day] or dated), (Day(), None))
