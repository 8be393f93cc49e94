"""Questions that do not say of what: "What were the causes?", "Which is the biggest?".

They get the topic of the conversation. Used by ``follow_up``.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.mentions import find_mentions
from chatbot.answering.follow_up_rules.question_shape import Question
from chatbot.answering.follow_up_rules.references import add_hints
from chatbot.answering.follow_up_rules.topics import clause_of, topic_of
from chatbot.answering.follow_up_rules.words import Word, is_name, split_words

_ABOUT_A_CLAUSE = frozenset("reason reasons purpose aim result results outcome goal".split())


def complete_question(body: str, context: Context) -> str | None:
    """Say of what: "What were the causes?" leaves it open, and so does "Where was the meeting?".

    Returns:
        The question with the topic of the earlier one, or None if it says enough itself.
    """
    earlier = context[0].question
    words = split_words(body)
    openers = lists.WH | lists.AUXILIARIES | lists.PREPOSITIONS | lists.IMPERATIVES
    if len(words) < 2 or words[0].low not in openers:
        return None
    content = [
        w.low
        for i, w in enumerate(words)
        if w.low not in lists.FUNCTION_WORDS - {"you", "i", "my", "your"} and not _number(w)
    ]
    content = [low for low in content if low not in lists.IMPERATIVES]
    open_nouns = lists.COMPLEMENT_NOUNS | lists.GENERIC_WORDS | lists.LIGHT_VERBS
    if content and all(low in open_nouns for low in content):
        defines = any(w.low in {"a", "an"} for w in words)
        if defines and words[-1].low not in lists.LIGHT_VERBS | {"example", "alternative"}:
            return None
        whole_clause = any(low in _ABOUT_A_CLAUSE for low in content) and earlier.inverted
        return _with_topic(
            body, words, (clause_of(earlier),) if whole_clause else topic_of(context)
        )
    if _names_a_part(words) or _chooses(words) or _asks_for_others(words, content):
        return _with_topic(body, words, topic_of(context))
    return _bridge(body, words, earlier)


def _names_a_part(words: Sequence[Word]) -> bool:
    """Whether this is "What are the <adjectives> effects" and does not say of what."""
    last = words[-1].low
    if last not in lists.COMPLEMENT_NOUNS or not last.endswith("s") or len(words) > 7:
        return False
    plain = not any(is_name(words, i) for i in range(len(words)))
    asks = [w.low for w in words[:2]] in (["what", "are"], ["what", "were"], ["are", "there"])
    return plain and asks and not any(w.low in lists.PREPOSITIONS for w in words)


def _asks_for_others(words: Sequence[Word], content: Sequence[str]) -> bool:
    """Whether this asks for "other foods" and says too little besides."""
    others = any(w.low in {"other", "others", "another"} for w in words)
    complete = any(w.low in lists.PREPOSITIONS for w in words)
    plain = not any(is_name(words, i) for i in range(len(words)))
    return others and not complete and len(content) < 4 and plain


def _chooses(words: Sequence[Word]) -> bool:
    """Whether this is "Which is the biggest?": of what was talked about before."""
    plain = not any(is_name(words, i) for i in range(len(words)))
    return words[0].low == "which" and words[1].low in lists.BE and plain and len(words) < 7


def _number(word: Word) -> bool:
    return word.low.isdigit() and len(word.low) < 3


def _with_topic(body: str, words: Sequence[Word], topic: Sequence[str]) -> str:
    """Add the topic: "the causes of X" where a noun waits for it, else in brackets."""
    mark = "" if words[0].low in lists.IMPERATIVES else "?"
    one_phrase = len(topic) == 1 and [m.text for m in find_mentions(topic[0])[:1]] == [topic[0]]
    if words[-1].low in lists.COMPLEMENT_NOUNS and one_phrase:
        return f"{body} of {topic[0]}{mark}"
    return add_hints(f"{body}{mark}", topic)


def _bridge(body: str, words: Sequence[Word], earlier: Question) -> str | None:
    """Say which meeting "the meeting" is, if the earlier question said more about one."""
    if len(words) > 9 or any(is_name(words, i) for i in range(len(words))):
        return None
    for mention in find_mentions(body):
        if mention.nested or len(mention.text.split()) != 2 or mention.text[:4].lower() != "the ":
            continue
        for known in earlier.mentions:
            if known.head == mention.head and len(known.text.split()) > 2:
                return f"{body[: mention.start]}{known.text}{body[mention.end :]}?"
    return None
