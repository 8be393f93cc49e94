"""What is sent, and how much of it: every text and every list of a request has an end."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, field_validator

MAX_QUESTION: Final = 20_000
"""Characters; ``CHATBOT_MAX_QUESTION_CHARS`` is lower, and its message is friendlier."""
MAX_TURNS: Final = 200
MAX_TURN: Final = 50_000
MAX_DOCUMENTS: Final = 1000
MAX_TEXT: Final = 2_000_000
MAX_NAME: Final = 500
MAX_CHECKED: Final = 10_000
MAX_SOURCES: Final = 50
MAX_SOURCES_TEXT: Final = 200_000
"""Characters of all sources of a check together: it takes some seconds for that."""
MAX_RESULTS: Final = 100

DocumentId = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="A document's id: 64 hex digits.")
]
ShortId = Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="An id: 32 hex digits.")]
Question = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, examples=["When does the ferry leave?"])
]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Checked = Annotated[str, Field(min_length=1, max_length=MAX_CHECKED)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
CollectionName = Annotated[str, Field(min_length=1, max_length=MAX_NAME, examples=["Leases"])]
Documents = Annotated[
    list[DocumentId] | None,
    Field(max_length=MAX_DOCUMENTS, description="Use only these documents; null uses all."),
]
SomeDocuments = Annotated[list[DocumentId], Field(max_length=MAX_DOCUMENTS, default_factory=list)]


class Sent(BaseModel, extra="forbid", strict=True, use_attribute_docstrings=True):
    """Base of what is sent: an unknown field is a mistake, not silently left out."""


class SentTurn(Sent):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_TURN)]


class Ask(Sent):
    """A question, with what was said before it."""

    question: Question
    history: Annotated[list[SentTurn], Field(max_length=MAX_TURNS, default_factory=list)]
    """Earlier messages, oldest first; they make a follow-up question stand alone."""
    documents: Documents = None
    conversation: ShortId | None = None
    """A saved conversation: its turns are the history, and this turn is appended to it."""
    collection: Annotated[str | None, Field(max_length=MAX_NAME)] = None
    """Use only the documents of this collection: its name or id. Null is the one that the
    conversation was about last, an empty text is none."""


class CheckRequest(Sent):
    """A text, and the sources that should support it."""

    text: Checked = Field(examples=["The ferry leaves at 8:15 from pier 3."])
    sources: list[Annotated[str, Field(max_length=MAX_SOURCES_TEXT)]] = Field(
        min_length=1, max_length=MAX_SOURCES, examples=[["The ferry leaves at 9:40 from pier 3."]]
    )
    question: str | None = Field(
        None, max_length=MAX_QUESTION, examples=["When does the ferry leave?"]
    )
    """What the text answers: a fragment is then judged by what it says to it."""

    @field_validator("sources")
    @classmethod
    def _not_too_much(cls, sources: list[str]) -> list[str]:
        if sum(map(len, sources)) > MAX_SOURCES_TEXT:
            raise ValueError(f"The sources may have {MAX_SOURCES_TEXT} characters together")
        return sources


class AddText(Sent):
    """A text to add as a document."""

    title: Name = Field(examples=["Ferry"])
    text: Text = Field(examples=["The ferry leaves at 9:40 from pier 3. Tickets cost 12 euros."])
    source: Name | None = None
    """A name of the text; the same name again replaces it. By default the title."""


class AddAddress(Sent):
    """A web address to add."""

    address: str = Field(min_length=1, max_length=2000, examples=["https://example.org/ferry.html"])


class AddPaths(Sent):
    """Files and folders of the machine that the server runs on."""

    paths: list[Annotated[str, Field(min_length=1, max_length=4096)]] = Field(
        min_length=1, max_length=10_000
    )
    sync: bool = False
    """Whether they are folders, whose documents go when their files are gone."""


class StartConversation(Sent):
    """A new conversation."""

    title: Name = Field(examples=["Ferries"])


class NewCollection(Sent):
    """A new collection."""

    name: CollectionName
    documents: SomeDocuments


class ChangeCollection(Sent):
    """What is to change about a collection."""

    name: CollectionName | None = None
    """Its new name."""
    put: SomeDocuments
    """Documents to put into it."""
    take: SomeDocuments
    """Documents to take out of it."""


class NewLink(Sent):
    """A new link to a conversation."""

    days: Annotated[int, Field(ge=1, le=90)] = 7
    """How long it works."""


class RateTurn(Sent):
    """What somebody thinks of an answer."""

    rating: Literal[1, -1] | None
    """1 for good, -1 for bad, null takes it back."""
    remark: Annotated[str, Field(max_length=2000)] = ""
