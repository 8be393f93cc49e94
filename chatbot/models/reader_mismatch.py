"""Plain contradictions between a question and a sentence: it is about somebody or something else.

What a score blurs, these rules say outright: another role ("the prime minister" against "the
defense minister"), another subject ("South Korea" against "Japan sent …"), a kind of answer that
the sentence lacks (an age, a sum of money, a birthplace). Each rule must be safe before it is
broad. Knows English only, no weights and no documents; used by ``reader``.
"""

from __future__ import annotations

import re
from itertools import pairwise

from chatbot.models.demonyms import same_country
from chatbot.models.reader_figures import another_count, another_year
from chatbot.models.reader_kinds import lacks_what_is_asked
from chatbot.models.words import STOP_WORDS, Word, words

_ROLE = re.compile(
    r"\W*who(?:['’]s|\s+(?:is|was|are|were))\s+(?:currently\s+|now\s+)?"
    r"(?:the\s+|an?\s+|(?!\w+(?:ing|ed|ly)\b))",
    re.IGNORECASE,
)
_NO_ROLE = re.compile(r"(?:ing|ed|ly)$", re.IGNORECASE)
"""What "Who is the author looking for?" asks of somebody is not what he is."""
_SUBJECT = re.compile(
    r"\b(?:did|does|do|has|have|had|will|would|could|can)\s+(?:the\s+)?"
    r"((?:[A-Z][\w.&'’-]+)(?:\s+(?:of\s+)?[A-Z][\w.&'’-]*)*)\b"
)
_LEANS = re.compile(
    r"[\"'“‘(]*(?:he|she|it|they|this|these|those|that|his|her|their|its|both|one|another|some|"
    r"in|on|at|by|after|before|during|from|as|when|while|since|with|under|according|the|a|an|"
    r"there|many|several|most|all|each|until|for|although|however|meanwhile|also|i|we|my|our|you)\b",
    re.IGNORECASE,
)
_TELLS_ON = re.compile(r"[\"'“‘(]*(?:he|she|it|they|this|these|those|that|i|we)\b", re.IGNORECASE)
"""A sentence that goes on with a story names other days on its way."""
_WHO = (
    r"\W*(?:[Ww]ho(?:['’]s|\s+(?:is|was))|[Ww]hat(?:['’]s|\s+(?:is|was)) the name of)"
    r"\s+(?:currently\s+|now\s+)?"
)
_NAME = r"([A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,5})"
_ROLE_OF = re.compile(
    rf"{_WHO}the\s+((?:[\w-]+\s+){{1,3}})(?:of|for|at)\s+(?:the\s+)?{_NAME}\s*\?*$"
)
_WHOSE_ROLE = re.compile(
    rf"{_WHO}{_NAME}(?:(?<=s)['’]|['’]s)\s+([\w-]+(?:\s+[\w-]+){{0,2}})\s*\?*$"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(rf"\b({'|'.join(_DAYS)})s?\b", re.IGNORECASE)
_DAY_RANGE = re.compile(rf"{_DAY.pattern}\s*(?:to|through|until|till|[-–—])\s*{_DAY.pattern}", re.I)
_BESIDE = 4
"""Words that a role and whose it is may be apart: "the ministers from Australia"."""
_KIN = 4
"""Letters that two forms of one name have in common: "Japan", "Japanese"."""


def mismatches(question: str, sentence: str, *, before: str = "") -> bool:
    """Say whether the sentence plainly is about something else than the question asks.

    Args:
        question: standing alone.
        sentence: one that might answer.
        before: what stands before it: a name may be there, and here only "he".
    """
    return lacks_what_is_asked(question, sentence) or any(
        disagrees(question, sentence, before) for disagrees in RULES.values()
    )


def _another_role(question: str, sentence: str, _before: str) -> bool:
    """Hold "Who is the prime minister …?" against a minister who is only called something else."""
    opening = _ROLE.match(question)
    if opening is None:
        return False
    asked = words(re.split(r"\b(?:of|in|at|for|from|who|that)\b", question[opening.end() :])[0])
    found = words(sentence)
    stems = [word.stem for word in found]
    for modifier, head in pairwise(asked):
        if modifier.is_stop or head.is_stop or _NO_ROLE.search(head.surface):
            continue
        if head.stem not in stems or any(_kin(modifier, word) for word in found):
            continue
        before = [found[at - 1] for at in range(1, len(found)) if stems[at] == head.stem]
        if before and all(_qualifies(word, asked) for word in before):
            return True
    return False


def _role_of_another(question: str, sentence: str, _before: str) -> bool:
    """Hold "Who is the mayor of Bonn?", or "Bonn's mayor", against that of another town."""
    if asked := _ROLE_OF.match(question):
        role, holder = words(asked[1]), words(asked[2])
    elif asked := _WHOSE_ROLE.match(question):
        holder, role = words(asked[1]), words(asked[2])
    else:
        return False
    found = words(sentence)
    heads = [at for at, word in enumerate(found) if word.stem == role[-1].stem]
    named = [at for at, word in enumerate(found) if any(_kin(word, name) for name in holder)]
    if not heads or not named:
        return False
    return min(abs(one - other) for one in heads for other in named) > _BESIDE


def _qualifies(word: Word, asked: tuple[Word, ...]) -> bool:
    """Whether a word before the head names another kind of it, and is not part of the question."""
    return not word.is_stop and word.stem not in {other.stem for other in asked}


def _another_subject(question: str, sentence: str, before: str) -> bool:
    """Hold "… did South Korea send?" against a sentence that begins with another name."""
    subject = _SUBJECT.search(question)
    if subject is None or _LEANS.match(sentence):
        return False
    first = re.match(r"[\"'“‘(]*([A-Z][\w’'-]*)", sentence)
    if first is None or first[1].lower() in STOP_WORDS:
        return False
    named = [word for word in words(subject[1]) if not word.is_stop]
    around = words(sentence) + words(before)
    return not any(_kin(word, other) for word in named for other in around)


def _another_day(question: str, sentence: str, _before: str) -> bool:
    """Hold "… open on Saturday?" against "Tuesday to Friday: 9:30 to 18:30"."""
    asked, said = _days(question), _days(sentence)
    return bool(asked and said) and not asked & said and not _TELLS_ON.match(sentence)


def _days(text: str) -> set[int]:
    """Return the days of the week that a text names, those between two of them too."""
    found = {_DAYS.index(match[1].lower()) for match in _DAY.finditer(text)}
    for match in _DAY_RANGE.finditer(text):
        first, last = (_DAYS.index(match[number].lower()) for number in (1, 2))
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return found


RULES = {
    "another role": _another_role,
    "the role of another": _role_of_another,
    "another subject": _another_subject,
    "another day": _another_day,
    "another year": another_year,
    "another count": another_count,
}
"""Rules on question, sentence and what stands before it, beside the kinds of answers."""


def _kin(one: Word, other: Word) -> bool:
    """Whether two words are forms of one name, or one is the other's initials."""
    if one.stem == other.stem or same_country(one.surface, other.surface):
        return True
    left, right = one.surface.lower(), other.surface.lower()
    return min(len(left), len(right)) >= _KIN and left[:_KIN] == right[:_KIN]
