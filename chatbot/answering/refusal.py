"""Refusing: when, and in which words.

The words name what the documents do not say, by turning the question into a clause ("who the prime
minister of Japan is"). The rules are for plain English questions; where they are not sure, the
refusal says no more than that the question is not answered. Knows neither store nor model; used
by both ways of answering.
"""

from __future__ import annotations

import re

from chatbot.answering.past_tense import past_tense
from chatbot.models.reader import Reading

GENERAL_REFUSAL = "The documents do not answer this question."

_BE = frozenset("is are was were".split())
_DO = frozenset("do does did".split())
_MODAL = frozenset("will would can could should may might must has have had".split())
_HAVE = frozenset("has have had".split())
_AUXILIARY = _BE | _DO | _MODAL
_VERBS = frozenset(
    """agree announce ask attend become begin believe bring build buy call cause change come cost
    cover create decide develop do end fall feel find get give go grow happen have help hold
    include increase join keep know last lead leave live look lose make mean meet move need offer
    open own pay plan play produce promise provide put reach react receive rise run say see sell
    send serve show speak spend stand start stop support take talk tell think treat turn use visit
    vote want win work write""".split()
)
"""Plain forms that are sure to be verbs behind "the" and a noun."""
_NO_VERBS = frozenset(
    """about above across after against along among and around as at before behind below beside
    between beyond by down during except for from in inside into like near of off on onto or out
    outside over past per since than through to toward towards under until up upon versus via with
    within without not never also already ever still""".split()
)
_WH = frozenset("who what when where why how which whose".split())
_PREPOSITIONS = frozenset("in at on for from to with by of during".split())
_ADVERBS = frozenset("already still ever also not now first finally originally recently".split())
_PERSONAL = re.compile(r"\b(?:i|me|my|we|us|our|you|your|this|that|these|those)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[\w ,.'’%$€£&/-]{5,160}\??")
_NAME = re.compile(r"[A-Z0-9][\w.'’&-]*$")
_PARTICIPLE = re.compile(
    r"(?:\w{2,}ed|held|made|born|done|sent|given|taken|written|known|built|found|said|told|"
    r"won|lost|sold|bought|paid|set|put|led|left|kept|seen|shown|chosen|begun|brought|fought|cut)$"
)
_INVERTED_MAX = 8
"""Words of a subject that may be moved; a longer one reads badly."""


def should_refuse(reading: Reading, *, with_model: bool = False) -> bool:
    """Say whether to refuse instead of answering.

    Args:
        reading: what the reader made of the question and the retrieved sentences.
        with_model: before a language model is asked: it can say itself that nothing answers, so
            only the nearly hopeless is refused.
    """
    threshold = reading.threshold_with_model if with_model else reading.threshold
    return not reading.answering or reading.p_answered < threshold


def refusal(question: str, *, named: bool = False) -> str:
    """Return the sentence that refuses a question: "The documents do not say …".

    Args:
        question: one question.
        named: it stands beside the answer to another part, so the question is repeated where it
            cannot be turned into a clause.
    """
    clause = question_clause(question)
    if clause:
        return f"The documents do not say {clause}."
    text = " ".join(question.split())
    if named and _PLAIN.fullmatch(text):
        return f"The documents do not answer “{text}”."
    return GENERAL_REFUSAL


def question_clause(question: str) -> str | None:
    """Turn a question into a clause: "Who is X?" becomes "who X is"; None where not sure."""
    text = " ".join(question.split())
    if not _PLAIN.fullmatch(text) or _PERSONAL.search(text) or text.isupper():
        return None
    words = text.rstrip("?").rstrip(" .").split(" ")
    if len(words) < 2:
        return None
    words[0] = words[0].lower()
    if words[0] in _AUXILIARY:
        moved = _move(words[0], words[1:], ask="whether")
        return None if moved is None else f"whether {moved}"
    if words[0] in _PREPOSITIONS and words[1] in ("which", "what", "whom"):
        clause = _wh_clause(words[1:])
        return None if clause is None else f"{words[0]} {clause}"
    return _wh_clause(words) if words[0] in _WH else None


def _wh_clause(words: list[str]) -> str | None:
    at = next((i for i, word in enumerate(words[:5]) if i and word.lower() in _AUXILIARY), None)
    if at is None:  # the subject is asked for: "which countries attended"
        return " ".join(words) if len(words) > 2 or words[0] in ("who", "what") else None
    phrase, auxiliary, rest = words[:at], words[at].lower(), words[at + 1 :]
    if not rest:
        return None
    subject_asked = len(phrase) > 1 or words[0] in ("who", "what")
    if subject_asked and auxiliary not in _DO and _is_predicate(rest, auxiliary):
        return " ".join(words)
    has_verb = any(_PARTICIPLE.match(word) for word in rest)
    if len(phrase) > 1 and auxiliary in ("has", "have", "had") and not has_verb:
        return " ".join(words)
    if len(phrase) > 1 and auxiliary in _BE and words[0] != "how":
        plain = rest[0].islower() and rest[0] not in ("the", "a", "an", "there")
        return " ".join(words) if plain else None
    moved = _move(auxiliary, rest, ask=" ".join(phrase))
    return None if moved is None else f"{' '.join(phrase)} {moved}"


def _is_predicate(rest: list[str], auxiliary: str) -> bool:
    """Whether what follows the auxiliary is no subject: "was discussed", "are in NATO"."""
    first = rest[0]
    if auxiliary in _BE:
        return bool(_PARTICIPLE.match(first)) or first in ("in", "on", "at", "from", "not", "more")
    return first in ("been", "be") or (
        first.islower() and bool(_PARTICIPLE.match(first)) and auxiliary in ("has", "have", "had")
    )


def _move(auxiliary: str, rest: list[str], *, ask: str) -> str | None:
    """Put the verb behind its subject."""
    length = _subject_length(rest)
    if auxiliary in _BE:
        return _move_be(auxiliary, rest, length, ask)
    if length is None or length == len(rest):
        return None
    subject, verb, tail = " ".join(rest[:length]), rest[length], rest[length + 1 :]
    if not verb.isalpha() or not verb.islower() or verb in _NO_VERBS:
        return None
    if auxiliary in _HAVE and not _PARTICIPLE.match(verb):
        return None
    if rest[0].lower() == "the" and auxiliary not in _HAVE and verb not in _VERBS:
        return None  # "the G7 defense ministers meet": where the subject ends is not sure
    if auxiliary == "did":
        verb = past_tense(verb)
    elif auxiliary == "does":
        verb = _third_person(verb)
    elif auxiliary != "do":
        verb = f"{auxiliary} {verb}"
    return " ".join([subject, verb, *tail])


def _move_be(auxiliary: str, rest: list[str], length: int | None, ask: str) -> str | None:
    breaks = [at for at, word in enumerate(rest) if at and _PARTICIPLE.match(word)]
    if any(_is_verb_in_ing(rest, at) for at in range(1, len(rest))):
        return None
    if ask in ("who", "what", "whose") or not breaks:
        if breaks or len(rest) > _INVERTED_MAX:
            return None
        if ask in ("who", "what", "where", "when", "how old", "how many", "how much"):
            return " ".join([*rest, auxiliary])
        if length is None or length == len(rest):
            return None
        return " ".join([*rest[:length], auxiliary, *rest[length:]])
    at = breaks[0] if len(breaks) == 1 else length
    if at is not None and at > 1 and rest[at - 1] in _ADVERBS:
        at -= 1
    return None if at is None else " ".join([*rest[:at], auxiliary, *rest[at:]])


def _is_verb_in_ing(words: list[str], at: int) -> bool:
    return (
        words[at].endswith("ing")
        and words[at].islower()
        and words[at - 1] not in ("the", "a", "an", "of")
    )


def _subject_length(words: list[str]) -> int | None:
    """Count the words of a subject that is surely one: a name, or "the" and a noun or name."""
    if words[0].lower() in ("he", "she", "it", "they"):
        return 1
    start = 1 if words[0].lower() == "the" else 0
    end = start
    while end < len(words) and _NAME.match(words[end]):
        if words[end].endswith(("'s", "’s")):
            return None  # "Norway's head of state": the noun behind it is the subject
        end += 1
    if end > start:
        return end
    return 2 if start and len(words) > 2 and words[1].isalpha() else None


def _third_person(verb: str) -> str:
    if verb in ("have", "do", "go"):
        return {"have": "has", "do": "does", "go": "goes"}[verb]
    if verb.endswith(("s", "x", "ch", "sh", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ies"
    return verb + "s"
