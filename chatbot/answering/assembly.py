"""An answer while it is put together: its text so far, its claims, its citations.

Both modes build on it, so that text, spans and markers agree in the same way. Pure.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from itertools import count

from chatbot.types import (
    AnswerEvent,
    Citation,
    Claim,
    ClaimChecked,
    MarkerResolved,
    RetrievedSentence,
    ShortAnswer,
    Span,
    TextDelta,
    Verdict,
)

Watcher = Callable[[str], AbstractContextManager[object]]
_watcher: Watcher | None = None


def watch_stages(watcher: Watcher | None) -> None:
    """Enter ``watcher(name)`` around each stage of each answer from now on; None ends that."""
    global _watcher
    _watcher = watcher


class Stopwatch:
    """Seconds for each stage of an answer; a stage that is entered twice is added up."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block under a name."""
        start = time.perf_counter()
        try:
            with nullcontext() if _watcher is None else _watcher(name):
                yield
        finally:
            spent = time.perf_counter() - start
            self._seconds[name] = self._seconds.get(name, 0.0) + spent

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each stage, and in all."""
        total = time.perf_counter() - self._start
        return {name: round(spent, 4) for name, spent in (*self._seconds.items(), ("total", total))}


class Assembly:
    """Collects what is said; each method returns the event that tells of it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0
        self.claims: list[Claim] = []
        self._citations: dict[int, Citation] = {}

    @property
    def text(self) -> str:
        """What was said so far."""
        return "".join(self._parts)

    def say(self, text: str) -> TextDelta:
        """Add text."""
        self._parts.append(text)
        self.length += len(text)
        return TextDelta(text=text)

    def cite(self, citation: Citation) -> MarkerResolved:
        """Add the citation of a marker that was just said."""
        self._citations.setdefault(citation.marker, citation)
        return MarkerResolved(citation=citation)

    def judge(self, claim: Claim, citations: Sequence[Citation]) -> ClaimChecked:
        """Add a claim with its verdict, and the citations it rests on."""
        self.claims.append(claim)
        for citation in citations:
            self._citations.setdefault(citation.marker, citation)
        return ClaimChecked(claim=claim, citations=tuple(citations))

    def citations(self) -> tuple[Citation, ...]:
        """Return each citation that a claim rests on once, in order of first appearance."""
        used = dict.fromkeys(marker for claim in self.claims for marker in claim.citations)
        return tuple(self._citations[marker] for marker in used if marker in self._citations)


def citation_of(sentence: RetrievedSentence, marker: int) -> Citation:
    """Return the citation that a marker makes of a retrieved sentence."""
    place = asdict(sentence)
    del place["score"]
    return Citation(marker=marker, sentence_index=place.pop("index"), **place)


def short_answer_of(sentence: RetrievedSentence, span: Span) -> ShortAnswer:
    """Return the short answer that a span of a retrieved sentence makes."""
    return ShortAnswer(
        text=sentence.text[span.start : span.end],
        document_id=sentence.document_id,
        start=sentence.start + span.start,
        end=sentence.start + span.end,
    )


def say_claim(
    assembly: Assembly, text: str, verdict: Verdict, cited: Sequence[Citation] = ()
) -> Iterator[AnswerEvent]:
    """Say a sentence of the program's own, or a quote, with the markers of what it rests on."""
    start = assembly.length
    yield assembly.say(text)
    for citation in cited:
        yield assembly.say(f" [{citation.marker}]")
        yield assembly.cite(citation)
    claim = Claim(
        text=text,
        start=start,
        end=start + len(text),
        verdict=verdict,
        score=1.0 if cited else None,
        citations=tuple(citation.marker for citation in cited),
    )
    yield assembly.judge(claim, cited)


def say_quote(
    assembly: Assembly, citation: Citation, *, line: bool = False
) -> Iterator[AnswerEvent]:
    """Say a source sentence word for word; ``line`` puts it on a line of its own."""
    if assembly.length:
        yield assembly.say("\n" if line else " ")
    text = " ".join(citation.text.split())
    yield from say_claim(assembly, text, Verdict.QUOTED, [citation])


def cited(sentences: Sequence[RetrievedSentence]) -> list[Citation]:
    """Return citations with numbers that no quoted text has itself: a "[2]" in one stays text."""
    texts = " ".join(sentence.text for sentence in sentences)
    taken = set(map(int, re.findall(r"\[(\d{1,6})\]", texts)))
    free = (marker for marker in count(1) if marker not in taken)
    return [
        citation_of(sentence, marker) for sentence, marker in zip(sentences, free, strict=False)
    ]


def plain_title(title: str) -> str:
    """Return a title as it stands in an answer: no bracket in it can be taken for a marker."""
    return " ".join(title.replace("[", "(").replace("]", ")").split())
