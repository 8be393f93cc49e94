"""Which document a question names, and the question without the naming.

"What is the deposit in the lease of 2023?" asks one lease of two for its deposit: only that one is
read, and it is asked "What is the deposit?". A document is named by words that all stand in its
title or its file's name, and not in those of all the documents found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chatbot.models.words import content_stems, stems

_OPENS = r"(?:in|of|from|by|under|within|according to)\s+(?:the|our|my|your|this|that)\s+"
# Each finds the words that name a document ("name") and those that are then left out ("cut").
_NAMING = (
    re.compile(rf"^(?P<cut>{_OPENS}(?P<name>[^,?!]{{3,80}}),\s*)", re.IGNORECASE),
    re.compile(rf"(?P<cut>,?\s*\b{_OPENS}(?P<name>[^,?!]{{3,80}}?))(?=\s*[?.!]*$)", re.IGNORECASE),
    re.compile(r"(?P<cut>\s(?:in|of|from)\s+(?P<name>(?:19|20)\d\d))(?=\s*[?.!]*$)"),
    re.compile(r"\bthe\s+(?P<name>(?P<cut>(?:19|20)\d\d\s+)[^\W\d_]+)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDocument:
    """A question and the documents that it names."""

    question: str
    """Without the words that name them."""
    documents: frozenset[str]


def named_document(question: str, titles: Mapping[str, str]) -> NamedDocument | None:
    """Return the documents that a question names, None if it names none or all.

    Args:
        question: standing alone.
        titles: title and file name of each document that was found, by its id.
    """
    for naming in _NAMING:
        found = naming.search(question)
        if found is None:
            continue
        rest = f"{question[: found.start('cut')]}{question[found.end('cut') :]}".strip()
        wanted = frozenset(content_stems(found["name"]))
        named = frozenset(
            document for document, title in titles.items() if wanted <= frozenset(stems(title))
        )
        if wanted and named and len(named) < len(titles) and content_stems(rest):
            return NamedDocument(question=rest[:1].upper() + rest[1:], documents=named)
    return None
