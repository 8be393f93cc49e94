"""A question taken apart: opening words, what they ask for, and the rest.

Knows English questions and nothing of dialogues. Used by ``fragments`` and ``antecedents`` to put a
new opening before the rest of an earlier question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.mentions import Mention, find_mentions
from chatbot.answering.follow_up_rules.words import Word, is_name, is_verb, split_words

_REQUEST = re.compile(
    r"(?:(?:please|hi|hello|hey|ok|okay)\b[\s,!]*)*"
    r"(?:(?:can|could|would) you (?:please )?|i(?:'d| would) like to |i want to |please |"
    r"do you |(?:can|could) i )?"
    r"(?:tell me (?:more )?(?:about )?|explain (?:to me )?|describe |show me |know (?:about )?|"
    r"give me (?:information|details|an overview) (?:on|of|about) |summari[sz]e |"
    r"(?:learn|hear|read|have some information|get some information) (?:more )?(?:about|on) |"
    r"what (?:do you know|can you tell me|is there) about |search for |look up )",
    re.IGNORECASE,
)
_LAST_SENTENCE = re.compile(r"(?<=[?!])\s+(?=\S)|(?<=\w{4}[.])\s+(?=[A-Z\"“])")
_END = re.compile(r"[\s?.!,;:…]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question in parts; ``opener``, ``noun`` and ``rest`` are pieces of ``text``."""

    text: str
    """Without the request in front ("tell me") and without the mark at the end."""
    opener: str
    """``How many vehicles``, ``In which year``, ``Who``; empty for yes/no questions and phrases."""
    noun: str
    """The noun in the opener: ``vehicles``; empty where there is none."""
    rest: str
    """``did Japan send to Ukraine``."""
    inverted: bool
    """Whether ``rest`` starts with an auxiliary, so that any opener fits before it."""
    mentions: tuple[Mention, ...]
    """Those of ``text``, offsets into ``text``."""

    @property
    def wh(self) -> str:
        """The question word in lower case, empty where there is none."""
        return next((w.low for w in split_words(self.opener) if w.low in lists.WH), "")

    @property
    def asks_subject(self) -> bool:
        """Whether the question word is the subject: "Which team won the cup"."""
        if not self.opener or self.wh in {"how", "why", "when", "where"}:
            return False
        return not self.inverted or (bool(self.noun) and self._has_no_subject())

    def _has_no_subject(self) -> bool:
        """Whether the auxiliary of ``rest`` is the main verb: "has the most moons"."""
        words = split_words(self.rest)
        if words[0].low not in lists.HAVE | lists.BE or len(words) < 2:
            return False
        later = range(1, len(words))
        return not any(is_verb(words, i) or words[i].low in lists.PRONOUNS for i in later)

    @property
    def focus(self) -> str:
        """What "What/Who is X" asks about: X; empty for other questions."""
        words = split_words(self.rest)
        plain = self.wh in {"what", "who"} and not self.noun
        if not plain or len(words) < 2 or words[0].low not in lists.BE or len(words) > 14:
            return ""
        if is_verb(words, 1) or is_verb(words, len(words) - 1):
            return ""
        return self.rest[words[1].start :]

    @property
    def noun_is_kept(self) -> bool:
        """Whether ``noun`` is an object that a new opener must not drop: "How many VEHICLES"."""
        low = self.noun.lower().split()[-1:] or [""]
        adjunct = low[0] in lists.TIME_NOUNS | lists.PLACE_NOUNS | {"place", "places", "reason"}
        starts_with_preposition = self.opener.lower().split()[:1] in [[p] for p in ("in", "on")]
        return bool(self.noun) and self.inverted and not adjunct and not starts_with_preposition


def strip_end(text: str) -> str:
    """Return ``text`` without spaces around it and without the marks at its end."""
    return _END.sub("", text).strip()


def parse_question(text: str) -> Question:
    """Take a question apart. Never fails: what is no question becomes a ``rest`` without opener."""
    sentences = [part for part in _LAST_SENTENCE.split(text.strip()) if part.strip()]
    asked = next((part for part in reversed(sentences) if part.endswith("?")), None)
    body = strip_end(asked or " ".join(sentences[:1]))
    request = _REQUEST.match(body)
    if request and request.end() < len(body):
        body = body[request.end() :].strip()
    words = split_words(body)
    last = _opener_end(words)
    noun_first = _noun_start(words, last)
    rest = body[words[last].start :] if last < len(words) else ""
    return Question(
        text=body,
        opener=body[: words[last - 1].end] if last else "",
        noun=body[words[noun_first].start : words[last - 1].end] if noun_first < last else "",
        rest=rest if last else _lower_first(body, words),
        inverted=last < len(words) and words[last].low in lists.AUXILIARIES,
        mentions=tuple(find_mentions(body)),
    )


def _lower_first(body: str, words: list[Word]) -> str:
    if words and words[0].low in lists.AUXILIARIES:
        return body[:1].lower() + body[1:]
    return body


def _opener_end(words: list[Word]) -> int:
    """Return how many words the opener has; 0 where the question has none."""
    index = 1 if words and words[0].low in lists.PREPOSITIONS else 0
    if index >= len(words) or words[index].low not in lists.WH:
        return 0
    wh = words[index].low
    index += 1
    if index + 1 < len(words) and words[index].low == "and" and words[index + 1].low in lists.WH:
        return index + 2
    if wh == "how" and index < len(words) and words[index].low in lists.HOW_DEGREE:
        index += 1
    if index < len(words) and words[index].low == "else":
        index += 1
    takes_noun = wh in {"what", "which", "whose"} or words[index - 1].low in {"many", "much"}
    while takes_noun and index < len(words) and _in_opener(words, index):
        index += 1
    return index


def _in_opener(words: list[Word], index: int) -> bool:
    """Whether the word at ``index`` still belongs to "how many …", "which …", "what …"."""
    low = words[index].low
    if low in lists.AUXILIARIES:
        return False
    if low in {"of", "other", "else", "the", "more", "kind", "one", "ones", "them"}:
        return True
    return low not in lists.FUNCTION_WORDS and not _follows_subject(words, index)


def _follows_subject(words: list[Word], index: int) -> bool:
    """Whether the word is the verb of "Which country SENT trucks", not a noun of the opener."""
    if is_verb(words, index) or (is_name(words, index) and index + 1 == len(words)):
        return True
    low = words[index].low
    base = low.removesuffix("s")
    after_noun = words[index - 1].low not in lists.FUNCTION_WORDS | lists.HOW_DEGREE
    return after_noun and (low in lists.VERBS or base in lists.VERBS)


def _noun_start(words: list[Word], last: int) -> int:
    """Return the index of the first noun of an opener of ``last`` words; ``last`` if none."""
    skip = lists.WH | lists.PREPOSITIONS | lists.HOW_DEGREE | {"and", "else", "other", "more"}
    return next((i for i in range(last) if words[i].low not in skip), last)


def insert_noun(rest: str, noun: str) -> str:
    """Put the object back behind the verb: "Japan send to Ukraine" + "vehicles"."""
    words = split_words(rest)
    for word in words[1:]:
        if word.low in lists.PREPOSITIONS - {"of"}:
            return f"{rest[: word.start]}{noun} {rest[word.start :]}"
    return f"{rest} {noun}"
