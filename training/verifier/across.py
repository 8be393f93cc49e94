"""False claims whose words all stand in the evidence.

Denials turned around, sentences mixed, two values of one sentence in each other's place. A network
that reads several sentences side by side is ready to believe what only their words together say;
these claims teach it not to. Knows no documents beyond the sentences it is given.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from training.verifier import rewordings
from training.verifier.numbers import find_numbers
from training.verifier.past_tense import past_tense
from training.verifier.statements import third_person

_DO = re.compile(r"\b(do|does|did)(?: (?:not|never)|n['’]t) ([a-z]+)\b")
_BE = re.compile(
    r"\b(is|are|was|were|will|would|could|should|may|might|must|has|have|had)"
    r"(?: (?:not|never)|n['’]t)\b(?! (?:only|just|necessarily))"
)
_CAN = re.compile(r"\bcan(?:not| not|['’]t)\b(?! (?:only|just))")
_HAS_NO = re.compile(r"\b(has|have|had|is|was|with) no\b(?! longer)")
_NEVER = re.compile(r"\b(?:never|no longer) (?=[a-z])")
_SUBJECT = re.compile(
    r"(?P<subject>(?:\S+ ){1,7}?)(?P<predicate>(?P<verb>is|are|was|were|has|have|had|will|can|"
    r"could|must|should|may|did|does)\b .{8,})"
)
_LEANS = frozenset(
    "he she it they this these those that there we i you in on at by when if while as after before "
    "for from with although however but and so both such one some another all many most".split()
)
_PLURAL = frozenset(("are", "were", "have"))
_SINGULAR = frozenset(("is", "was", "has", "does"))


def affirm(sentence: str) -> str | None:
    """Say what a sentence denies: "does not cover" becomes "covers"."""
    found = _DO.search(sentence)
    if found:
        verb = {"do": found[2], "does": third_person(found[2]), "did": past_tense(found[2])}
        return _put(sentence, found, verb[found[1]])
    for pattern, form in ((_BE, r"\1"), (_CAN, "can"), (_HAS_NO, r"\1 a"), (_NEVER, "")):
        found = pattern.search(sentence)
        if found:
            return _put(sentence, found, found.expand(form))
    return None


def cross(first: str, second: str) -> str | None:
    """Say of what one sentence is about what another says of something else.

    None where the two may be about the same.
    """
    one, other = _SUBJECT.fullmatch(first), _SUBJECT.fullmatch(second)
    if one is None or other is None or not _agree(one["verb"], other["verb"]):
        return None
    subject, another = (set(re.findall(r"[a-z]+", m["subject"].lower())) for m in (one, other))
    if _LEANS & (subject | another) or subject & another - {"the", "a", "an", "of"}:
        return None
    return str(one["subject"] + other["predicate"])


def exchanged(sentence: str, source: random.Random) -> str | None:
    """Put two numbers of one kind in each other's place: two years, two counts, two shares."""
    numbers = find_numbers(sentence)
    pairs = [
        (one, other)
        for at, one in enumerate(numbers)
        for other in numbers[at + 1 :]
        if one.kind == other.kind != "ordinal" and one.value != other.value
    ]
    if not pairs:
        return None
    one, other = source.choice(pairs)
    first, second = sentence[one.start : one.end], sentence[other.start : other.end]
    between = sentence[one.end : other.start]
    return _cased(sentence[: one.start] + second + between + first + sentence[other.end :])


def claims(
    pool: Sequence[str], source: random.Random, *, each: int
) -> Iterator[tuple[str, str, bool]]:
    """Yield kind, claim and truth: at most ``each`` of a passage for each kind.

    Of a sentence that denies something, what it says is claimed, too, so that a denial in the
    evidence does not by itself make a claim false.
    """
    usable = [s for s in pool if 5 <= len(s.split()) <= 40 and s[0].isupper()]
    denying = [(s, turned) for s in usable if (turned := affirm(s)) is not None]
    for sentence, turned in source.sample(denying, min(each, len(denying))):
        yield "affirm", rewordings.shorten(turned, source) or turned, False
        yield "kept", rewordings.shorten(sentence, source) or sentence, True
    mixed = [c for s in usable for t in usable if s != t and (c := cross(s, t)) is not None]
    for claim in source.sample(mixed, min(each, len(mixed))):
        yield "cross", claim, False
    swapped = [c for s in usable if (c := exchanged(s, source)) is not None]
    for claim in source.sample(swapped, min(each, len(swapped))):
        yield "exchanged", claim, False


def _agree(one: str, other: str) -> bool:
    return not any(
        one in numbers and other in others
        for numbers, others in ((_PLURAL, _SINGULAR), (_SINGULAR, _PLURAL))
    )


def _put(sentence: str, found: re.Match[str], new: str) -> str:
    return _cased(" ".join((sentence[: found.start()] + new + sentence[found.end() :]).split()))


def _cased(whole: str) -> str:
    return whole[:1].upper() + whole[1:]
