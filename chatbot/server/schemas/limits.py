"""How much may be sent: every text and every list of a request has an end."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

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
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
CollectionName = Annotated[str, Field(min_length=1, max_length=MAX_NAME, examples=["Leases"])]
Documents = Annotated[
    list[DocumentId] | None,
    Field(max_length=MAX_DOCUMENTS, description="Use only these documents; null uses all."),
]


class Sent(BaseModel):
    """Base of what is sent: an unknown field is a mistake, not silently left out."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)
