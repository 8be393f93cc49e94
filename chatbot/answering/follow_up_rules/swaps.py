"""One part of an earlier question exchanged: "What about Australia?", "And in 2023?".

A country for a country, a year for a year, what stood behind the same preposition, and so on; what
has no such place is added in brackets. Used by ``fragments``.
"""

from __future__ import annotations

import re

from chatbot.answering.follow_up_rules import name_lists as names
from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.mentions import Kind, Mention, find_mentions
from chatbot.answering.follow_up_rules.question_shape import Question, strip_end
from chatbot.answering.follow_up_rules.topics import NAMED
from chatbot.answering.follow_up_rules.words import is_plural, split_words
from chatbot.models.demonyms import DEMONYMS

_DATE_WORD = (
    rf"(?:{'|'.join(sorted(names.MONTHS))}|{'|'.join(sorted(names.WEEKDAYS, reverse=True))}|"
    r"(?:1\d|20)\d\ds?|\d{1,2}(?:st|nd|rd|th)?(?=,? (?:of )?[A-Z])|this|last|next|the|"
    r"\d{1,2}(?=,)|yesterday|today|tomorrow|"
    r"year|month|week|century|summer|winter|spring|autumn|\d+(?:st|nd|rd|th))"
)
_DATE = re.compile(rf"\b{_DATE_WORD}(?:,? (?:of )?{_DATE_WORD})*\b", re.IGNORECASE)
_ONE = re.compile(r"^(?:the )?(.+?) ones?$", re.IGNORECASE)


def swap(phrase: str, earlier: Question) -> str:
    """Return the earlier question with ``phrase`` in the place of what it is like."""
    phrase = strip_end(phrase)
    one = _ONE.match(phrase)
    phrase = one[1] if one else phrase
    words = split_words(phrase)
    before = words[0].low if words and words[0].low in lists.PREPOSITIONS else ""
    plain = phrase[words[1].start :] if before and len(words) > 1 else phrase
    place = _place_of(plain, before, earlier)
    text = earlier.text
    if place is not None:
        start, end, replacement = place
        return f"{text[:start]}{replacement}{text[end:]}?"
    if before or _is_time(plain):
        linked = phrase if before else f"in {phrase}"
        return f"{text} {linked}?"
    return f"{text} ({phrase})?"


def _is_time(phrase: str) -> bool:
    mentions = find_mentions(phrase)
    return bool(mentions) and mentions[0].kind is Kind.TIME


def _place_of(plain: str, before: str, earlier: Question) -> tuple[int, int, str] | None:
    """Return (start, end, replacement) for the part of ``earlier.text`` that ``plain`` is like."""
    if _is_time(plain):
        date = date_in(earlier.text)
        return (*date, plain) if date else None
    if before:
        same = [m for m in earlier.mentions if m.before == before]
        return (same[-1].start, same[-1].end, plain) if same else None
    adjective = _adjective_place(plain, earlier)
    if adjective:
        return adjective
    mentions = find_mentions(f"About {plain}")
    kind = mentions[0].kind if mentions else Kind.THING
    target = _like_name(kind, earlier) if kind in NAMED else _like_thing(plain, earlier)
    return (target[0], target[1], plain) if target else None


def date_in(text: str) -> tuple[int, int] | None:
    """Return the place of the last date that has a year, month or day in it."""
    spans = [
        m.span() for m in _DATE.finditer(text) if not re.fullmatch(r"the|this|next|last", m[0])
    ]
    return spans[-1] if spans else None


def _adjective_place(plain: str, earlier: Question) -> tuple[int, int, str] | None:
    """Exchange "Japanese" for "Australian", said either as "Australian" or as "Australia"."""
    low = plain.lower()
    adjective = plain if low in names.ADJECTIVES else DEMONYMS.get(low, "")
    has_place = any(m.kind is Kind.PLACE for m in earlier.mentions)
    if not adjective or (has_place and low not in names.ADJECTIVES):
        return None
    for word in split_words(earlier.text):
        if word.low in names.ADJECTIVES:
            return word.start, word.end, adjective
    return None


def _like_name(kind: Kind, earlier: Question) -> tuple[int, int] | None:
    """Find the name to exchange: of the same kind if there is one, the subject first."""
    named = [m for m in earlier.mentions if m.kind in NAMED]
    same = [m for m in named if m.kind is kind]
    unknown = kind is Kind.NAME
    pool = named if unknown else same or [m for m in named if m.kind is Kind.NAME]
    ranked = sorted(pool, key=lambda m: (m.before in lists.PREPOSITIONS - {"of"}, m.start))
    if ranked:
        return ranked[0].start, ranked[0].end
    return _behind_of(earlier)


def _like_thing(plain: str, earlier: Question) -> tuple[int, int] | None:
    """Find the noun phrase to exchange for another one."""
    words = split_words(plain)
    head = next((w.low for i, w in enumerate(words) if _is_last_noun(words, i)), "")
    top = [m for m in earlier.mentions if not m.nested]
    for mention in earlier.mentions:
        if mention.head == head:
            of = -1 if " of " in plain.lower() else mention.text.lower().find(" of ")
            return mention.start, mention.end if of < 0 else mention.start + of
    for mention in top:
        noun_end = mention.text.lower().find(" of ")
        if noun_end > 0:
            if head in lists.COMPLEMENT_NOUNS or head == mention.head:
                return mention.start, mention.start + noun_end
            return _behind_of(earlier)
    about = next((m for m in top if m.before == "about"), None)
    if about:
        return about.start, about.end
    if earlier.noun and is_plural(earlier.noun.lower()) == is_plural(head):
        start = earlier.text.find(earlier.noun)
        return (start, start + len(earlier.noun)) if start >= 0 else None
    return _same_shape(plain, top)


def _is_last_noun(words: list, index: int) -> bool:  # type: ignore[type-arg]
    return index + 1 == len(words) or words[index + 1].low in lists.PREPOSITIONS


def _same_shape(plain: str, top: list[Mention]) -> tuple[int, int] | None:
    """Find the last phrase with the same sort of article and number: "boots" for "shoes"."""
    others = [m for m in find_mentions(f"about {plain}") if not m.nested]
    if not others:
        return None
    shape = _shape(others[0])
    for mention in reversed(top):
        if mention.kind is Kind.THING and _shape(mention) == shape and (len(top) > 1 or shape[0]):
            return mention.start, mention.end
    return None


def _shape(mention: Mention) -> tuple[bool, bool]:
    return mention.text.split()[0].lower() in lists.DETERMINERS, mention.plural


def _behind_of(earlier: Question) -> tuple[int, int] | None:
    behind = [m for m in earlier.mentions if m.nested and m.before == "of"]
    return (behind[-1].start, behind[-1].end) if behind else None
