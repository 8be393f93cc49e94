"""Years and counts on which a question and a sentence disagree.

"… in 2022?" is not answered by what happened "between May 2023 and March 2024", nor "… 250 trucks?"
by "101 trucks". Whoever asks so would be told something that did not happen. Knows English only, no
weights and no documents; used by ``reader_mismatch``. What the rules would pass over in vain is
counted by ``training/reader/kinds.py``.
"""

from __future__ import annotations

import re

from chatbot.models.words import words

_A_YEAR = r"(?:1[5-9]|20)\d\d"
_ASKED_YEAR = re.compile(
    r"\b(?:in|during)\s+(?:(?:the\s+)?(?:year|spring|summer|autumn|fall|winter|season)\s+(?:of\s+)?"
    rf"|[A-Z][a-z]{{2,8}}\s+(?:\d{{1,2}},?\s+)?)?({_A_YEAR})(?!s|\d|[-–/]\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"(?<![\d.,$£€])({_A_YEAR})(?!\d|,\d{{3}}|\.\d)")
_LONG = re.compile(rf"\b{_A_YEAR}s|\bcentur|\bdecade", re.IGNORECASE)
_OPEN_ENDED = r"\b(?:since|from|after|until|till|by|before|prior to|as of)\s+(?:\w+\s+){0,2}"
_COUNT = re.compile(
    r"(?<!than )(?<!under )(?<!over )(?<!up to )(?<!least )(?<!most )(?<!from )(?<!below )"
    r"(?<![\w.,/-])(\d[\d,]*)(?![\d.:%/-])\s+(?:[a-z]+\s+)??([a-z]{3,})"
)
"""A number of things; "less than 400 euros" is a bound, and holds for 600 too."""
_NUMBER = re.compile(r"\d[\d,]*\d|\d")


def another_year(question: str, sentence: str, _before: str) -> bool:
    """Hold "… in 2022?" against a sentence whose years all lie on one side of it.

    Args:
        question: one year asked for is held, two are not.
        sentence: decades, centuries and "since 2019" may well take the year in.
    """
    asked = _ASKED_YEAR.findall(question)
    if len(asked) != 1 or len(_YEAR.findall(question)) != 1 or _LONG.search(sentence):
        return False
    year, said = asked[0], _YEAR.findall(sentence)
    if not said or min(said) <= year <= max(said):
        return False
    return len(said) > 1 or not re.search(_OPEN_ENDED + said[0], sentence, re.IGNORECASE)


def another_count(question: str, sentence: str, before: str) -> bool:
    """Hold "… 250 trucks?" against "101 trucks", where 250 is not to be read nearby."""
    asked, said = _counts(question), _counts(sentence)
    around = {_plain(number) for number in _NUMBER.findall(f"{before} {sentence}")}
    return any(
        thing in said and not numbers & (said[thing] | around) for thing, numbers in asked.items()
    )


def _counts(text: str) -> dict[str, set[str]]:
    """Return the numbers of each counted thing, by its stem."""
    found: dict[str, set[str]] = {}
    for number, thing in _COUNT.findall(text):
        for word in words(thing):
            found.setdefault(word.stem, set()).add(_plain(number))
    return found


def _plain(number: str) -> str:
    return number.replace(",", "")
