"""Things that a question fits equally: its words do not tell these rows or documents apart.

"How much is a week?" fits every boat for hire that has a row, a section or a document of its own.
Things are rivals where the network takes each for an answer, the question names none of them, and
their sentences are worded alike or their titles share a common noun of the question ("Does the
museum have a shop?", with documents on two museums). Knows no language model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answering import tables
from chatbot.answering.anchors import named_in
from chatbot.answering.differing import tells_otherwise
from chatbot.answering.find import FindResult
from chatbot.answering.retrieve import Hit
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import content_stems, stems
from chatbot.types import AnchorKind, Choice

_FIGURE = re.compile(r"\d")
_LONGEST = 80  # characters of a label, which stands on a button and in a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that a question may mean, with the sentence that answers for it."""

    label: str  # what it is called; empty where nothing but its sentence tells it from the others
    hit: Hit


def things(question: str, found: FindResult) -> list[Thing]:
    """Return what a question fits equally, as its documents go; nothing where it fits one thing.

    Where the question names one of several, that one alone is returned. At least one hit answers.
    """
    best = found.best
    if not content_stems(question):
        levels = [_anything]
    elif best.stored.header is not None:
        levels = [_rows]
    else:
        levels = [_sections, _documents, _sentences]
    for level in levels:
        rivals = level(question, found)
        if len(rivals) > 1:
            return named(question, rivals)
    return []


def named(question: str, rivals: Sequence[Thing]) -> list[Thing]:
    """Return the things that a question names by a word that not all of them have; else all."""
    asked = content_stems(question)
    names = [content_stems(one.label) for one in rivals]
    shared = set.intersection(*(set(name) for name in names))
    named = [one for one, name in zip(rivals, names, strict=True) if (name - shared) & asked]
    return named or list(rivals)


def choices(question: str, some: Sequence[Thing]) -> tuple[Choice, ...]:
    """Return the things to choose from, where it is to be asked which is meant; else nothing.

    That is where all are too many to tell of, or where the question names nothing at all.
    """
    many = len(some) > TUNING.things or (len(some) > 1 and not content_stems(question))
    if not many or not all(one.label for one in some):
        return ()
    plain = question.rstrip(" ?.!")
    labels = [one.label for one in some[: TUNING.choices]]
    return tuple(Choice(label=label, question=f"{plain} ({label})?") for label in labels)


def _rows(question: str, found: FindResult) -> list[Thing]:
    """Return the rows of one table, where the question names a column and no row."""
    if tables.cell_asked(question, found.best.sentence) is None:
        return []

    def name(hit: Hit) -> tuple[object, str]:
        return (hit.document_id, hit.stored.header), tables.cells_of(hit.stored.text)[0]

    return _rivals(found, name, share=TUNING.share_kind)


def _sections(question: str, found: FindResult) -> list[Thing]:
    """Return the sections of one document that say the same of different things."""
    fits = _fits_too(question, found)
    return _rivals(found, lambda hit: (hit.document_id, hit.stored.heading or ""), fits=fits)


def _sentences(question: str, found: FindResult) -> list[Thing]:
    """Return sentences of one section that are worded alike but for the case that each is for."""

    def name(hit: Hit) -> tuple[object, str]:
        return (hit.document_id, hit.stored.heading), hit.stored.text

    alike = _rivals(found, name, fits=_fits_too(question, found))
    return [Thing(label="", hit=one.hit) for one in alike]


def _documents(question: str, found: FindResult) -> list[Thing]:
    """Return documents on things of one kind, where the question names the kind alone."""
    asked = content_stems(question)
    best = content_stems(found.best.chunk.title)
    kind = best & asked
    names = [one.text for one in named_in(question) if one.kind is AnchorKind.NAME]
    if not kind - frozenset(stems(" ".join(names))):
        return []

    def is_one_of_them(at: int) -> bool:
        title = content_stems(found.hits[at].chunk.title)
        own = (title - best, best - title)  # what only figures tell apart are versions
        return title & asked == kind and all(
            any(not _FIGURE.search(stem) for stem in some) for some in own
        )

    return _rivals(
        found, lambda hit: ("", hit.chunk.title), fits=is_one_of_them, share=TUNING.share_kind
    )


def _anything(question: str, found: FindResult) -> list[Thing]:
    """Return the documents, or of one document the sections, that may answer "How much is it?"."""
    one = len({found.hits[at].document_id for at in found.answering}) == 1

    def name(hit: Hit) -> tuple[object, str]:
        return "", (hit.stored.heading or "") if one else hit.chunk.title

    return _rivals(found, name, share=TUNING.share_kind)


def _fits_too(question: str, found: FindResult) -> Callable[[int], bool]:
    """Return what tells whether a hit has all words of the question that the best one has."""
    first = found.answering[0]
    words = [frozenset(stems(hit.stored.text)) for hit in found.hits]
    covered = content_stems(question) & words[first]
    return lambda at: covered <= words[at] and tells_otherwise(found, first, at)


def _rivals(
    found: FindResult,
    name: Callable[[Hit], tuple[object, str]],
    *,
    fits: Callable[[int], bool] = lambda at: True,
    share: float = TUNING.share_thing,
) -> list[Thing]:
    """Return the best hit of each label in the best one's group, as their documents go.

    ``name`` returns the group and the label of a hit.
    """
    first = found.answering[0]
    rivals: dict[str, Hit] = {}
    for at in found.answering:
        group, told = name(found.hits[at])
        if found.scores[at] < share * found.scores[first] or group != name(found.best)[0]:
            continue
        label = " ".join(told.split())[:_LONGEST]
        if label and (at == first or fits(at)):
            rivals.setdefault(label, found.hits[at])
    some = [Thing(label=label, hit=hit) for label, hit in rivals.items()]
    documents = [one.hit.document_id for one in some]
    return sorted(
        some, key=lambda one: (documents.index(one.hit.document_id), one.hit.stored.index)
    )
