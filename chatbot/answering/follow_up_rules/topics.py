"""What an earlier question was about, in few words, for a query that needs its topic.

Used by ``references`` and ``fragments`` where nothing can be replaced word for word.
"""

from __future__ import annotations

import re

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.mentions import Kind, Mention
from chatbot.answering.follow_up_rules.question_shape import Question, insert_noun
from chatbot.answering.follow_up_rules.words import split_words

NAMED = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.NAME})
_OPEN = lists.COMPLEMENT_NOUNS | lists.GENERIC_WORDS | lists.PRONOUNS


def is_solid(mention: Mention) -> bool:
    """Whether a mention surely is a noun phrase, and not a verb or adjective taken for one."""
    words = split_words(mention.text)
    if mention.kind is not Kind.THING:
        return mention.kind is not Kind.TIME
    if mention.before == "how" or mention.head in lists.PREDICATE_ADJECTIVES:
        return False
    determined = words[0].low in lists.DETERMINERS | lists.POSSESSIVES
    if not determined and mention.head in lists.GENERIC_WORDS:
        return False
    if determined or mention.plural or len(words) > 1:
        return True
    ends = mention.after == "" or mention.after in lists.PREDICATE_ADJECTIVES
    if mention.head.endswith(("ing", "ed", "er", "est")) and not ends:
        return mention.before in {"of"} | lists.DO
    if mention.before in lists.BE:
        return ends
    return mention.before not in {"", "what", "which", "so", "not"} or not mention.after


def clause_of(question: Question) -> str:
    """Return what the question says, without question words.

    The X of "What is X", else the only phrase it has, else the words behind the auxiliary.
    """
    if question.focus:
        return question.focus
    phrases = [m for m in question.mentions if not m.nested and m.kind is not Kind.TIME]
    words = split_words(question.rest)
    personal = len(words) > 1 and words[1].low in {"i", "you", "we", "one"}
    if len(phrases) == 1 and not question.noun_is_kept and not personal:
        return phrases[0].text
    rest = question.rest
    if words and words[0].low in lists.AUXILIARIES:
        rest = question.rest[words[0].end :].strip()
    rest = re.sub(r"^(?:i|you|we|one)\s+", "", rest, flags=re.IGNORECASE)
    return insert_noun(rest, question.noun) if question.noun_is_kept else rest


def topic_of(context: Context) -> tuple[str, ...]:
    """Return the one or two names, or the phrase, that the conversation is about now.

    "The advantages of solar cells" are about solar cells; a question without any phrase of its own
    leaves the topic to the one before it.
    """
    for exchange in context:
        phrases = [m for m in exchange.question.mentions if is_solid(m) and not _is_open(m)]
        inner = [m for m in phrases if m.nested and _holder_is_abstract(m, exchange.question)]
        phrases = inner or [m for m in phrases if not m.nested]
        named = [m for m in phrases if m.kind in NAMED]
        chosen = named[:2] or phrases[:1]
        if chosen:
            return tuple(m.text for m in chosen)
    return ()


def _is_open(mention: Mention) -> bool:
    """Whether a phrase only names something of something: "the main advantages"."""
    words = [word.low for word in split_words(mention.text)]
    content = [low for low in words if low not in lists.FUNCTION_WORDS]
    return all(low in _OPEN for low in content)


def _holder_is_abstract(mention: Mention, question: Question) -> bool:
    holders = [
        m
        for m in question.mentions
        if m.start <= mention.start and mention.end <= m.end and not m.nested
    ]
    return any(m.head in lists.COMPLEMENT_NOUNS for m in holders)
