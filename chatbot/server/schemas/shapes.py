"""What comes back: our dataclasses as schemas, and the few shapes that only HTTP has."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chatbot import types

_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)
for _kind in vars(types).values():
    if is_dataclass(_kind):
        # Pydantic reads this name: the texts below the fields become descriptions in the schema.
        setattr(_kind, "__pydantic_config__", _DOCUMENTED)  # noqa: B010 - not in the class


class DocumentRow(BaseModel, use_attribute_docstrings=True):
    """A document without its text."""

    id: str
    """sha256 of the text, 64 hex digits."""
    title: str
    source: str
    """A path, an address or a name given by the user."""
    kind: str
    sentence_count: int
    added: str
    """ISO 8601, UTC."""
    warnings: list[str]
    """What was lost or replaced while reading it."""
    shared: bool
    """Whether everybody sees it, or only whoever added it."""


class DocumentRows(BaseModel):
    """Some of the documents, oldest first."""

    documents: list[DocumentRow]
    total: int = Field(description="How many there are in all.")


class WholeDocument(DocumentRow):
    """A document with its text and its sentences."""

    text: str
    sentences: list[types.Sentence]
    """``text[start:end]`` is the sentence, in Unicode characters."""


class PageSizes(BaseModel):
    """The pages of a document, the first one first."""

    pages: list[types.PageSize]


class Boxes(BaseModel):
    """Where sentences stand on their pages."""

    sentences: list[list[types.PageBox]] = Field(
        description="For each sentence asked for a box for each of its lines; none if not drawn."
    )


class Added(BaseModel, use_attribute_docstrings=True):
    """What adding did."""

    added: list[DocumentRow]
    unchanged: list[DocumentRow]
    replaced: list[str]
    """Ids of documents that went because their source has a new text."""
    removed: list[DocumentRow]
    """Documents of a folder whose files are gone."""
    failed: list[types.FailedSource]
    skipped: list[str]
    """Files of a folder that are of no supported kind."""


class FoundSentences(BaseModel):
    """The sentences nearest to a query, best first."""

    sentences: list[types.RetrievedSentence]


class ConversationRows(BaseModel):
    """Conversations, the one that changed last first."""

    conversations: list[types.Conversation]


class Turns(BaseModel):
    """The turns of a conversation, oldest first."""

    turns: list[types.SavedTurn]


class CollectionRow(BaseModel, use_attribute_docstrings=True):
    """A collection of documents."""

    id: str
    name: str
    created: str
    """ISO 8601, UTC."""
    shared: bool
    """Whether it is everybody's, or only of whoever made it."""
    documents: list[str]
    """Ids of those of its documents that you see, oldest first."""


class CollectionRows(BaseModel):
    """Collections by their names, your own before everybody's."""

    collections: list[CollectionRow]


class LinkRow(BaseModel, use_attribute_docstrings=True):
    """A read-only link to a conversation as it was when the link was made."""

    id: str
    conversation_id: str
    created: str
    """ISO 8601, UTC."""
    expires: str
    """When it stops to work: ISO 8601, UTC."""


class MadeLink(LinkRow):
    """A new link, with what opens it; shown this once."""

    token: str
    path: str
    """The address of the page on this server."""


class LinkRows(BaseModel):
    """The links to a conversation that still work, oldest first."""

    links: list[LinkRow]


class Alive(BaseModel):
    """The server's health."""

    status: str
    version: str
    mode: str | None = None
    reason: str | None = None


class ModelState(BaseModel):
    """The model that answers: is it fit?"""

    mode: str
    examined: bool
    line: str | None


def row(shape: type[BaseModel], value: object) -> dict[str, Any]:
    """Return one of our values as JSON of a shape, which may have fewer fields."""
    return shape.model_validate(value, from_attributes=True).model_dump(mode="json")
