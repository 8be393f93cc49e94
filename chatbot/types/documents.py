"""Documents, their sentences, and what adding and retrieving them gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


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
    header: str | None = None
    """The header row of the table, cells joined by `` | ``, for each of its rows and for itself."""

    @property
    def is_heading(self) -> bool:
        """Whether the sentence is a heading itself (md, html, docx)."""
        return self.heading is not None and self.text.lstrip("# \t") == self.heading

    @property
    def is_header(self) -> bool:
        """Whether the sentence is the header row of a table: it names columns, no values."""
        return self.header is not None and self.text == self.header


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of whole sentences that is embedded as one passage: ``sentences[first:last + 1]``."""

    index: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What is known of a document, without its text: what a list of thousands can hold."""

    id: str
    """sha256 of the text in UTF-8, 64 hex digits."""
    title: str
    source: str
    """A path, an address or a name given by the user: shown with each citation."""
    kind: str
    """``txt``, ``md``, ``html``, ``pdf``, ``docx`` or ``text`` (given as a string)."""
    sentence_count: int = 0
    added: str = ""
    """When it was added: ISO 8601, UTC. Empty before it is stored."""
    warnings: tuple[str, ...] = ()
    """What was lost or replaced while reading it, one sentence each."""
    owner: str = ""
    """Who added it, as the server names people; empty where it is everybody's."""

    @property
    def shared(self) -> bool:
        """Whether everybody sees it, or only whoever added it."""
        return not self.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(DocumentInfo):
    """A text that citations point into, with what is known of its origin."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document as the loaders leave it: with its sentences and its chunks, not yet stored."""

    document: Document
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    original: bytes = field(default=b"", repr=False)
    """The file itself where its pages can be shown, else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """How large a page is, in points; what matters is how wide it is for its height."""

    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBox:
    """A rectangle on a page, as parts of its width and height from the upper left corner."""

    page: int
    """The number of the page, from 1."""
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSource:
    """A file that could not be added, and why, in one sentence for the user."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What ``add`` did."""

    added: tuple[DocumentInfo, ...] = ()
    unchanged: tuple[DocumentInfo, ...] = ()
    replaced: tuple[str, ...] = ()
    """Ids of documents that went because their source has a new text."""
    removed: tuple[DocumentInfo, ...] = ()
    """Documents of a folder in step whose files are gone."""
    failed: tuple[FailedSource, ...] = ()
    skipped: tuple[str, ...] = ()
    """Files of a folder that have no supported suffix."""

    @property
    def there(self) -> tuple[str, ...]:
        """Ids of the documents that are there now, whether they were before or not."""
        return tuple(one.id for one in (*self.added, *self.unchanged))


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestProgress:
    """One step of a long ``add``: ``done`` of ``total`` files, now at ``source``."""

    done: int
    total: int
    source: str
    sentences: int = 0
    """The number of sentences that were added and are on the disk."""
    seconds: float = 0.0
    """Seconds since it began."""
    seconds_left: float | None = None
    """An estimate by the sizes of the files; None before anything was added."""


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
    header: str | None = None
    """The header row of the table, for each of its rows and for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words of a document, and the first sentence that has them."""

    text: str
    sentence_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What a reader wants to know of a document before reading it."""

    document_id: str
    overview: tuple[Mention, ...]
    """Its sentences that tell what it is about, in its order."""
    names: tuple[Mention, ...]
    """The names that stand in it most often, the most frequent first."""
    dates: tuple[Mention, ...]
    """The days that it names, in its order."""
    numbers: tuple[Mention, ...]
    """The numbers with their units, in its order."""
    questions: tuple[str, ...]
    """Questions that it answers, each tried."""
