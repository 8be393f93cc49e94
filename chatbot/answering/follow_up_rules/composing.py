"""A new opening put before the rest of an earlier question: "Why?" after "Did Japan …?".

Used by ``fragments``.
"""

from __future__ import annotations

import re

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context, Exchange
from chatbot.answering.follow_up_rules.mentions import Kind
from chatbot.answering.follow_up_rules.question_shape import (
    Question,
    insert_noun,
    parse_question,
    strip_end,
)
from chatbot.answering.follow_up_rules.references import add_hints
from chatbot.answering.follow_up_rules.topics import NAMED, clause_of
from chatbot.answering.follow_up_rules.words import split_words

_EVENT = re.compile(
    r"((?:in |on |at |since |by )?(?:when|where|why|how|how often|how long|which \w+|what \w+))"
    r" (?:is|was|did|does|has|will|would|can|could) (?:it|that|this|all this)"
    r"(?: (?:happen|occur|take place|start|begin|done|be done|so|the case|be|happened|been done))?",
    re.IGNORECASE,
)


_NUMBER = re.compile(r"^(?:the|some|many|[\d,.]+)\s+", re.IGNORECASE)
_ANSWER_WORDS = 15
"""Words of an answer that say what "do" stood for."""


def compose(fragment: Question, exchange: Exchange) -> str:
    """Put the opener of the fragment before the rest of the earlier question."""
    earlier = exchange.question
    opener, rest = strip_end(fragment.text), earlier.rest
    lows = [word.low for word in split_words(opener)]
    asks_number = lows[-2:] in (["how", "many"], ["how", "much"])
    asks_which = lows[-1:] in (["which"], ["ones"], ["one"]) or lows[-2:] == ["of", "them"]
    kept = earlier.noun if earlier.noun_is_kept else ""
    if asks_number or asks_which:
        noun, rest = _counted(exchange, rest, mass=lows[-1] == "much")
        opener = f"{'Which' if asks_which else opener} {noun}".strip()
        kept = "" if noun == kept else kept
    elif fragment.noun:
        rest = _without(rest, fragment.noun)
        kept = kept if fragment.wh != earlier.wh and fragment.noun not in kept else ""
    if lows[-1:] == ["not"] and (earlier.inverted or not earlier.opener):
        first, _, others = rest.partition(" ")
        opener, rest = opener[: -len(" not")], f"{first} not {others}"
    rest = insert_noun(rest, kept) if kept else rest
    if not earlier.opener and not _starts_inverted(rest):
        return add_hints(f"{_capital(opener, earlier)}?", [clause_of(earlier)])
    done = [_deed(exchange)] if earlier.wh == "what" and not earlier.noun else []
    return add_hints(f"{_capital(opener, earlier)} {rest}?", done)


def name_what_is_counted(body: str, context: Context) -> str | None:
    """Complete "How many did New Zealand send?", which leaves out what and to whom."""
    question = parse_question(body)
    lows = [word.low for word in split_words(question.opener)]
    words = split_words(question.rest)
    if lows not in (["how", "many"], ["how", "much"]) or not question.inverted or len(words) > 5:
        return None
    if words[0].low in lists.BE or any(w.low in lists.PREPOSITIONS | {"it"} for w in words):
        return None
    noun, _ = _counted(context[0], context[0].question.rest, mass=lows[-1] == "much")
    places = [
        m.text
        for m in context[0].question.mentions
        if m.kind in NAMED and m.before in lists.PREPOSITIONS and not m.nested
    ]
    if not noun:
        return None
    return add_hints(f"{question.opener} {noun} {question.rest}?", places)


def _deed(exchange: Exchange) -> str:
    """Return the beginning of the answer to "What did X do?", empty for other questions."""
    words = split_words(exchange.question.rest)
    does = any(word.low == "do" for word in words[1:]) or words[-1:] == []
    plain = re.sub(r"[\"“”„«»()]", "", exchange.answer)
    return " ".join(plain.split()[:_ANSWER_WORDS]) if does else ""


def resolve_event(body: str, context: Context) -> str | None:
    """Turn "When did that happen?" into "When did <what the earlier question was about>?"."""
    event = _EVENT.fullmatch(body)
    earlier = context[0].question
    if event is None or not (earlier.inverted or _starts_inverted(earlier.rest)):
        return None
    of_events = any(
        m.head in lists.EVENT_NOUNS and m.before not in lists.PREPOSITIONS | lists.DETERMINERS
        for m in earlier.mentions
        if m.before in lists.AUXILIARIES or len(earlier.mentions) == 1
    )
    return None if of_events or earlier.focus else compose(parse_question(event[1]), context[0])


def _starts_inverted(rest: str) -> bool:
    return bool(words := split_words(rest)) and words[0].low in lists.AUXILIARIES


def _counted(exchange: Exchange, rest: str, *, mass: bool) -> tuple[str, str]:
    """Return the noun that "how many", "how much" or "which" asks for, and the rest without it."""
    earlier = exchange.question
    if earlier.noun:
        return earlier.noun, rest
    skipped = lists.PREPOSITIONS | lists.AUXILIARIES | lists.DETERMINERS if mass else frozenset()
    for mention in earlier.mentions:
        if mention.before in skipped or mention.text.split()[0].lower() in skipped:
            continue
        if mention.kind is Kind.THING and mention.plural is not mass and mention.text in rest:
            plain = re.sub(r"^(?:the|any|some|all) ", "", mention.text)
            return plain, _without(rest, mention.text)
    if earlier.wh == "what" and not mass:
        given = (m for m in exchange.answer_mentions if m.kind is Kind.THING and m.plural)
        return next((_NUMBER.sub("", m.text) for m in given if m.before), ""), rest
    return "", rest


def _without(text: str, phrase: str) -> str:
    pattern = rf"\b(?:the |any |some )?{re.escape(phrase)}\b\s*"
    return re.sub(pattern, "", text, count=1, flags=re.IGNORECASE).strip()


def _capital(opener: str, earlier: Question) -> str:
    """Write the opener as the earlier question was written: with a capital or without."""
    if earlier.text[:1].isupper():
        return opener[:1].upper() + opener[1:]
    return opener
