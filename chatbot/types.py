"""The nouns of the project as plain values, shared by every layer.

Frozen dataclasses without behaviour beyond reading themselves. This module imports nothing of ours
and knows no file format, no store and no model. Every ``start``/``end`` is an offset in Unicode
characters, ``end`` exclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self


class Verdict(StrEnum):
    """What the check found for one claim."""

    QUOTED = "quoted"
    """The claim is a source sentence word for word. It does not say that it answers the question."""
    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    NO_CLAIM = "no_claim"
    """Headings, greetings, glue: nothing that a source could support."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A range of characters in some text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a document: ``document.text[start:end] == text``, always."""

    index: int
    """Position in the document, from 0."""
    start: int
    end: int
    text: str
    page: int | None = None
    """Page number from 1 (pdf only)."""
    heading: str | None = None
    """The nearest heading above (md, html, docx)."""
    paragraph: int = 0
    """Number of the paragraph (or list item, or table row) the sentence stands in, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of whole sentences that is embedded as one passage: ``sentences[first:last + 1]``."""

    index: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that citations point into, with what is known of its origin."""

    id: str
    """sha256 of ``text`` in UTF-8, 64 hex digits."""
    title: str
    source: str
    """A path, an address or a name given by the user: shown with each citation."""
    kind: str
    """``txt``, ``md``, ``html``, ``pdf``, ``docx`` or ``text`` (given as a string)."""
    text: str = field(repr=False)
    sentence_count: int = 0
    added: str = ""
    """When it was added: ISO 8601, UTC. Empty before it is stored."""
    warnings: tuple[str, ...] = ()
    """What was lost or replaced while reading it, one sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document as the loaders leave it: with its sentences and its chunks, not yet stored."""

    document: Document
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSource:
    """A file that could not be added, and why, in one sentence for the user."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What ``add`` did."""

    added: tuple[Document, ...] = ()
    unchanged: tuple[Document, ...] = ()
    replaced: tuple[str, ...] = ()
    """Ids of documents that went because their source has a new text."""
    failed: tuple[FailedSource, ...] = ()
    skipped: tuple[str, ...] = ()
    """Files of a folder that have no supported suffix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestProgress:
    """One step of a long ``add``: ``done`` of ``total`` files, now at ``source``."""

    done: int
    total: int
    source: str


ProgressCallback = Callable[[IngestProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedSentence:
    """A sentence found for a query, with its place in the stored document."""

    document_id: str
    title: str
    source: str
    index: int
    start: int
    end: int
    text: str
    score: float
    """Fused retrieval score: comparable within one query only, higher is better."""
    page: int | None = None
    heading: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer:
    """The shortest exact span of a cited sentence that answers."""

    text: str
    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Seconds for each stage, and tokens where a model ran (None where it did not say)."""

    seconds: dict[str, float] = field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None


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
    """The model failed: all that was streamed so far is void, and the answer begins anew."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place in one of the sources given to ``check``: ``sources[source][start:end] == text``."""

    source: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim of a checked text: ``text == checked[start:end]``."""

    text: str
    start: int
    end: int
    verdict: Verdict
    score: float | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The grounding check of a text against sources."""

    claims: tuple[CheckedClaim, ...]
    grounded: bool
    """True when there is at least one claim and each of them is quoted or supported."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: dicts, lists, strings, numbers, booleans and None only."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


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
    """Each marker of ``claims[].citations`` once, in order of first appearance. Empty if refused."""
    short_answer: ShortAnswer | None = None
    retrieved: tuple[RetrievedSentence, ...] = ()
    """What was read, cited or not, best first. Under a refusal: the closest passages."""
    usage: Usage = field(default_factory=Usage)
    prompt: str | None = None
    """``name@version/fingerprint`` of the prompt; None where no model was asked."""
    version: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: dicts, lists, strings, numbers, booleans and None only."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Restore what ``to_dict`` wrote.

        Raises:
            ValueError: if a field is missing, unknown or has the wrong shape.
        """
        try:
            return cls(
                **{
                    **data,
                    "claims": tuple(
                        Claim(
                            **{
                                **claim,
                                "verdict": Verdict(claim["verdict"]),
                                "citations": tuple(claim["citations"]),
                                "unknown_markers": tuple(claim["unknown_markers"]),
                            }
                        )
                        for claim in data["claims"]
                    ),
                    "citations": tuple(Citation(**citation) for citation in data["citations"]),
                    "short_answer": (
                        ShortAnswer(**data["short_answer"]) if data["short_answer"] else None
                    ),
                    "retrieved": tuple(RetrievedSentence(**item) for item in data["retrieved"]),
                    "usage": Usage(**data["usage"]),
                }
            )
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise ValueError(f"This is not an answer as to_dict writes it: {error}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What ``verify`` found: an answer of earlier, held against the documents of now."""

    ok: bool
    problems: tuple[str, ...] = ()
    """One sentence for each citation or claim that no longer holds."""


AnswerEvent = TextDelta | MarkerResolved | ClaimChecked | Restarted | Answer
"""What ``stream`` yields; the Answer comes last, once."""


def _plain(value: Any) -> Any:  # noqa: ANN401 - a JSON value has no better type
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
