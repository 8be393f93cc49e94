"""An answer with its claims, citations and decision, its one JSON shape, and what streams of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self

from chatbot.types.checks import Verdict, why_not
from chatbot.types.documents import RetrievedSentence, Span
from chatbot.types.json_values import from_json, json_of

AnswerKind = Literal["answer", "overview", "catalogue", "about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a marker points to: a stored sentence. ``text`` is copied from the store."""

    marker: int
    document_id: str
    title: str
    source: str
    sentence_index: int
    start: int
    end: int
    text: str
    page: int | None = None
    heading: str | None = None
    header: str | None = None
    """The header row of the table, cells joined by `` | ``, where a table row is cited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of an answer: ``answer.text[start:end] == text``.

    Markers that stand inside the sentence are part of ``text``; markers behind its last
    punctuation are not. The verdict is about the words without any marker.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    score: float | None
    """P(supported) in [0, 1]; None where nothing was scored."""
    citations: tuple[int, ...] = ()
    """Markers that the claim rests on, those the check found for it included."""
    unknown_markers: tuple[int, ...] = ()
    """Markers in the text that were never offered: a defect of the claim."""
    doubted: tuple[Span, ...] = ()
    """Words of a claim that is not supported, or partly, for which the evidence has nothing:
    places in ``answer.text``. Only words that the check is sure of; often none."""
    nearest: str | None = None
    """The sentence, cited or not, that comes nearest to a claim that is not supported, or partly.
    """
    by: str | None = None
    """The model that gave the verdict; None where the built-in check did."""

    @property
    def source_says(self) -> int | None:
        """Marker of the sentence to be read in the place of this claim; None where it stands."""
        return self.citations[0] if self.verdict.fails and self.citations else None

    @property
    def why(self) -> str | None:
        """Why it is not supported, in one sentence; None where it is."""
        words = [self.text[one.start - self.start : one.end - self.start] for one in self.doubted]
        return why_not(self.verdict, words, self.nearest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer:
    """The shortest exact span of a cited sentence that answers."""

    text: str
    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that a question may mean, where the program asks back."""

    label: str
    """What it is called: the title of a document, a heading, the name of a row."""
    question: str
    """The question that asks about this one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Seconds for each stage, and tokens where a model ran (None where it did not say)."""

    seconds: dict[str, float] = field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_reused: int | None = None
    """The part of ``tokens_in`` that the server had read before and did not read again."""
    repairs: dict[str, int] = field(default_factory=dict)
    """How often something of the model's text was mended or taken out, by what it was: a marker
    in another form, a missing marker, thinking aloud, a loop, a refusal in words of its own."""


class AnchorKind(StrEnum):
    """What kind of thing a question names."""

    IDENTIFIER = "identifier"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a question names and the evidence must have."""

    text: str
    """As the question writes it."""
    kind: AnchorKind
    found: bool
    """Whether the evidence has it."""
    where: str | None = None
    """Where the best sentence has it: ``sentence``, ``before`` (what it leans on), ``heading``,
    ``title``; None if it was not found, or stands in other sentences only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A sentence that was weighed, and P(it answers, if any does)."""

    document_id: str
    index: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether and with which sentences a question is answered, and why."""

    p_answered: float
    """P(the documents answer) in [0, 1], computed once."""
    anchors: tuple[Anchor, ...] = ()
    considered: tuple[Considered, ...] = ()
    """The sentences that were weighed, likeliest first."""

    @property
    def missing(self) -> tuple[Anchor, ...]:
        """The anchors that the evidence lacks."""
        return tuple(anchor for anchor in self.anchors if not anchor.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What ``ask`` returns. ``to_dict`` is the one JSON shape used everywhere."""

    text: str
    """The answer with its markers, or the refusal."""
    refused: bool
    mode: str
    """``extractive``, or the model's name."""
    notice: str | None
    """Why it degraded, what was withheld or what limits it; None when there is nothing to say."""
    question: str
    search_query: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    """Each marker of ``claims[].citations`` once, in the order of claims. Empty if refused."""
    short_answer: ShortAnswer | None = None
    p_answered: float | None = None
    """P(the documents answer) in [0, 1], which a refusal goes by; the same as ``decision``'s."""
    decision: Decision | None = None
    """Why it is answered or refused; None in answers that were kept by an earlier version."""
    retrieved: tuple[RetrievedSentence, ...] = ()
    """What was read, cited or not, best first. Under a refusal: the closest passages."""
    usage: Usage = field(default_factory=Usage)
    prompt: str | None = None
    """``name@version/fingerprint`` of the prompt; None where no model was asked."""
    version: str = ""
    kind: AnswerKind = "answer"
    """What it is: an answer or refusal, a summary in quoted sentences, what the list of documents
    says, or a reply of the program itself."""
    suggestions: tuple[str, ...] = ()
    """Questions that the documents answer and that may be asked next."""
    choices: tuple[Choice, ...] = ()
    """What the question may mean, where ``text`` asks which; empty in every other answer."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: dicts, lists, strings, numbers, booleans and None only."""
        return dict(json_of(self))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Restore what ``to_dict`` wrote, also in an earlier version.

        Raises:
            ValueError: if a field is missing, unknown or has the wrong shape.
        """
        try:
            return from_json(cls, data)
        except ValueError as error:
            raise ValueError(f"This is not an answer as to_dict writes it: {error}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPrompt:
    """The model was asked and reads; nothing of its answer is there yet."""

    tokens: int
    """About how many it has to read."""
    part: int = 1
    """Which part of a long document it reads, from 1."""
    parts: int = 1
    """How many parts it is asked about, one after the other, before it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    """A piece of the answer. Never half a marker."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerResolved:
    """A marker that just streamed points to this citation."""

    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChecked:
    """A claim that is complete, with its verdict."""

    claim: Claim
    citations: tuple[Citation, ...] = ()
    """The citations its markers point to, those found by the check included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The model failed: all that was streamed so far is void, and the answer begins again."""

    reason: str


AnswerEvent = ReadingPrompt | TextDelta | MarkerResolved | ClaimChecked | Restarted | Answer
"""What ``stream`` yields; the Answer comes last, once."""
