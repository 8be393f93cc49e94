"""What is sent to add documents and to keep conversations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chatbot.server.schemas.limits import (
    MAX_DOCUMENTS,
    MAX_NAME,
    MAX_TEXT,
    CollectionName,
    DocumentId,
    Name,
    Sent,
)

MAX_PATHS = 10_000
MAX_PATH = 4096


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
        str,
        Field(min_length=1, max_length=2000, examples=["https://example.org/ferry.html"]),
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
