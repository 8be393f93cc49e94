"""Follow-ups that are no whole question: "And when?", "What about Australia?", "Tell me more".

They take the earlier question and change one part of it. Knows the exchanges so far; pronouns are
the matter of ``references``. Used by ``follow_up``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.mentions import (
    Kind,
    Word,
    find_mentions,
    is_name,
    is_verb,
    split_words,
)
from chatbot.answering.follow_up_rules.question_shape import (
    Question,
    insert_noun,
    parse_question,
    strip_end,
)
from chatbot.answering.follow_up_rules.references import add_hints
from chatbot.answering.follow_up_rules.swaps import date_in, swap
from chatbot.answering.follow_up_rules.topics import clause_of, topic_of

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
_EVENT = re.compile(
    r"((?:in |on |at |since |by )?(?:when|where|why|how|how often|how long|which \w+|what \w+))"
    r" (?:is|was|did|does|has|will|would|can|could) (?:it|that|this|all this)"
    r"(?: (?:happen|occur|take place|start|begin|done|be done|so|the case|be|happened|been done))?",
    re.IGNORECASE,
)
_ABOUT_A_CLAUSE = frozenset("reason reasons purpose aim result results outcome goal".split())
_PICK = re.compile(
    r"(?:the |number |option |point |item |no\.? ?)+(?P<word>first|second|third|fourth|fifth|last|"
    r"former|latter|\d)(?: (?:one|option|point|item|thing|answer|sentence))?|\[(?P<marker>\d+)\]",
    re.IGNORECASE,
)


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
        return compose(parse_question(body), earlier)
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
    low = words[0].low
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


def compose(fragment: Question, earlier: Question) -> str:
    """Put the opener of the fragment before the rest of the earlier question."""
    opener, rest = strip_end(fragment.text), earlier.rest
    lows = [word.low for word in split_words(opener)]
    asks_number = lows[-2:] in (["how", "many"], ["how", "much"])
    asks_which = lows[-1] in {"which", "ones", "one"} or lows[-2:] == ["of", "them"]
    kept = earlier.noun if earlier.noun_is_kept else ""
    if asks_number or asks_which:
        noun, rest = _counted(earlier, rest)
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


def _counted(earlier: Question, rest: str) -> tuple[str, str]:
    """Return the noun that "how many" or "which" counts, and the rest without it."""
    if earlier.noun:
        return earlier.noun, rest
    for mention in earlier.mentions:
        if mention.kind is Kind.THING and mention.plural and mention.text in rest:
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


def resolve_pick(text: str, context: Context) -> str | None:
    """Replace "the second one" or "[2]" by the thing of that number in the answer before."""
    found = _PICK.search(text)
    items = context[0].items
    if found is None or len(items) < 2 or not _stands_for_a_thing(text, found):
        return None
    word = (found["word"] or found["marker"] or "").lower()
    index = lists.NUMBERS.get(word, int(word) - 1 if word.isdigit() else 0)
    if index >= len(items) or (word == "0"):
        return None
    item = strip_end(" ".join(items[index].split()[:20]))
    lone = all(
        w.low in lists.FUNCTION_WORDS | lists.FIRST_WORDS | {"tell", "explain", "take", "want"}
        for w in split_words(text[: found.start()] + text[found.end() :])
    )
    if lone:
        return add_hints(item, [clause_of(context[0].question)])
    if len(item.split()) > 6:
        item = next((m.text for m in find_mentions(item)), item)
    return text[: found.start()] + item + text[found.end() :]


def _stands_for_a_thing(text: str, found: re.Match[str]) -> bool:
    """Whether no noun follows: "the second one" and "the latter", not "the second war"."""
    if found["marker"] or re.search(r"\bone$", found[0], re.IGNORECASE):
        return True
    following = split_words(text[found.end() :])
    if found["word"].isdigit() and "number" in found[0].lower():
        return not following
    return not following or following[0].low in lists.AUXILIARIES | {"please"}


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
