"""What kind of answer a question asks for, by rules on its words.

Knows English only, and no document: a question of another kind or language is ``OTHER``. Used by
the reader's features and by the extractive answer (list questions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from chatbot.models.words import STOP_WORDS, fold


class AnswerKind(StrEnum):
    """What an answer has to hold."""

    PERSON = "person"
    NAME = "name"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes_no"
    THING = "thing"
    """What or which, with a noun or a clause that no list below knows."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionKind:
    """The kind of answer, the noun asked about ("vehicles") and whether several are asked for."""

    answer: AnswerKind
    noun: str | None = None
    several: bool = False
    broad: bool = False
    """It asks for an account of something: "how do I …", "the difference of …", "explain …"."""

    @property
    def open(self) -> bool:
        """Whether more than one sentence may be needed: why, how, what it is or what was done."""
        thing = self.answer is AnswerKind.THING and self.noun is None
        return thing or self.broad or self.answer is AnswerKind.REASON


_YES_NO = frozenset(
    """is are was were am do does did can could has have had will would should shall may might must
    isn aren wasn weren don doesn didn""".split()
)
_DATES = frozenset(
    "year date month day days century decade season weekday era period time hour years".split()
)
_PLACES = frozenset(
    """country countries city cities state states place places location locations town towns region
    regions continent continents river rivers street capital nation nations area areas county island
    islands province district venue building village village neighborhood destination address
    """.split()
)
_NUMBERS = frozenset(
    """percent percentage number amount price cost age population size distance speed temperature
    rate score total length height width weight depth quantity ratio proportion share fraction
    salary value sum""".split()
)
_PERSONS = frozenset(
    """person people man woman president king queen actor actress author singer emperor pope leader
    leaders minister secretary chairman ceo founder founders director writer player players
    scientist architect philosopher general governor mayor wife husband son daughter father mother
    brother sister inventor owner character coach judge poet artist artists composer spokesperson
    senator captain official officials""".split()
)
_NAMES = frozenset(
    """name names company companies organization organizations organisation team teams party parties
    school university college band group groups newspaper magazine book movie film song album
    agency airline brand language languages religion dynasty war battle treaty law act event
    tribe tribes institution network station channel currency nationality""".split()
)
_MEASURES = frozenset(
    """many much old long far tall big large high fast often deep heavy wide hot few small short
    young soon""".split()
)
_KIND_OF_NOUN = tuple(
    (nouns, kind)
    for nouns, kind in (
        (_DATES, AnswerKind.DATE), (_PLACES, AnswerKind.PLACE), (_NUMBERS, AnswerKind.NUMBER),
        (_PERSONS, AnswerKind.PERSON), (_NAMES, AnswerKind.NAME),
    )
)  # fmt: skip
_LIST = re.compile(
    r"\b(?:list|name (?:all|the|some|two|three)|what (?:all|else)|which (?:two|three|four|five)"
    r"|who (?:all|are|were)|what are|what were)\b"
)
_COST = re.compile(r"\bwhat (?:do|does|did|will|would)\b.*\bcosts?\b(?! of)")
_BROAD = re.compile(
    r"\b(?:differences?|meanings?|definition|purpose|causes?|effects?|impacts?|consequences|role|"
    r"functions?|significance|importance|history|background|benefits|advantages|disadvantages|"
    r"features|symptoms|requirements|rules|reasons?|relationship|process|steps|ways|uses|examples?|"
    r"pros and cons)\b|\bwhat (?:happens?|happened|makes?|made)\b|"
    r"^\W*(?:please )?(?:explain|describe|summari[sz]e|compare|define|discuss|outline|"
    r"tell (?:me|us) (?:how|why))\b"
)
_SINGULAR_IN_S = frozenset("news series species politics status bus gas class process".split())


def question_kind(question: str) -> QuestionKind:
    """Say what kind of answer a question asks for."""
    text = fold(question)
    if _COST.search(text):
        return QuestionKind(answer=AnswerKind.NUMBER)
    tokens = re.findall(r"[^\W_]+", text)
    kind = _kind(tokens, several=bool(_LIST.search(text)))
    if kind.answer in (AnswerKind.THING, AnswerKind.OTHER):
        return replace(kind, broad=bool(_BROAD.search(text)))
    return replace(kind, broad=kind.answer is AnswerKind.MANNER)


def _kind(tokens: list[str], *, several: bool) -> QuestionKind:
    for at, token in enumerate(tokens):
        rest = tokens[at + 1 :]
        if at == 0 and token in _YES_NO:
            return QuestionKind(answer=AnswerKind.YES_NO)
        if token in ("who", "whom", "whose"):
            return QuestionKind(answer=AnswerKind.PERSON, several=several)
        if token == "when":
            return QuestionKind(answer=AnswerKind.DATE, several=several)
        if token == "where":
            return QuestionKind(answer=AnswerKind.PLACE, several=several)
        if token == "why":
            return QuestionKind(answer=AnswerKind.REASON)
        if token == "how":
            return _how(rest)
        if token in ("what", "which"):
            return _what(rest, several)
    return QuestionKind(answer=AnswerKind.OTHER, several=several)


def _how(rest: list[str]) -> QuestionKind:
    if rest and rest[0] in _MEASURES:
        noun = rest[1] if len(rest) > 1 and rest[1] not in STOP_WORDS else None
        return QuestionKind(answer=AnswerKind.NUMBER, noun=noun)
    return QuestionKind(answer=AnswerKind.MANNER)


def _what(rest: list[str], several: bool) -> QuestionKind:
    """Read the noun phrase behind "what" or "which", or behind "what is the"."""
    if rest and rest[0] in ("is", "was", "are", "were", "s"):
        named = rest[1:2] == ["the"] and len(rest) > 2
        phrase = [word for word in rest[2:5] if named]
    elif rest[:2] in (["kind", "of"], ["type", "of"], ["kinds", "of"], ["types", "of"]):
        phrase = rest[2:5]
    else:
        phrase = rest[:4]
    noun = None
    for word in phrase:
        if word in STOP_WORDS:
            break
        noun = word
        for nouns, kind in _KIND_OF_NOUN:
            if word in nouns:
                return QuestionKind(answer=kind, noun=word, several=several or _is_plural(word))
    return QuestionKind(
        answer=AnswerKind.THING,
        noun=noun,
        several=several or (noun is not None and _is_plural(noun)),
    )


def _is_plural(noun: str) -> bool:
    irregular = noun in ("people", "children", "men", "women", "countries")
    regular = noun.endswith("s") and not noun.endswith("ss") and noun not in _SINGULAR_IN_S
    return irregular or regular
