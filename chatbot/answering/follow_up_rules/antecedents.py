"""What a pronoun stands for: the best mention of the conversation so far.

Knows the earlier questions and answers; ``references`` finds the pronouns and puts the phrase in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chatbot.answering.follow_up_rules import name_lists as names
from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context, Exchange
from chatbot.answering.follow_up_rules.mentions import Kind, Mention, find_mentions
from chatbot.answering.follow_up_rules.question_shape import strip_end
from chatbot.answering.follow_up_rules.topics import NAMED, is_solid
from chatbot.answering.follow_up_rules.words import split_words


class Sort(StrEnum):
    """What a referring word can stand for."""

    HE = "he"
    SHE = "she"
    IT = "it"
    THEY = "they"
    THERE = "there"
    THEN = "then"
    THAT = "that"
    """A whole statement: "why is that"."""
    NOUN = "noun"
    """"That meeting": a phrase with this head."""
    ONE = "one"
    """"How do I get one": an indefinite thing."""
    ONES = "ones"
    """"Which ones are free": things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Antecedent:
    """The phrase that a reference stands for."""

    text: str
    plural: bool
    before: str = ""
    """The preposition it had: "in" of "in Graz"."""
    hints: tuple[str, ...] = ()
    """Names that the query needs beside it: the one the answer gave, those the question had."""


_DISTANCE = 1.2
"""How much one turn further back weighs, in points of ``fit``."""
_MAX_WORDS = 14
_LOWER_CASE = 0.8
"""How well "he" fits words that may be a name, since the user writes no capitals."""


def fit(mention: Mention, sort: Sort) -> float:
    """Return how well a mention fits a sort of reference: 3 surely, 1 perhaps, 0 not at all."""
    if mention.kind is Kind.TIME:
        return 3.0 if sort is Sort.THEN else 0.0
    if sort in {Sort.HE, Sort.SHE}:
        return _fits_person(mention, sort)
    if sort is Sort.THEY:
        return _fits_group(mention)
    if sort is Sort.ONES:
        return 3.0 if mention.plural and mention.kind is Kind.THING else 0.0
    if sort is Sort.THERE:
        return _fits_place(mention)
    if sort in {Sort.IT, Sort.ONE}:
        if _perhaps_singular(mention):
            return 1.5
        if mention.plural or (mention.kind is Kind.THING and mention.head in lists.PERSON_NOUNS):
            return 0.0
        return 0.0 if mention.kind is Kind.PERSON else 2.0
    return 0.0


def _perhaps_singular(mention: Mention) -> bool:
    """Whether a name only looks like a plural: "Kubernetes", "Jaws"."""
    return mention.plural and mention.kind is Kind.NAME and " " not in mention.text


def _fits_person(mention: Mention, sort: Sort) -> float:
    words = [word.low for word in split_words(mention.text)]
    wrong_titles = names.FEMALE_TITLES if sort is Sort.HE else names.MALE_TITLES
    wrong_names = names.FEMALE_NAMES if sort is Sort.HE else names.MALE_NAMES
    plural = mention.plural and not _perhaps_singular(mention)
    if plural or mention.kind in {Kind.PLACE, Kind.ORGANISATION}:
        return 0.0
    if any(word in wrong_titles or word in wrong_names for word in words):
        return 0.5
    if mention.kind is Kind.PERSON or mention.head in lists.PERSON_NOUNS:
        return 3.0
    if mention.kind is Kind.NAME:
        return 0.5 if words[0] == "the" else min(len(words), 2) * 1.0
    bare = words[0] not in lists.DETERMINERS | lists.POSSESSIVES
    return _LOWER_CASE if bare and mention.text.islower() and not mention.nested else 0.0


def _fits_group(mention: Mention) -> float:
    if mention.plural:
        return 2.5 if _perhaps_singular(mention) else 3.0
    if mention.kind is Kind.ORGANISATION or mention.head in lists.ORGANISATION_NOUNS:
        return 2.0
    if mention.kind is not Kind.THING:
        return 1.0
    return 1.0 if mention.text.split()[0].lower() in {"a", "an"} else 0.5


def _fits_place(mention: Mention) -> float:
    located = 1.0 if mention.before in {"in", "at", "to", "from", "near", "into", "on"} else 0.0
    if mention.kind is Kind.PLACE or mention.head in lists.PLACE_NOUNS:
        return 2.0 + located
    if mention.kind in {Kind.NAME, Kind.ORGANISATION}:
        return 1.0 + located
    return located


def choose(sort: Sort, context: Context, *, noun: str = "") -> Antecedent | None:
    """Return what a reference of this sort most likely stands for, None if nothing fits.

    Args:
        sort: what the referring word can stand for.
        context: the exchanges so far, newest first.
        noun: the noun of "that NOUN" in lower case; only for ``Sort.NOUN``.
    """
    best: Antecedent | None = None
    best_points = 0.4
    for distance, exchange in enumerate(context):
        for points, antecedent in _candidates(sort, exchange, noun):
            total = points - _DISTANCE * distance
            if total > best_points:
                best, best_points = antecedent, total
    return _pair(best, context) if sort is Sort.THEY and best else best


def _pair(best: Antecedent, context: Context) -> Antecedent:
    """Join the X and Y of "What is X?" "What is Y?" for a "they" that has one thing only."""
    topics = [exchange.question.focus for exchange in context[:2]]
    if best.plural or len(topics) < 2 or not all(topics) or best.text != topics[0]:
        return best
    return Antecedent(text=f"{topics[1]} and {topics[0]}", plural=True)


def _candidates(sort: Sort, exchange: Exchange, noun: str) -> Iterator[tuple[float, Antecedent]]:
    question = exchange.question
    if sort is Sort.NOUN:
        yield from _same_head(exchange, noun)
        return
    if question.focus:
        whole = [m for m in question.mentions if question.focus.startswith(m.text)][:1]
        if whole and is_solid(whole[0]) and (points := fit(whole[0], sort)):
            points -= _weight_of_abstract(whole[0], exchange)
            yield points + 0.3, _as_focus(exchange, whole[0])
    asks_person = question.wh in {"who", "whom"} and not question.focus
    if (question.asks_subject and question.noun) or asks_person:
        yield from _asked(sort, exchange)
    subject_due = question.inverted or not question.opener
    for mention in filter(is_solid, question.mentions):
        points = fit(mention, sort) - 0.4 * mention.nested
        if mention.kind is Kind.THING and points == _LOWER_CASE and not question.text.islower():
            continue
        points -= _weight_of_abstract(mention, exchange)
        if sort is not Sort.THERE:
            points -= 0.3 * (mention.before in lists.PREPOSITIONS and not mention.nested)
            points += 0.3 * (subject_due and mention.before in lists.AUXILIARIES)
        defined = mention.text == question.noun
        yield (
            points,
            _from_mention(mention, defined=defined, hints=_names_beside(mention, exchange)),
        )
    from_answer = 2.0 if question.wh == "where" and sort is Sort.THERE else -1.0
    known = question.text.lower()
    for position, mention in enumerate(exchange.answer_mentions[:12]):
        if mention.text.lower() not in known and fit(mention, sort) not in {0.0, _LOWER_CASE}:
            points = fit(mention, sort) + from_answer - 0.05 * position - 0.3 * mention.nested
            yield points, _from_mention(mention)


def _weight_of_abstract(mention: Mention, exchange: Exchange) -> float:
    """Return what to take off "the advantages of X": a later "it" or "they" is rather X."""
    inside = [m for m in exchange.question.mentions if m.nested and m.text in mention.text]
    if mention.nested or mention.head not in lists.COMPLEMENT_NOUNS - {"capital", "deadline"}:
        return 0.0
    if mention.head in lists.ABSTRACT_NOUNS:
        return 2.6 if inside else 1.5
    return 0.6 if inside else 0.0


def _names_beside(mention: Mention, exchange: Exchange) -> tuple[str, ...]:
    """Return the names of a question when the mention has none: "vehicles (Japan, Ukraine)"."""
    named = [m for m in exchange.question.mentions if m.kind in NAMED]
    if mention.kind is not Kind.THING or any(m.text in mention.text for m in named):
        return ()
    return tuple(m.text for m in named if not m.nested)


def _asked(sort: Sort, exchange: Exchange) -> Iterator[tuple[float, Antecedent]]:
    """Yield what "Which team won the cup?" asks for: the answer's name, else "the team that …"."""
    question = exchange.question
    who = question.wh in {"who", "whom"}
    plural = who or (
        bool(find_mentions(question.noun)[:1]) and find_mentions(question.noun)[0].plural
    )
    if sort in {Sort.THEY, Sort.IT, Sort.HE, Sort.SHE} and not (plural and not who):
        known = question.text.lower()
        for position, mention in enumerate(exchange.answer_mentions[:4]):
            opens = mention.before == "" and not who
            named = opens or mention.kind in NAMED - ({Kind.PLACE} if who else set())
            if named and fit(mention, sort) >= 1 and mention.text.lower() not in known:
                points = fit(mention, sort) + 0.6 - 0.05 * position
                yield points - 1.0 * (who and sort is Sort.IT), _from_mention(mention)
    description = f"{'those who' if who else f'the {question.noun} that'} {question.rest}"
    fits = (sort is Sort.THEY if plural else sort is Sort.IT) and question.asks_subject
    if (who or question.noun) and fits and len(split_words(description)) <= _MAX_WORDS:
        yield 3.1 if plural else 2.1, Antecedent(text=description, plural=plural)


def _as_focus(exchange: Exchange, mention: Mention) -> Antecedent:
    """Return the X of "Who is X", with the name that the answer gives for it as a hint."""
    focus = exchange.question.focus
    hints = [
        found.text
        for found in exchange.answer_mentions[:6]
        if found.kind in {Kind.PERSON, Kind.NAME, Kind.PLACE}
        and not found.nested
        and found.text.lower() not in focus.lower()
    ]
    wanted = mention.kind is Kind.THING and len(hints) == 1
    plural = mention.plural and not _perhaps_singular(mention)
    return Antecedent(text=focus, plural=plural, hints=tuple(hints) if wanted else ())


def _same_head(exchange: Exchange, noun: str) -> Iterator[tuple[float, Antecedent]]:
    for bonus, mentions in ((0.5, exchange.question.mentions), (0.0, exchange.answer_mentions)):
        for mention in mentions:
            if mention.head.removesuffix("s") == noun.removesuffix("s"):
                yield 2.5 + bonus - 0.4 * mention.nested, _from_mention(mention)


def _from_mention(
    mention: Mention, *, defined: bool = False, hints: tuple[str, ...] = ()
) -> Antecedent:
    text = strip_end(mention.text)
    first, _, others = text.partition(" ")
    starts_sentence = mention.before == "" and mention.kind is Kind.THING
    if first in {"The", "A", "An", "My", "Your", "Our"} or (starts_sentence and first.istitle()):
        text = f"{first.lower()} {others}".strip()
    return Antecedent(
        text=f"the {text}" if defined else text,
        plural=mention.plural and not _perhaps_singular(mention),
        before=mention.before if mention.before in lists.PREPOSITIONS else "",
        hints=hints,
    )
