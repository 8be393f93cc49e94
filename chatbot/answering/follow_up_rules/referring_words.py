"""Words of a question that refer to something said before: "she", "it", "there", "that meeting".

Knows only the question: a pronoun that the question itself explains ("How old was Mozart when he
died?") is none of them, nor is the "it" of "how long does it take to". Used by ``references``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.antecedents import Sort, fit
from chatbot.answering.follow_up_rules.mentions import Kind, Mention, find_mentions
from chatbot.answering.follow_up_rules.question_shape import parse_question
from chatbot.answering.follow_up_rules.words import Word, is_verb, split_words

_SORTS = {
    "he": Sort.HE, "him": Sort.HE, "his": Sort.HE, "himself": Sort.HE,
    "she": Sort.SHE, "her": Sort.SHE, "hers": Sort.SHE, "herself": Sort.SHE,
    "it": Sort.IT, "its": Sort.IT,
    "they": Sort.THEY, "them": Sort.THEY, "their": Sort.THEY, "theirs": Sort.THEY,
    "there": Sort.THERE, "then": Sort.THEN,
}  # fmt: skip
_CLAUSE_WORDS = (
    lists.CONJUNCTIONS
    | lists.WH
    | frozenset(
        "that before after since until by as than assuming given once during despite "
        "besides".split()
    )
)
"""Words that open a new clause or phrase, whose pronoun may mean something before it."""

_EMPTY_IT = re.compile(
    r"\b(?:what|which) (?:time|day|date|year|season) (?:is|was) it\b|"
    r"\bit(?:'s| is| was)? (?:\w+ )?(?:true|possible|necessary|legal|illegal|safe|ok|okay|common|"
    r"important|normal|worth|better|best|easy|hard|easier|harder|difficult|cheaper|likely|fair|correct|allowed|"
    r"estimated|believed|thought|known|said|assumed|permitted|customary|called|considered|"
    r"confirmed|shown|proven)\b.*\b(?:that|to|if|when|how|where|whether)\b|"
    r"\b(?:does|did|do|will|would|can|could|should|might|doesn't|didn't) it "
    r"(?:\w+ )?(?:take|cost|mean|matter|make sense|feel|require)\b"
    r".* (?:to|for|when|if|that|until)\b|"
    r"\b(?:when|while|if|does|did|will|is) it (?:\w+ )?(?:rains?|snows?|raining|snowing)\b|"
    r"\b(?:make|makes|made|making|find|finds|found|consider|considered|deemed) it \w+ "
    r"(?:to|for|that)\b|\b(?:is|was) it (?:like )?(?:to|when|that|who)\b|"
    r"\b(?:called|mean|known as) (?:it )?when\b|\bwhen it comes to\b|"
    r"\bit (?:seems|appears) that\b|"
    r", ?(?:is|isn't|was|wasn't|does|doesn't|did|didn't) it ?\?*$|"
    r"\bwas it \w+(?: \w+)? (?:who|that)\b|"
    r"\bhow (?:far|long) (?:is|was) it (?:from|to|between)\b.* (?:to|and|until)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A referring phrase of a question: ``question[start:end]``."""

    start: int
    end: int
    sort: Sort
    possessive: bool = False
    noun: str = ""
    """The noun of "that NOUN"; ``one`` where an adjective stands before a "one"."""


def find_references(text: str) -> list[Reference]:
    """Return the words of ``text`` that refer to something outside it, in their order."""
    words = split_words(text)
    mentions = find_mentions(text)
    noun = parse_question(text).noun
    empty = _empty_its(text)
    found: list[Reference] = []
    for index, word in enumerate(words):
        if word.low in _SORTS and word.start not in empty and word.text != "IT":
            found.extend(_pronoun(words, index, mentions, noun))
        elif word.low in lists.DEMONSTRATIVES:
            found.extend(_demonstrative(words, index, mentions))
        elif word.low in {"one", "ones"}:
            found.extend(_one(words, index, mentions))
    return found


def _empty_its(text: str) -> set[int]:
    """Return where an "it" stands that means nothing: "is it true that …"."""
    starts = [match.start() for match in _EMPTY_IT.finditer(text)]
    its = [re.compile(r"\bit\b", re.IGNORECASE).search(text, start) for start in starts]
    return {it.start() for it in its if it}


def _low(words: Sequence[Word], index: int) -> str:
    return words[index].low if 0 <= index < len(words) else ""


def _pronoun(
    words: Sequence[Word], index: int, mentions: Sequence[Mention], noun: str
) -> Iterator[Reference]:
    word, before, after = words[index], _low(words, index - 1), _low(words, index + 1)
    sort = _SORTS[word.low]
    if sort is Sort.THERE and (
        after in lists.AUXILIARIES or before in lists.BE | lists.HAVE or index == 0
    ):
        return
    if sort is Sort.THEN and after:
        return
    possessive = (
        word.low in {"his", "its", "their"}
        or (word.low == "her" and after != "" and after not in lists.FUNCTION_WORDS)
        or (word.low == "it" and after == "'s" and before not in lists.CONJUNCTIONS)
    )
    if not _explained(words, index, mentions, noun, possessive=possessive):
        yield Reference(start=word.start, end=word.end, sort=sort, possessive=possessive)


def _explained(
    words: Sequence[Word], index: int, mentions: Sequence[Mention], noun: str, *, possessive: bool
) -> bool:
    """Whether the question itself says what the pronoun stands for."""
    word, before = words[index], _low(words, index - 1)
    fitting = [m for m in mentions if _could_be(m, _SORTS[word.low], possessive=possessive)]
    earlier = [m for m in fitting if m.end <= word.start]
    asked = [m for m in earlier if noun and m.text in noun]
    subject_asked = _low(words, 0) in lists.WH and _low(words, 1) not in lists.AUXILIARIES
    who = subject_asked and words[0].low == "who" and index > 1
    if word.low.endswith(("self", "selves")) and (who or earlier):
        return True
    if any(_comma_between(words, word.start, m.start) for m in fitting if m.start > word.end):
        return True
    if possessive:
        if _low(words, 1) in lists.BE and before != "at" and _low(words, index + 1) != "kind":
            earlier = [m for m in earlier if _acts(words, m, index)]
        return who or len(earlier) > len(asked) or (subject_asked and bool(asked))
    inverted = before in lists.AUXILIARIES
    finite = is_verb(words, index + 1) or _low(words, index + 1) in lists.AUXILIARIES
    if not inverted and (finite or before in _CLAUSE_WORDS):
        return who or any(not _is_object_of(words, m, index) for m in earlier)
    return any(_parted(words, m, index, by_verbs=not inverted) for m in earlier)


def _acts(words: Sequence[Word], mention: Mention, index: int) -> bool:
    """Whether a verb or a new clause stands between a mention and the word at ``index``."""
    between = [i for i in range(index) if words[i].start >= mention.end]
    return any(is_verb(words, i) or words[i].low in _CLAUSE_WORDS for i in between)


def _is_object_of(words: Sequence[Word], mention: Mention, index: int) -> bool:
    """Whether a relative clause begins with the word: "the tribes (that) THEY met"."""
    between = [w.low for w in words[:index] if w.start >= mention.end]
    return between in ([], ["that"], ["which"], ["whom"])


def _could_be(mention: Mention, sort: Sort, *, possessive: bool) -> bool:
    if possessive and sort in {Sort.IT, Sort.THEY}:
        return mention.plural or mention.kind not in {Kind.TIME, Kind.PERSON}
    if sort is Sort.IT and mention.kind is Kind.NAME:
        return True
    return fit(mention, sort) > 0


def _parted(words: Sequence[Word], mention: Mention, index: int, *, by_verbs: bool) -> bool:
    """Whether another clause begins between a mention and the word at ``index``."""
    between = [i for i in range(index) if words[i].start >= mention.end]
    if any(words[i].low in _CLAUSE_WORDS for i in between):
        return True
    if _comma_between(words, mention.end, words[index].start):
        return True
    verbs = [i for i in range(1, index) if is_verb(words, i)]
    verbs += [2] if index > 2 and words[2].low.endswith("ing") else []
    doing = words[index - 1].low.endswith("ing") and len(between) > 1
    return by_verbs and (len(verbs) > 1 or doing)


def _comma_between(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a mark such as a comma stands between two places of the text."""
    inside = [w for w in words if start <= w.start <= end or start < w.end <= end]
    return any(right.start - left.end > 1 for left, right in pairwise(inside))


def _demonstrative(
    words: Sequence[Word], index: int, mentions: Sequence[Mention]
) -> Iterator[Reference]:
    word, after = words[index], _low(words, index + 1)
    if word.low == "that" and not _points_back(words, index):
        return
    after_verb = is_verb(words, index + 1) and _low(words, index - 1) in lists.AUXILIARIES
    closed = lists.AUXILIARIES | lists.PREPOSITIONS | lists.ADVERBS | lists.CONJUNCTIONS
    if not after or after in closed or after_verb:
        earlier = [m for m in mentions if m.end <= word.start]
        relative = after in lists.PREPOSITIONS | lists.WH | {"that"}
        if not relative and not any(_parted(words, m, index, by_verbs=False) for m in earlier):
            yield Reference(start=word.start, end=word.end, sort=Sort.THAT)
        return
    if after in lists.FUNCTION_WORDS | lists.TIME_NOUNS | {"sense", "way", "respect", "regard"}:
        return
    last = index + 1
    while last + 1 < len(words) and _continues(words, last + 1):
        last += 1
    relative = _low(words, last + 1) in {"of", "that", "who", "which"}
    adjective = after in lists.PREDICATE_ADJECTIVES or after.endswith(("ed", "ing"))
    named = any(m.head == words[last].low and m.end <= word.start for m in mentions)
    if not relative and not named and not (word.low == "those" and adjective):
        end = words[last].end
        yield Reference(start=word.start, end=end, sort=Sort.NOUN, noun=words[last].low)


def _continues(words: Sequence[Word], index: int) -> bool:
    low = words[index].low
    known = low in lists.FUNCTION_WORDS | lists.VERBS | lists.PREDICATE_ADJECTIVES
    return not known and not is_verb(words, index)


def _points_back(words: Sequence[Word], index: int) -> bool:
    """Whether "that" is a demonstrative here, and neither opens a clause nor a relative one."""
    before, after = _low(words, index - 1), _low(words, index + 1)
    later = range(index + 2, len(words))
    clause_follows = any(words[i].low in lists.AUXILIARIES or is_verb(words, i) for i in later)
    if not before:
        return after in lists.AUXILIARIES or not clause_follows
    if not after:
        return True
    if before in lists.PREPOSITIONS | {"and", "but", "or"}:
        return after not in lists.AUXILIARIES | lists.PREPOSITIONS
    if before in lists.AUXILIARIES:
        return after not in lists.DETERMINERS
    verb = is_verb(words, index - 1) and before not in lists.SAYING_VERBS
    return verb and after not in lists.FUNCTION_WORDS and not clause_follows


def _one(words: Sequence[Word], index: int, mentions: Sequence[Mention]) -> Iterator[Reference]:
    word, before, after = words[index], _low(words, index - 1), _low(words, index + 1)
    sort = Sort.ONES if word.low == "ones" else Sort.ONE
    ends = not after or after in lists.AUXILIARIES | lists.PREPOSITIONS - {"of"} | {"please"}
    earlier = [m for m in mentions if m.end <= word.start and m.kind is Kind.THING]
    explained = any(word.low not in m.text.lower() for m in earlier)
    if not ends or explained or not before:
        return
    if before in {"this", "that", "the"} and word.low == "one":
        yield Reference(start=words[index - 1].start, end=word.end, sort=Sort.IT)
    elif before in {"which", "what"} or before in lists.VERBS or is_verb(words, index - 1):
        yield Reference(start=word.start, end=word.end, sort=sort)
    elif before not in lists.FUNCTION_WORDS and not before.isdigit():
        yield Reference(start=word.start, end=word.end, sort=sort, noun="one")
