"""Finding: search, read and judge, once for a question, for both ways of answering.

A sentence that lacks an identifier, a day or a number with its unit that the question names does
not answer, however near it is; nor does one that speaks of another date. What is left is read and
judged; the decision says what was weighed and what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import PurePath

from chatbot.answering import tables
from chatbot.answering.anchors import (
    ANOTHER,
    InContext,
    Named,
    forms_of,
    is_denied,
    is_in_title,
    named_in,
    place_of,
)
from chatbot.answering.computing import Alike, counts_another
from chatbot.answering.judging import Judge, Weighed
from chatbot.answering.question import SearchQuery, asks, plain_query
from chatbot.answering.retrieve import Hit, Retrieval, Retriever
from chatbot.answering.titles import document_by_age, named_document
from chatbot.answering.tuning import TUNING
from chatbot.models.reader import Candidate, Reader, Reading
from chatbot.models.word_stems import content_stems, stems, word_stem
from chatbot.types import Anchor, AnchorKind, Considered, Decision, RetrievedSentence, Span

_HAPPENED = word_stem("happened")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindResult:
    """What was found for a question, and whether it answers."""

    query: str
    hits: tuple[Hit, ...]  # what was read, the likeliest first
    scores: tuple[float, ...]  # P(it answers, if any does), of each
    answering: tuple[int, ...]  # places of the hits that may answer, the likeliest first
    spans: Mapping[int, Span] = field(default_factory=dict)
    """Of some of them the short answer, as offsets into the stored sentence."""
    decision: Decision
    answered: bool  # whether the documents answer, for a quoted answer
    worth_asking: bool  # whether a language model is asked: it can say itself that nothing answers
    words_only: bool = False  # whether only words were searched: the vector index did not answer

    @property
    def best(self) -> Hit:
        """The likeliest that may answer, where any does."""
        return self.hits[self.answering[0]]

    @property
    def sentences(self) -> tuple[RetrievedSentence, ...]:
        """What was read, the likeliest first."""
        return tuple(hit.sentence for hit in self.hits)


class Finder:
    """Searches one store, reads with one network. Thread safe."""

    def __init__(self, retriever: Retriever, reader: Reader) -> None:
        """Take both; ModelError if what was fitted to the reader cannot be used."""
        self.retriever = retriever
        self._reader = reader
        self._judge = Judge(reader)

    def find(
        self,
        query: SearchQuery,
        *,
        limit: int = TUNING.read,
        documents: Sequence[str] | None = None,
        within: Sequence[str] | None = None,
    ) -> FindResult:
        """Find the sentences that answer a question; of two ways to take it the likelier is taken.

        Args:
            query: what to search for, and what to read.
            limit: how many sentences are read.
            documents: ids of the documents to search; None searches all.
            within: those of them that the question names, where it does.
        """
        if query.other is not None:
            ways = (replace(query, other=None), query.other)
            each = [self.find(way, limit=limit, documents=documents) for way in ways]
            return max(each, key=lambda one: one.decision.p_answered)
        named = named_in(query.text)
        found = self.retriever.search(
            query.text,
            limit=max(limit, TUNING.read_with_anchor) if named else limit,
            documents=documents if within is None else within,
            phrases=[form for one in named for form in forms_of(one)],
        )
        asked = query.asked
        titles = {hit.document_id: title_of(hit) for hit in found.hits}
        one = document_by_age(asked, titles, self.retriever) or named_document(asked, titles)
        if one is not None:
            again = plain_query(one.question)
            return self.find(again, limit=limit, documents=documents, within=sorted(one.documents))
        hits, weighed = weigh(
            asked, named, found, self._reader, limit=limit, alike=self.retriever.most_like
        )
        judged = self._judge.judge(weighed)
        p_answered, order = judged.p_answered, judged.order
        scores = tuple(judged.scores[at] for at in order)
        ordered = tuple(hits[at] for at in order)
        shown = ordered or found.hits[: TUNING.read]
        return FindResult(
            query=found.query,
            hits=shown,
            scores=scores or (0.0,) * len(shown),
            answering=tuple(range(len(ordered))),
            spans=self._spans(asked, ordered, [weighed[at].reading for at in order]),
            decision=Decision(
                p_answered=p_answered,
                anchors=tuple(self._anchor(one, ordered, documents) for one in named),
                considered=tuple(
                    Considered(document_id=h.document_id, index=h.stored.index, p=round(p, 4))
                    for h, p in zip(ordered, scores, strict=True)
                ),
            ),
            answered=bool(ordered) and p_answered >= self._least(asked, named, ordered[0]),
            worth_asking=bool(ordered) and p_answered >= self._judge.threshold_with_model,
            words_only=found.lost is not None,
        )

    def _least(self, asked: str, named: Sequence[Named], best: Hit) -> float:
        """Return the P(answered) from which a question is answered.

        A row whose column the question names, or what has its identifier or day, is no chance
        find; and whoever names a topic takes what tells about it. Where the question says nothing
        but an identifier or a day ("What is step 3?", "What happened on 4 July 2019?"), what has it
        answers.
        """
        things = [one for one in named if one.required or one.date is not None]
        told = content_stems(" ".join(one.text for one in things)) | {_HAPPENED}
        if things and not content_stems(asked) - told:
            return 0.0
        row = best.stored.header is not None and tables.cell_asked(asked, best.sentence) is not None
        if row or not asks(asked) or any(one.required for one in named):
            return min(self._judge.threshold, TUNING.named_threshold)
        return self._judge.threshold

    def _anchor(self, one: Named, hits: Sequence[Hit], documents: Sequence[str] | None) -> Anchor:
        """Return what a question names, with where the likeliest hit has it, if it does."""
        where = place_of(one, in_context(hits[0])) if hits else None
        if where in (None, ANOTHER):
            forms = forms_of(one) or (one.text,)
            found = any(self.retriever.mentions(form, documents=documents) for form in forms)
            return Anchor(text=one.text, kind=one.kind, found=found)
        return Anchor(text=one.text, kind=one.kind, found=True, where=where)

    def _spans(
        self, asked: str, hits: Sequence[Hit], readings: Sequence[Reading]
    ) -> dict[int, Span]:
        spans = {}
        for at, (hit, reading) in enumerate(zip(hits, readings, strict=True)):
            span = reading.span if reading.span_score >= self._judge.least_span else None
            if (row := _row_of(hit)) is not None:
                span = tables.cell_asked(asked, hit.sentence) or (span and row.stored(span))
            if span is not None:
                spans[at] = span
        return spans


def weigh(
    asked: str,
    named: Sequence[Named],
    found: Retrieval,
    reader: Reader,
    *,
    limit: int,
    alike: Alike | None = None,
) -> tuple[list[Hit], list[Weighed]]:
    """Return the hits that may answer, best first, and what is known of each when it was read.

    Without ``alike`` no noun is taken for another. At most ``limit`` sentences are read.
    """
    exact = any(one.required for one in named)  # then what is eligible has it
    hits = [hit for hit in _eligible(asked, named, found) if _may_answer(hit, exact=exact)]
    outdone = tables.outdone(asked, [hit.sentence for hit in hits])
    hits = [hit for at, hit in enumerate(hits) if at not in outdone]
    if alike is not None:
        hits = [hit for hit in hits if not counts_another(asked, in_context(hit), alike)]
    hits = hits[:limit]
    candidates = [candidate_of(hit) for hit in hits]
    readings = reader.read(asked, candidates) if candidates else []
    return hits, [
        Weighed(signals=hit.signals, score=hit.score, reading=reading)
        for hit, reading in zip(hits, readings, strict=True)
    ]


def candidate_of(hit: Hit) -> Candidate:
    """Return a hit as the reader reads it: in its chunk, or as a row with its headers."""
    row = _row_of(hit)
    if row is not None:
        return Candidate(text=row.text, passage=row.text, start=0)
    sentences = hit.chunk.sentences
    first = sentences[0].start
    passage = ""
    for sentence in sentences:  # what stands between sentences is white space
        passage = passage.ljust(sentence.start - first) + sentence.text
    return Candidate(
        text=hit.stored.text,
        passage=passage,
        start=hit.stored.start - first,
        sentences=tuple(Span(start=s.start - first, end=s.end - first) for s in sentences),
    )


def in_context(hit: Hit) -> InContext:
    """Return a hit with what it leans on; a row has its headers and leans on no other row."""
    row = _row_of(hit)
    before = hit.chunk.sentences[: hit.at]
    return InContext(
        text=hit.stored.text if row is None else row.text,
        before=tuple(one.text for one in reversed(before) if row is None or not one.header),
        heading=hit.stored.heading,
        title=title_of(hit),
    )


def title_of(hit: Hit) -> str:
    """Return what names the document of a hit: its title and the name of its file."""
    source = PurePath(hit.chunk.source).stem.replace("_", " ")
    return f"{hit.chunk.title} {source}"


def _row_of(hit: Hit) -> tables.ReadRow | None:
    stored = hit.stored
    if stored.header is None or stored.is_header:
        return None
    heading = stored.heading if stored.heading != hit.chunk.title else None
    return tables.read_row(stored.text, stored.header, heading)


def _may_answer(hit: Hit, *, exact: bool) -> bool:
    """Whether a sentence says something itself, with a word of the question or near it in meaning.

    A heading, a header row or a question names what is said elsewhere; what is ``exact`` has what
    the question names.
    """
    stored, signals = hit.stored, hit.signals
    if stored.is_heading or stored.is_header or stored.text.rstrip().endswith("?"):
        return False
    return exact or signals.in_chunk > 0 or signals.dense >= TUNING.related


def _eligible(asked: str, named: Sequence[Named], found: Retrieval) -> list[Hit]:
    """Return the hits that have what the question names, or may have it."""
    hits = list(found.hits)
    if _names_nothing_known(named, hits):
        return []
    contexts = {id(hit): in_context(hit) for hit in hits}
    for one in named:
        if one.kind is AnchorKind.NAME:
            continue
        if titled := [hit for hit in hits if is_in_title(one, contexts[id(hit)])]:
            hits = titled
            continue
        places = {id(hit): place_of(one, contexts[id(hit)]) for hit in hits}
        has = [hit for hit in hits if places[id(hit)] not in (None, ANOTHER)]
        if one.required:
            about: set[str] = set()  # the documents that have this identifier and none of its kind
            if one.kind is AnchorKind.IDENTIFIER:
                about = {hit.document_id for hit in has}
                about -= {hit.document_id for hit in hits if places[id(hit)] == ANOTHER}
            hits = [hit for hit in hits if hit in has or hit.document_id in about]
            # "Number: 12" names a thing and tells nothing of it.
            known = content_stems(f"{asked} {one.text}")
            tells = [h for h in hits if len(content_stems(h.stored.text) - known) > 1]
            hits = tells or hits
        elif has:
            hits = [hit for hit in hits if places[id(hit)] != ANOTHER]
        else:
            hits = [hit for hit in hits if not is_denied(one, contexts[id(hit)])]
    return hits


def _names_nothing_known(named: Sequence[Named], hits: Sequence[Hit]) -> bool:
    """Whether of all names of the question none stands around the hits, slips of a key apart."""
    parts = [part for one in named if one.kind is AnchorKind.NAME for part in one.parts]
    known = frozenset(
        stem
        for hit in (hits if parts else ())
        for text in (*hit.chunk.content.texts, hit.chunk.title, hit.chunk.source)
        for stem in stems(text)
    )
    return bool(parts) and not any(
        get_close_matches(part, known, n=1, cutoff=TUNING.slip) for part in parts
    )
