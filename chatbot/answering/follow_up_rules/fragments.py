"""Follow-ups that are no whole question: "And when?", "What about Australia?", "Tell me more".

They take the earlier question and change one part of it. Knows the exchanges so far; pronouns are
the matter of ``references``. Used by ``follow_up``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.composing import compose
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.mentions import Kind, find_mentions
from chatbot.answering.follow_up_rules.question_shape import (
    Question,
    parse_question,
)
from chatbot.answering.follow_up_rules.swaps import date_in, swap
from chatbot.answering.follow_up_rules.words import Word, is_name, is_verb, split_words

_MORE = re.compile(
    r"(?:(?:can|could|would) you |please |i want to |i'd like to )*"
    r"(?:(?:tell|show|give|let|say|write|list) (?:me |us |know )?)?(?:a (?:little |bit )?)?"
    r"(?:more|more (?:details?|information|info|on this|please)|go on|continue|elaborate|"
    r"explain|explain (?:that|it|this)|expand|why do you say so|is that (?:all|it)|"
    r"(?:(?:summari[sz]e|shorten|rephrase|repeat|simplify) (?:that|it|this))|in (?:short|detail)|"
    r"yes|yeah|yep|sure|ok|okay|no|really|are you sure|say that again|what|what do you mean|sorry|"
    r"(?:anything|what) (?:else|more)|and|and then|keep going|details|further)"
    r"(?: (?:about (?:it|that|this|them)|on (?:it|that|this)|please|more|further|again|to me|"
    r"a (?:bit|little)(?: more)?|in (?:more|greater|simple|other) (?:detail|depth|terms|words)))*",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:what about|how about|what of|same (?:question )?(?:for|with|about)|(?:no,? )?i mea?nt?|"
    r"what if it is|and for|or rather)\s+",
    re.IGNORECASE,
)
_TAG = re.compile(r"[\s,]+(?:too|as well|also|then|instead|though|either)$", re.IGNORECASE)


def repeat_for_more(body: str, context: Context) -> str | None:
    """Return the earlier question again for "tell me more", "yes please" and the like."""
    return as_question(context[0].question) if _MORE.fullmatch(body) else None


def resolve_fragment(body: str, context: Context, *, led_in: bool) -> str | None:
    """Complete a fragment from the newest exchange.

    Args:
        body: the question without words such as "and" in front and without the mark at its end.
        context: the exchanges so far, newest first; at least one.
        led_in: whether "and", "but" or the like stood in front.

    Returns:
        The whole question, or None if ``body`` is no fragment.
    """
    earlier = context[0].question
    words = split_words(body)
    about = _ABOUT.match(body)
    if about and len(words) <= 9 and not _has_clause(words[2:]):
        return swap(_TAG.sub("", body[about.end() :]), earlier)
    if not words or len(words) > 8:
        return None
    if _is_wh_fragment(words):
        return compose(parse_question(body), context[0])
    body = _TAG.sub("", body)
    words = split_words(body)
    if _is_bare_subject(words):
        return swap(body[words[1].start :], earlier)
    return swap(body, earlier) if _is_bare_phrase(words, earlier, led_in=led_in) else None


def as_question(question: Question) -> str:
    """Return the text of a question with its mark."""
    asks = question.opener or (split_words(question.text)[:1] and question.inverted)
    yes_no = split_words(question.rest)[:1]
    return (
        f"{question.text}?"
        if asks or (yes_no and yes_no[0].low in lists.AUXILIARIES)
        else (question.text)
    )


def _has_clause(words: Sequence[Word]) -> bool:
    """Whether "what about …" goes on with a question of its own."""
    return any(word.low in lists.AUXILIARIES | (lists.WH - {"who", "which"}) for word in words)


def _is_wh_fragment(words: Sequence[Word]) -> bool:
    """Whether this is an opener and nothing else: "How many?", "In which year?", "Why not?"."""
    first = 1 if words[0].low in lists.PREPOSITIONS and len(words) > 1 else 0
    if words[first].low not in lists.WH or len(words) > 6:
        return False
    tail = range(first + 1, len(words))
    if any(words[i].low in lists.AUXILIARIES | lists.DETERMINERS | {"to"} for i in tail):
        return False
    if any(is_verb(words, i) or (is_name(words, i) and i > first + 1) for i in tail):
        return False
    nouns = [i for i in tail if words[i].low not in lists.FUNCTION_WORDS]
    adjective_only = words[first].low == "how" and words[-1].low in lists.HOW_DEGREE
    return len(nouns) <= 2 or adjective_only


def _is_bare_subject(words: Sequence[Word]) -> bool:
    """Whether this is an auxiliary and a name without a verb: "Did Sweden?"."""
    if len(words) < 2 or words[0].low not in lists.AUXILIARIES:
        return False
    rest = range(1, len(words))
    names = all(is_name(words, i) or words[i].low in {"the", "and", "of"} for i in rest)
    return names and (words[0].low not in lists.BE or len(words) == 2)


def _is_bare_phrase(words: Sequence[Word], earlier: Question, *, led_in: bool) -> bool:
    """Whether this is a phrase without a verb that changes a part of the earlier question."""
    low = words[0].low if words else ""
    if low in lists.AUXILIARIES or any(w.low in lists.AUXILIARIES | lists.WH for w in words):
        return False
    if any(is_verb(words, i) for i in range(1, len(words))):
        return False
    if low in lists.PREPOSITIONS or led_in:
        return len(words) <= 7
    mentions = find_mentions(" ".join(w.text for w in words))
    if len(words) > 3 or len(mentions) != 1 or mentions[0].kind not in {Kind.TIME, Kind.PLACE}:
        return False
    if mentions[0].kind is Kind.TIME:
        return date_in(earlier.text) is not None
    return any(m.kind is Kind.PLACE for m in earlier.mentions)
