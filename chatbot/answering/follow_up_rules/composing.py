"""A new opening put before the rest of an earlier question: "Why?" after "Did Japan …?".

Used by ``fragments``.
"""

from __future__ import annotations

import re

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.mentions import Kind
from chatbot.answering.follow_up_rules.question_shape import (
    Question,
    insert_noun,
    parse_question,
    strip_end,
)
from chatbot.answering.follow_up_rules.references import add_hints
from chatbot.answering.follow_up_rules.topics import clause_of
from chatbot.answering.follow_up_rules.words import split_words

_EVENT = re.compile(
    r"((?:in |on |at |since |by )?(?:when|where|why|how|how often|how long|which \w+|what \w+))"
    r" (?:is|was|did|does|has|will|would|can|could) (?:it|that|this|all this)"
    r"(?: (?:happen|occur|take place|start|begin|done|be done|so|the case|be|happened|been done))?",
    re.IGNORECASE,
)


def compose(fragment: Question, earlier: Question) -> str:
    """Put the opener of the fragment before the rest of the earlier question."""
    opener, rest = strip_end(fragment.text), earlier.rest
    lows = [word.low for word in split_words(opener)]
    asks_number = lows[-2:] in (["how", "many"], ["how", "much"])
    asks_which = lows[-1] in {"which", "ones", "one"} or lows[-2:] == ["of", "them"]
    kept = earlier.noun if earlier.noun_is_kept else ""
    if asks_number or asks_which:
        noun, rest = _counted(earlier, rest, mass=lows[-1] == "much")
        opener = f"{'Which' if asks_which else opener} {noun}".strip()
        kept = "" if noun == kept else kept
    elif fragment.noun:
        rest = _without(rest, fragment.noun)
        kept = kept if fragment.wh != earlier.wh and fragment.noun not in kept else ""
    if (lows[-1] == "not" and earlier.inverted) or (lows[-1] == "not" and not earlier.opener):
        first, _, others = rest.partition(" ")
        opener, rest = opener[: -len(" not")], f"{first} not {others}"
    rest = insert_noun(rest, kept) if kept else rest
    if not earlier.opener and not _starts_inverted(rest):
        return add_hints(f"{_capital(opener, earlier)}?", [clause_of(earlier)])
    return f"{_capital(opener, earlier)} {rest}?"


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
    return None if of_events or earlier.focus else compose(parse_question(event[1]), earlier)


def _starts_inverted(rest: str) -> bool:
    return bool(words := split_words(rest)) and words[0].low in lists.AUXILIARIES


def _counted(earlier: Question, rest: str, *, mass: bool) -> tuple[str, str]:
    """Return the noun that "how many", "how much" or "which" asks for, and the rest without it."""
    if earlier.noun:
        return earlier.noun, rest
    skipped = lists.PREPOSITIONS | lists.AUXILIARIES | lists.DETERMINERS if mass else frozenset()
    for mention in earlier.mentions:
        if mention.before in skipped or mention.text.split()[0].lower() in skipped:
            continue
        if mention.kind is Kind.THING and mention.plural is not mass and mention.text in rest:
            plain = re.sub(r"^(?:the|any|some|all) ", "", mention.text)
            return plain, _without(rest, mention.text)
    return "", rest


def _without(text: str, phrase: str) -> str:
    pattern = rf"\b(?:the |any |some )?{re.escape(phrase)}\b\s*"
    return re.sub(pattern, "", text, count=1, flags=re.IGNORECASE).strip()


def _capital(opener: str, earlier: Question) -> str:
    """Write the opener as the earlier question was written: with a capital or without."""
    if earlier.text[:1].isupper():
        return opener[:1].upper() + opener[1:]
    return opener
