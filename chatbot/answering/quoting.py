"""What a quoted answer is made of: the sentences that answer, with the rows and items they need.

A sentence that leans on the one before it brings that along; one that announces a list brings the
items; a question over the rows of a table gets the rows it rests on. Knows no language model and no
markers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from chatbot.answering.assembly import plain_title, short_answer_of
from chatbot.answering.computing import Computed, asks_over_rows, compute, keyed_rows
from chatbot.answering.differing import differing, newest_first
from chatbot.answering.find import FindResult
from chatbot.answering.question import asks
from chatbot.answering.retrieve import Hit, Retriever, retrieved
from chatbot.answering.several import Thing, choices, named, things
from chatbot.answering.tables import table_of
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import content_stems
from chatbot.types import Choice, RetrievedSentence, ShortAnswer

_SEVERAL = re.compile(
    r"\b(?:list|name (?:all|the|some|two|three)|(?:what|who) (?:all|are|were|else)|all (?:the|of)|"
    r"which \w+s\b|steps|every|each)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\bwhy\b|\bhow (?:do|does|did|can|could|should|is|are|was|were|to|come)\b|"
    r"\b(?:explain|describe|summari[sz]e|compare|outline|differences?|reasons?|causes?|effects?|"
    r"process|procedure|purpose|happen(?:s|ed)?|history|background|meaning)\b|\btell me about\b",
    re.IGNORECASE,
)
LEANING = re.compile(
    r"[\"'“‘(]*"
    r"(?:He|She|It|They|This|These|Those|That|His|Her|Their|Its|The (?:latter|former|two))\b"
)
"""How a sentence begins that cannot be understood without the one before it."""
_ANNOUNCES = re.compile(r":\s*$|\b(?:following|below|as follows)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What to quote, in the order to show it."""

    sentences: tuple[RetrievedSentence, ...] = ()
    computed: str | None = None  # what the sentences, rows of a table, say together
    opening: str = ""
    """What is said first, by its name: that documents differ, that it depends on what is meant."""
    above: tuple[str, ...] = ()
    """A line above each sentence: its document and day, or the thing that it is about."""
    choices: tuple[Choice, ...] = ()
    """What the question may mean, where that is asked and nothing is quoted."""
    left_out: int = 0  # rows or items that are more than can be shown
    as_list: bool = False  # the sentences are rows or items: one on each line
    short_answer: ShortAnswer | None = None


def quotation(question: str, found: FindResult, retriever: Retriever) -> Quotation:
    """Return what answers a question. At least one sentence of what was found does."""
    best = found.best
    if (rows := _over_rows(question, best, retriever)) is not None:
        return _listed(rows.sentences, computed=rows.text)
    if items := _items(question, best, retriever):
        return _listed(items)
    if some := things(question, found):
        return _for_each(question, some, found)
    if hits := differing(found):
        some = [Thing(label=hit.chunk.title, hit=hit) for hit in hits]
        if _one_thing(hits) and len(some := named(question, some)) == 1:
            return _for_each(question, some, found)
        dated = newest_first(hits, retriever)
        titles = [(plain_title(hit.chunk.title), day.written()) for day, hit in dated]
        return Quotation(
            sentences=tuple(hit.sentence for _, hit in dated),
            opening="differ" if any(day for _, day in titles) or _one_thing(hits) else "depends",
            above=tuple(f"{title} ({day}):" if day else f"{title}:" for title, day in titles),
            short_answer=_short_answer(found) if dated[0][1] is best else None,
        )
    return Quotation(sentences=_chosen(question, found), short_answer=_short_answer(found))


def _for_each(question: str, some: Sequence[Thing], found: FindResult) -> Quotation:
    """Return what answers for each of several things; or what to choose from."""
    if which := choices(question, some):
        return Quotation(opening="which", choices=which)
    short = _short_answer(found) if some[0].hit is found.best else None
    if len(some) == 1:
        return Quotation(sentences=(some[0].hit.sentence,), short_answer=short)
    rows = any(one.hit.stored.header is not None for one in some)  # these begin with their names
    labels = [] if rows else [plain_title(one.label) for one in some if one.label]
    return Quotation(
        sentences=tuple(one.hit.sentence for one in some),
        opening="depends",
        above=tuple(f"{label}:" for label in labels),
        as_list=True,
        short_answer=short,
    )


def _one_thing(hits: Sequence[Hit]) -> bool:
    """Whether documents are about one thing: their titles have a word in common."""
    return bool(frozenset.intersection(*(content_stems(hit.chunk.title) for hit in hits)))


def _listed(sentences: Sequence[RetrievedSentence], *, computed: str | None = None) -> Quotation:
    shown = tuple(sentences[: TUNING.rows])
    return Quotation(
        sentences=shown, computed=computed, left_out=len(sentences) - len(shown), as_list=True
    )


def _over_rows(question: str, best: Hit, retriever: Retriever) -> Computed | None:
    """Return what the table of the best row says, or the sentences like the best one beside it."""
    if best.stored.header is not None:
        return compute(question, table_of(_same_table(best, retriever)))
    if asks_over_rows(question):
        around = _around(best, retriever)
        section = [one for one in around if one.heading == best.stored.heading]
        return compute(question, keyed_rows(section))
    return None


def _same_table(best: Hit, retriever: Retriever) -> list[RetrievedSentence]:
    tables = groupby(_around(best, retriever), key=lambda one: one.header)
    runs = (list(rows) for _, rows in tables)
    return next(rows for rows in runs if best.stored.index in {one.index for one in rows})


def _around(best: Hit, retriever: Retriever) -> list[RetrievedSentence]:
    return [
        retrieved(chunk, sentence, score=best.score)
        for chunk in retriever.around(best.chunk, reach=TUNING.reach)
        for sentence in chunk.sentences
    ]


def _items(question: str, best: Hit, retriever: Retriever) -> list[RetrievedSentence]:
    """Return an announced list with its announcement, where it answers; else nothing."""
    announces = bool(_ANNOUNCES.search(best.stored.text))
    if not announces and not _SEVERAL.search(question):
        return []
    around = _around(best, retriever)
    at = next(n for n, one in enumerate(around) if one.index == best.stored.index)
    leads = [at] if announces else [n for n in range(at + 1) if _ANNOUNCES.search(around[n].text)]
    if not leads:
        return []
    end = leads[-1] + 1
    while end < len(around) and _is_item(around, end, lead=leads[-1]):
        end += 1
    return around[leads[-1] : end] if end - leads[-1] > 2 and end > at else []


def _is_item(around: Sequence[RetrievedSentence], at: int, *, lead: int) -> bool:
    """Whether a sentence goes on with the list: on the next line, or the first behind its lead."""
    one, before = around[at], around[at - 1]
    if one.heading != around[lead].heading or one.heading == one.text:
        return False
    return at == lead + 1 or one.start - before.end == 1


def _chosen(question: str, found: FindResult) -> tuple[RetrievedSentence, ...]:
    """Return the sentences to quote, best first; those of an open question as their document goes.

    What a sentence leans on comes before it.
    """
    is_open = bool(_OPEN.search(question)) or not asks(question)
    several = bool(_SEVERAL.search(question))
    limit = TUNING.quoted_open if is_open else TUNING.quoted_several if several else TUNING.quoted
    share = TUNING.share_open if is_open else TUNING.share
    least = share * found.scores[found.answering[0]]
    quoted: dict[str, RetrievedSentence] = {}
    for at in [at for at in found.answering if found.scores[at] >= least][:limit]:
        hit = found.hits[at]
        if (before := _leaned_on(hit)) is not None:
            quoted.setdefault(before.text, before)
        quoted.setdefault(hit.stored.text, hit.sentence)
    chosen = list(quoted.values())
    if is_open:
        documents = list(dict.fromkeys(one.document_id for one in chosen))
        chosen.sort(key=lambda one: (documents.index(one.document_id), one.index))
    return tuple(chosen)


def _leaned_on(hit: Hit) -> RetrievedSentence | None:
    """Return the sentence without which one cannot be understood, if it leans on one."""
    if hit.at == 0 or not LEANING.match(hit.stored.text):
        return None
    before = hit.chunk.sentences[hit.at - 1]
    apart = before.is_heading or before.paragraph != hit.stored.paragraph
    return None if apart or len(before.text) > TUNING.before else hit.beside(hit.at - 1)


def _short_answer(found: FindResult) -> ShortAnswer | None:
    span = found.spans.get(found.answering[0])
    return None if span is None else short_answer_of(found.best.sentence, span)
