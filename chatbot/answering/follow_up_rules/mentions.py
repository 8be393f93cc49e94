"""What a question or an answer talks about: names, noun phrases and times, found by rules.

Knows no dialogue: ``references`` and ``fragments`` choose among the mentions found here. There is
no part-of-speech model, so a few word lists and the order of words in English questions decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chatbot.answering.follow_up_rules import name_lists as names
from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.words import (
    Word,
    is_function_word,
    is_name,
    is_plural,
    is_time,
    is_verb,
    split_words,
    verb_is_due,
)


class Kind(StrEnum):
    """What a mention names, as far as can be told."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    TIME = "time"
    NAME = "name"
    """A name of something unknown."""
    THING = "thing"
    """A noun phrase in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A phrase of a text that names something; ``text[start:end]`` is the phrase."""

    text: str
    start: int
    end: int
    kind: Kind
    head: str
    """The main noun in lower case: ``crisis`` of "the 1973 oil crisis"."""
    plural: bool
    before: str
    """The word in front of it in lower case, empty at the start."""
    after: str
    """The word behind it in lower case, empty at the end."""
    nested: bool = False
    """Whether it is a part of another mention ("Spain" in "the capital of Spain")."""


def find_mentions(text: str) -> list[Mention]:
    """Return the mentions of ``text`` in their order; parts of longer ones come after these."""
    words = split_words(text)
    found: list[Mention] = []
    for first, last in _phrases(words):
        found.extend(_with_parts(text, words, first, last))
    return found


def _phrases(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) word indices of the longest phrases, "X of Y" and "X and Y" in one."""
    runs = _runs(words)
    position = 0
    while position < len(runs):
        first, last = runs[position]
        while position + 1 < len(runs) and _joined(words, last, runs[position + 1]):
            position += 1
            last = runs[position][1]
        yield first, last
        position += 1


def _joined(words: Sequence[Word], last: int, following: tuple[int, int]) -> bool:
    """Whether the run after ``last`` belongs to the same phrase."""
    between = [word.low for word in words[last + 1 : following[0]]]
    if between == ["of"]:
        return not is_time(words[following[0]].low)
    if between == ["'s"]:
        return True
    both_names = is_name(words, last) and is_name(words, following[0])
    pair = {words[last].low, words[following[0]].low} <= lists.COMPLEMENT_NOUNS
    return between in (["and"], ["&"]) and (both_names or pair)


def _runs(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return runs of determiner and content words without function words and verbs inside."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for index in range(len(words)):
        content = not is_function_word(words, index)
        content = content and not is_verb(words, index)
        if start is not None and (not content or _splits(words, start, index)):
            runs.append((start, index - 1))
            start = None
        if content and start is None:
            opens = index and words[index - 1].low in {"the", "a", "an"} | lists.POSSESSIVES
            start = index - 1 if opens else index
    if start is not None:
        runs.append((start, len(words) - 1))
    return [trimmed for run in runs if (trimmed := _trim(words, *run))]


def _splits(words: Sequence[Word], start: int, index: int) -> bool:
    """Whether a new phrase begins at ``index`` though only content words stand between."""
    word, before = words[index], words[index - 1]
    gap = word.start - before.end
    if gap > 1 or (is_time(word.low) != is_time(before.low) and words[start].low != "the"):
        return True
    after_subject = is_name(words, index - 1) and not is_name(words, index)
    if not after_subject or is_plural(word.low) or not verb_is_due(words, index):
        return False
    return not any(is_verb(words, ahead) for ahead in range(index, min(index + 3, len(words))))


def _trim(words: Sequence[Word], first: int, last: int) -> tuple[int, int] | None:
    """Drop adjectives at the end ("the door open") and a bare verb before an object."""
    determined = words[first].low in lists.DETERMINERS | lists.POSSESSIVES
    while last >= first + determined and (
        (words[last].low in lists.PREDICATE_ADJECTIVES and not words[last].capital)
        or (last > first + determined and _is_hidden_verb(words, first, last))
    ):
        last -= 1
    return (first, last) if last >= first + determined else None


def _is_hidden_verb(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether "did the senate REJECT the …" ends this run: a verb that no list knows."""
    following = words[last + 1].low if last + 1 < len(words) else ""
    opener = words[first - 1].low if first else ""
    object_follows = following in lists.DETERMINERS | lists.POSSESSIVES | lists.PRONOUNS
    object_follows = object_follows or (not following and last - first < 3)
    unknown = not is_name(words, last) and not is_plural(words[last].low)
    return opener in lists.DO | lists.MODAL and object_follows and unknown


def _with_parts(text: str, words: Sequence[Word], first: int, last: int) -> Iterator[Mention]:
    """Yield the phrase, then what stands behind "of" and between "and" in it."""
    yield _mention(text, words, first, last, nested=False)
    cuts = [i for i in range(first, last) if words[i].low in {"of", "and", "&", "'s"}]
    ends = [*(cut - 1 for cut in cuts[1:]), last] if cuts else []
    for cut, end in zip(cuts, ends, strict=True):
        if words[cut].low != "of" and cut == cuts[0] and cut > first:
            yield _mention(text, words, first, cut - 1, nested=True)
        if end > cut and words[cut].low != "'s":
            yield _mention(text, words, cut + 1, end, nested=True)


def _mention(text: str, words: Sequence[Word], first: int, last: int, *, nested: bool) -> Mention:
    stop = next((i for i in range(first, last) if words[i].low == "of"), last + 1)
    head = words[stop - 1].low
    start, end = words[first].start, words[last].end
    parts = [i for i in range(first, stop) if words[i].low in {"and", "&"}]
    kind = _kind(words, parts[-1] + 1 if parts else first, stop - 1)
    singular_kind = kind in {Kind.PERSON, Kind.PLACE, Kind.TIME}
    return Mention(
        text=text[start:end],
        start=start,
        end=end,
        kind=kind,
        head=head,
        plural=bool(parts) or (is_plural(head) and not singular_kind),
        before=words[first - 1].low if first else "",
        after=words[last + 1].low if last + 1 < len(words) else "",
        nested=nested,
    )


def _kind(words: Sequence[Word], first: int, last: int) -> Kind:
    """Name the kind of the phrase from its words."""
    lows = [words[i].low for i in range(first, last + 1)]
    named = [i for i in range(first, last + 1) if is_name(words, i)]
    core = [low for low in lows if low not in lists.FUNCTION_WORDS]
    if core and all(is_time(low) or low in lists.TIME_NOUNS or low.isdigit() for low in core):
        return Kind.TIME
    if " ".join(core) in names.PLACES:
        return Kind.PLACE
    if not named or (words[last].low == lows[-1] and last not in named):
        return Kind.THING
    if lows[-1] in lists.ORGANISATION_NOUNS or any(low in {"university"} for low in core):
        return Kind.ORGANISATION
    if lows[-1] in lists.PERSON_NOUNS - names.TITLES:
        return Kind.THING
    if any(low in names.TITLES or (low in names.GIVEN_NAMES and lows[0] != "the") for low in core):
        return Kind.PERSON
    if lows[-1] in lists.PLACE_NOUNS:
        return Kind.PLACE
    acronym = len(core) == 1 and words[last].text.isupper() and len(core[0]) > 1
    return Kind.ORGANISATION if acronym else Kind.NAME
