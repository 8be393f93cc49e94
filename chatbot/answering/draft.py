"""A model's answer on its way to the user: released, cut into claims, each checked when complete.

In strict mode the text of a claim is released after its verdict. Where the check does not support
all of it, the sentence that it cites stands in its place, if that answers the question and was not
said before; else nothing does. Knows no model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from chatbot.answering.assembly import Assembly, Stopwatch
from chatbot.answering.claims import bare, same_words, shifted
from chatbot.answering.grounding import ClaimToCheck, Grounder
from chatbot.answering.streaming.citations import Marker, Piece
from chatbot.answering.streaming.claim_spans import ClaimSpan, ClaimSplitter
from chatbot.models.llm.chunks import TokenUsage
from chatbot.types import AnswerEvent, Citation, Claim, Verdict

_WITHHELD = (Verdict.UNSUPPORTED, Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.UNCHECKED)
_SAYS = "The source says: "
_SENTENCE = 4  # words of a sentence that nobody says twice; "Yes" may stand in two rows of a table
_MARKER = re.compile(r"\[(\d+)\]")
_TRAILING = re.compile(r"(?:[ \t,;]*\[\d+\])*")


class Draft:
    """Takes the pieces of one answer and yields its events."""

    def __init__(
        self,
        assembly: Assembly,
        *,
        offered: Mapping[int, Citation],
        grounder: Grounder,
        clock: Stopwatch,
        strict: bool,
        question: str | None = None,
        answering: Collection[int] = (),
    ) -> None:
        """Take what was offered to the model, by its markers.

        ``answering`` are the markers of the sentences that the reader takes for an answer.
        """
        self.withheld = 0  # claims that were not released
        self.replaced = 0  # claims in whose place the sentence stands that they cite
        self.loops = False
        """Whether a sentence was said twice: a model that does so goes on for ever."""
        self.repairs: Counter[str] = Counter()
        """Markers that were missing or wrong and were found by the check."""
        self.usage: list[TokenUsage] = []  # what second opinions cost
        self._assembly = assembly
        self._offered = offered
        self._grounder = grounder
        self._clock = clock
        self._strict = strict
        self._question = question
        self._answering = answering
        self._said: set[str] = set()
        self._splitter = ClaimSplitter()
        self._released = 0  # strict mode: everything before it in the model's text is decided

    def feed(self, piece: Piece) -> Iterator[AnswerEvent]:
        """Take one piece."""
        complete = self._splitter.feed(piece.text)
        if not self._strict:
            yield self._assembly.say(piece.text)
            if isinstance(piece, Marker) and piece.citation is not None:
                yield self._assembly.cite(piece.citation)
        for span in complete:
            yield from self._settle(span)

    def finish(self) -> Iterator[AnswerEvent]:
        """Settle what is left; no piece follows."""
        for span in self._splitter.feed("", final=True):
            yield from self._settle(span)

    def _settle(self, span: ClaimSpan) -> Iterator[AnswerEvent]:
        with self._clock.stage("check"):
            claim = self._judge(span)
        words = same_words(bare(claim.text))
        self.loops = self.loops or (words in self._said and len(words.split()) >= _SENTENCE)
        self._said.add(words)
        cited = [self._offered[marker] for marker in claim.citations]
        if not self._strict:
            yield self._assembly.judge(claim, cited)
            return
        text = self._splitter.text
        trailing = _TRAILING.match(text, span.end)
        end = trailing.end() if trailing else span.end
        before, segment = text[self._released : span.start], text[span.start : end]
        self._released = end
        if claim.verdict in _WITHHELD:
            source = self._source_of(cited)
            if source is None:
                self.withheld += 1
                return
            self.replaced += 1
            claim, cited = _quoted(source), [source]
            before, segment = before + _SAYS, f"{source.text} [{source.marker}]"
        yield from self._release(before, segment, claim, cited)

    def _source_of(self, cited: Sequence[Citation]) -> Citation | None:
        """Return the cited sentence that can stand in the place of a claim, if there is one."""
        said = {citation.marker for citation in self._assembly.citations()}
        for one in cited:
            # A bracket or a code mark of its own would be read as the answer's.
            plain = not set(one.text) & set("[]`")
            if one.marker in self._answering and one.marker not in said and plain:
                return one
        return None

    def _release(
        self, before: str, segment: str, claim: Claim, cited: list[Citation]
    ) -> Iterator[AnswerEvent]:
        if before:
            yield self._assembly.say(before)
        start = self._assembly.length
        yield self._assembly.say(segment)
        for number in _MARKER.findall(segment):
            if int(number) in self._offered:
                yield self._assembly.cite(self._offered[int(number)])
        moved = replace(claim, start=start, end=start + len(claim.text))
        yield self._assembly.judge(moved, cited)

    def _judge(self, span: ClaimSpan) -> Claim:
        """Check a claim with the sentences it cites, or find those that support it."""
        text = self._splitter.text[span.start : span.end]
        cited = {n: self._offered[n].text for n in span.markers if n in self._offered}
        unknown = tuple(n for n in span.markers if n not in self._offered)
        others = {n: c.text for n, c in self._offered.items() if n not in cited}
        found = self._grounder.check_claim(
            ClaimToCheck(
                text=text,
                cited=cited,
                others=others,
                unknown_marker=bool(unknown),
                question=self._question,
            )
        )
        if found.opinion is not None:
            self.usage.append(found.opinion.usage)
        more = tuple(marker for marker in found.support if marker not in cited)
        if more:
            self.repairs["marker wrong" if cited else "marker missing"] += 1
        return Claim(
            text=text,
            start=span.start,
            end=span.end,
            verdict=found.verdict,
            score=found.score,
            citations=(*cited, *more),
            unknown_markers=unknown,
            doubted=shifted(found.doubted, span.start),
            nearest=None if found.nearest is None else self._offered[found.nearest].text,
            by=found.opinion.by if found.opinion else None,
        )


def _quoted(source: Citation) -> Claim:
    return Claim(
        text=source.text,
        start=0,
        end=len(source.text),
        verdict=Verdict.QUOTED,
        score=1.0,
        citations=(source.marker,),
    )
