"""Questions that name their document: "How do I descale the Brisa 200?", asked of its manual.

Inside, hardly a sentence repeats the name: it says "the machine", or "it". So such a question is
read once more inside the documents of that title, with "it" for the name; what is surer counts.
Knows no model of language. Used by the extractive and by the generated answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answering.retrieve import Retrieval, Retriever
from chatbot.models.reader import Reader, Reading

_WORD = re.compile(r"\w[\w.-]*\w|\w")
_LINKS = frozenset(("of", "the", "and", "de", "von", "van"))
_FEWEST = 2
"""Words of a name: one alone may be what the text is about, and no name of it."""
_LONGEST = 6


def read_inside(
    query: str,
    found: Retrieval,
    reading: Reading,
    *,
    retriever: Retriever,
    reader: Reader,
    limit: int,
) -> tuple[Retrieval, Reading]:
    """Return what was found and read, or what reading inside the named document says, if surer.

    Args:
        query: a question standing alone.
        found: what it found: only documents of which a sentence was found are looked at.
        reading: of that.
        retriever: finds the sentences inside.
        reader: reads them.
        limit: how many sentences to find.
    """
    titles = {sentence.document_id: sentence.title for sentence in found.sentences}
    names = {document: name_in(query, title) for document, title in titles.items()}
    longest = max(filter(None, names.values()), key=len, default=None)
    if longest is None:
        return found, reading
    inside = retriever.search(
        without_name(query, longest),
        limit=limit,
        documents=[document for document, name in names.items() if name == longest],
    )
    again = reader.read(inside.query, inside.candidates)
    return (inside, again) if again.p_answered > reading.p_answered else (found, reading)


def name_in(query: str, title: str) -> str | None:
    """Return the longest name of a title that stands in the query, as it is written there.

    A name is two or more words of the title side by side, in capitals or numbers.
    """
    asked = list(_WORD.finditer(query))
    spoken = [match[0].lower() for match in asked]
    names = {tuple(run) for name in _names(title) for run in _runs(name)}
    found = [place for place in _places(len(asked)) if tuple(spoken[slice(*place)]) in names]
    if not found:
        return None
    first, end = max(found, key=lambda place: place[1] - place[0])
    return query[asked[first].start() : asked[end - 1].end()]


def without_name(query: str, name: str) -> str:
    """Return the query with "it" for the name and its article, "its" where something is its own."""
    named = re.compile(
        rf"(?:\b(?:the|our|my|your|this)\s+)?\b{re.escape(name)}(['’]s?)?(?!\w)", re.IGNORECASE
    )
    return named.sub(lambda match: "its" if match[1] else "it", query)


def _names(title: str) -> list[list[str]]:
    """Return the runs of a title's words that are written as names, in lower case."""
    runs: list[list[str]] = [[]]
    for match in _WORD.finditer(title):
        word = match[0]
        if word[0].isupper() or word[0].isdigit() or (word in _LINKS and runs[-1]):
            runs[-1].append(word.lower())
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= _FEWEST]


def _runs(name: Sequence[str]) -> list[Sequence[str]]:
    """Return the parts of a name that neither begin nor end with "of"."""
    places = _places(len(name))
    return [name[a:b] for a, b in places if not _LINKS & {name[a], name[b - 1]}]


def _places(count: int) -> list[tuple[int, int]]:
    """Return first and end of every run of words that is long enough."""
    return [
        (first, end)
        for first in range(count)
        for end in range(first + _FEWEST, min(count, first + _LONGEST) + 1)
    ]
