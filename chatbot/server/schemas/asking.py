"""What is sent to ask, search and check."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from chatbot.server.schemas.limits import (
    MAX_CHECKED,
    MAX_NAME,
    MAX_QUESTION,
    MAX_SOURCES,
    MAX_SOURCES_TEXT,
    MAX_TURN,
    MAX_TURNS,
    Documents,
    Sent,
    ShortId,
)
from chatbot.types import Turn

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
