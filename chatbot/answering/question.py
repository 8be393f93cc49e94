"""The search query: the question made stand-alone from the turns before it.

Without a model a short question, or one with a pronoun, is put behind the question before it; a
date, a number, an identifier or a name that it names takes the place of that one's. With a model
the model rewrites it. Knows no documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chatbot.answering.anchors import named_in
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import content_stems, words
from chatbot.types import AnchorKind, Turn

Nearest = Callable[[str, Sequence[str]], str | None]
"""Returns which of some texts is most like one, None if none is like it."""
MAX_QUERY = 400  # characters of a query that is made of two questions
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|these|those|then|both|"
    r"(?:the|which) ones?|(?:is|was|does|did|about|for|with|after|in|on|of|to|mean|cost) that|"
    r"(?<!is )(?<!are )(?<!was )(?<!were )there)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:he|she|him)\b|\bher\b(?=\s*[?.,]|\s+(?:in|at|on|to|for|by|with)\b)", re.IGNORECASE
)
_WHOSE = re.compile(r"\b(?:his|her|its|their)\b", re.IGNORECASE)
_WHO = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:and|or|but|also|so|ok(?:ay)?|no|yes|then|thanks|well|now)[\s,.:!-]+|"
    r"i (?:mean|meant)[\s,:]+|(?:what|how) about\s+)+",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:please\s+)?(?:tell me|say|give me|show me|explain|go on|continue|more|anything|what)?\s*"
    r"(?:more|else|further|go on|continue|(?:more |further )?details?)"
    r"(?:\s+(?:please|about (?:it|this|that|them)|details?|information))?\s*[?.!]*$",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset("in on at for to from with by of about during under over after".split())
_BARE = re.compile(
    r"^(?P<word>(?:(?:for|since|until|till|from|to|with|by|in|at|on|of)\s+)?"
    r"(?:who|whom|whose|what|when|where|why|which|how(?:\s+(?:many|much|long|often|far|old))?)|"
    r"(?:for|since|until|till|from|to|with|by|in|at|on|of|between|under|during)\s+"
    r"(?:which|what|whose)\s+\w+)"
    r"(?:\s+(?:of them|exactly|then|(?:is|was|will|did|does|had)\s+(?:that|it|this)"
    r"(?:\s+(?:be|happen|happened))?))?\W*$",
    re.IGNORECASE,
)
"""Nothing but what is asked for: "And when?", "In which year?"."""
_OPENS_WITH = re.compile(
    r"^(?:(?:for|since|until|till|from|to|with|by|in|at|on|of)\s+)?"
    r"(?:who|whom|what|when|where|why|how(?:\s+(?:many|much|long|often|far|old))?(?:\s+\w+s\b)?|"
    r"(?:which|whose|what)\s+\w+)\s+(?=\w)",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^(?:even|only|between|until|since|till|in|on|at|for|to|from|with|by|of|about|during|under|over|after|"
    r"before)\b|\b(?:too|either|as well)\W*$",
    re.IGNORECASE,
)
_WH = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|can|could|has|"
    r"have|will|would|should|may|list|name|tell|show|give|explain|describe)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is searched for, and what is read, in the place of the question."""

    text: str  # stands alone: with what the question needs of the ones before it
    asked: str  # what the reader reads: the question itself, with names for its pronouns
    more: bool = False  # it asks for what was not said yet
    other: SearchQuery | None = None
    """The question as asked, searched for beside the one before it: another way to take a
    follow-up. The documents tell which way is meant."""


def asks(question: str) -> bool:
    """Say whether a text asks something, by a question word or mark; else it names a topic."""
    return "?" in question or _WH.search(question) is not None


def chooses(text: str) -> bool:
    """Say whether no yes or no answers a question: it has a question word, or an "or"."""
    return _WH.search(text) is not None or re.search(r"\bor\b", text) is not None


def plain_query(text: str) -> SearchQuery:
    """Return a text as its own query."""
    return SearchQuery(text=text, asked=text)


def stand_alone(question: str, history: Sequence[Turn], *, near: Nearest) -> SearchQuery:
    """Make a question stand alone; a question that says enough itself comes back as it is.

    Of the answers before it only the last is read. ``near`` finds the part of an earlier question
    that a fragment replaces.
    """
    query: SearchQuery | None = None
    answer = ""
    for turn in [*history, Turn(role="user", content=question)]:
        if turn.role == "assistant":
            answer = turn.content
            continue
        plain = " ".join(turn.content.split())
        if query is not None and _MORE.match(plain):
            query = replace(query, more=True)
        elif query is not None and _needs_more(plain):
            body = _LEAD.sub("", plain)
            beside = f"{plain} ({query.asked})"[:MAX_QUERY]
            joined = _joined(query, body, plain=plain, topic=_topic(query.text, answer), near=near)
            query = replace(joined, other=SearchQuery(text=beside, asked=body))
        else:
            query = plain_query(turn.content)
        answer = ""
    assert query is not None
    return query


def _needs_more(question: str) -> bool:
    """Whether a question leans on the one before it: by a pronoun, or since it says little."""
    body = _LEAD.sub("", question)
    content = len(content_stems(body))
    if content > TUNING.enough_words:
        return False
    if not _ASKS.match(body):
        return body != question or bool(_ELLIPSIS.search(body))
    named = any(one.kind is not AnchorKind.DATE for one in named_in(body))
    return bool(_PRONOUN.search(body)) or (content < 2 and not named)


def _joined(
    before: SearchQuery, question: str, *, plain: str, topic: str, near: Nearest
) -> SearchQuery:
    """Return a question with the one before it: in its place where it is a fragment of it.

    ``plain`` has the words that lead over to it, too ("and", "what about"); ``topic`` is whom a
    pronoun means.
    """
    if (bare := _BARE.match(question)) is not None:
        return plain_query(f"{bare['word']} {_without_question_word(before.asked)}"[:MAX_QUERY])
    if not _ASKS.match(question) and not (topic and _WHOSE.match(question)):
        part = None if _WH.search(question) else near(question, _parts(before.asked, question))
        if part:
            text = before.asked.replace(part, question.rstrip(" ?.!"), 1)
        else:
            text = f"{before.asked} {question}"
        query = f"{plain} ({text})"[:MAX_QUERY]
        return SearchQuery(text=query, asked=text[-MAX_QUERY:])
    asked = question
    if topic and not any(one.kind is AnchorKind.NAME for one in named_in(question)):
        asked = _WHOSE.sub(f"{topic}’s", _SUBJECT.sub(topic, question, count=1), count=1)
    if asked != question and len(content_stems(asked)) > 1:
        return plain_query(asked)
    kept = _without_same(before.asked, question)
    named = _names(kept) or _names(before.text)
    context = " ".join(named or dict.fromkeys(w.surface for w in words(kept) if not w.is_stop))
    lead = plain if asked == question else asked
    text = f"{lead} ({context})"[:MAX_QUERY] if context else asked
    little = len(content_stems(asked)) < 2
    return SearchQuery(text=text, asked=text if little else asked)


def _without_question_word(question: str) -> str:
    """Return a question behind its question word: "did it open?" of "Where did it open?"."""
    rest = _OPENS_WITH.sub("", question, count=1)
    return rest[:1].lower() + rest[1:] if rest == question else rest


def _topic(question: str, answer: str) -> str:
    """Return whom a pronoun means: who was asked for, or else the first name of the question."""
    known = {one.text for one in named_in(question)}
    if _WHO.search(question):
        for names in _names(answer):
            if not known & set(names.split()):
                return names
    return next(iter(_names(question)), "")


def _names(text: str) -> list[str]:
    """Return the names of a text, words that stand side by side as one."""
    padded = f"the {text}"  # so that the first word may be a name
    runs: list[tuple[int, int]] = []
    for one in named_in(padded):
        if one.kind is not AnchorKind.NAME:
            continue
        start = runs.pop()[0] if runs and one.start - runs[-1][1] == 1 else one.start
        runs.append((start, one.end))
    return [padded[start:end] for start, end in runs]


def _parts(question: str, fragment: str) -> list[str]:
    """Return the runs of words of a question that a fragment may take the place of.

    What begins with a preposition takes the place of what begins with the same one.
    """
    asked = question.rstrip(" ?.!").split(" ")
    lead = fragment.split(" ", 1)[0].lower()
    same = lead in _PREPOSITIONS and lead in asked
    runs = (
        asked[first:end]
        for first in range(1, len(asked))
        for end in range(first + 1, min(len(asked), first + 5) + 1)
        if (asked[first] == lead if same else asked[first] not in _PREPOSITIONS)
    )
    return [part for run in runs if content_stems(part := " ".join(run))]


def _without_same(before: str, question: str) -> str:
    """Return the earlier question without what the later one names instead."""
    for kind in {one.kind for one in named_in(question)} - {AnchorKind.NAME}:
        olds = [one for one in named_in(before) if one.kind is kind]
        if olds:
            before = before[: olds[0].start] + before[olds[0].end :]
    return " ".join(before.split())
