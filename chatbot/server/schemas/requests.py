"""What is sent: to ask and check, to add documents, to keep conversations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from chatbot.server.schemas.limits import (
    MAX_CHECKED,
    MAX_DOCUMENTS,
    MAX_NAME,
    MAX_QUESTION,
    MAX_SOURCES,
    MAX_SOURCES_TEXT,
    MAX_TEXT,
    MAX_TURN,
    MAX_TURNS,
    CollectionName,
    DocumentId,
    Documents,
    Name,
    Sent,
    ShortId,
)
from chatbot.types import Turn

MAX_PATHS = 10_000
MAX_PATH = 4096
Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        examples=["How many vehicles did Japan send to Ukraine?"],
    ),
]


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

    def turns(self) -> list[Turn]:
        """Return the history as our type."""
        return [Turn(role=turn.role, content=turn.content) for turn in self.history]


class CheckRequest(Sent):
    """A text, and the sources that should support it."""

    text: Annotated[
        str,
        Field(
            min_length=1, max_length=MAX_CHECKED, examples=["The ferry leaves at 8:15 from pier 3."]
        ),
    ]
    sources: Annotated[
        list[Annotated[str, Field(max_length=MAX_SOURCES_TEXT)]],
        Field(
            min_length=1,
            max_length=MAX_SOURCES,
            examples=[["The ferry leaves at 9:40 from pier 3."]],
        ),
    ]
    question: Annotated[
        str | None, Field(max_length=MAX_QUESTION, examples=["When does the ferry leave?"])
    ] = None
    """What the text answers: a fragment is then judged by what it says to it."""

    @field_validator("sources")
    @classmethod
    def _not_too_much(cls, sources: list[str]) -> list[str]:
        if sum(map(len, sources)) > MAX_SOURCES_TEXT:
            raise ValueError(f"The sources may have {MAX_SOURCES_TEXT} characters together")
        return sources


class AddText(Sent):
    """A text to add as a document."""

    title: Annotated[Name, Field(examples=["Ferry"])]
    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_TEXT,
            examples=["The ferry leaves at 9:40 from pier 3. Tickets cost 12 euros."],
        ),
    ]
    source: Annotated[str | None, Field(min_length=1, max_length=MAX_NAME)] = None
    """A name of the text; the same name again replaces it. By default the title."""


class AddAddress(Sent):
    """A web address to add."""

    address: Annotated[
        str, Field(min_length=1, max_length=2000, examples=["https://example.org/ferry.html"])
    ]


class AddPaths(Sent):
    """Files and folders of the machine that the server runs on."""

    paths: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=MAX_PATH)]],
        Field(min_length=1, max_length=MAX_PATHS),
    ]
    sync: bool = False
    """Whether they are folders, whose documents go when their files are gone."""


class StartConversation(Sent):
    """A new conversation."""

    title: Annotated[Name, Field(examples=["Vehicles"])]


SomeDocuments = Annotated[list[DocumentId], Field(max_length=MAX_DOCUMENTS, default_factory=list)]


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
