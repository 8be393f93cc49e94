"""The words of the full text: what of a sentence is indexed, and what of a query is searched for.

They are the stems by which retrieval and reader compare texts (``models.words``), so an index that
was written in one home finds the same in the other.
"""

from __future__ import annotations

from typing import Final

from chatbot.models.words import stems_once

_LONGEST: Final = 60
"""Letters of a stem that count."""
_MOST: Final = 16_000
"""Stems of one sentence that count: PostgreSQL has places for so many."""


def index_stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text in their order, stop words included.

    Each is made of letters, digits and, in numbers, dots and commas: neither SQLite's tokenizer
    nor PostgreSQL's notation would cut it, or obey anything in it.
    """
    cleaned = (
        stem if stem.isalnum() else "".join(one for one in stem if one.isalnum() or one in ".,")
        for stem in stems_once(text)
    )
    return tuple(stem[:_LONGEST] for stem in cleaned if stem)[:_MOST]
