"""The words of a question: cut, and told apart into names, verbs, times and function words.

There is no part-of-speech model: word lists, endings and the order of words in English questions
decide. Used by all the other rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.answering.follow_up_rules import name_lists as names
from chatbot.answering.follow_up_rules import word_lists as lists

_WORD = re.compile(r"['’]s\b|\w+(?:[-.&/]\w+|['’](?!s\b)\w+)*")
_YEAR = re.compile(r"(?:1\d|20)\d\ds?|\d+(?:st|nd|rd|th)")
_SINGULAR_S = frozenset(
    "physics politics mathematics economics statistics athletics ethics genetics linguistics news "
    "electronics gymnastics logistics robotics mechanics always perhaps series species".split()
)
_NO_PAST = frozenset(
    "need feed seed weed deed shed sled reed bed red speed breed creed bleed".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a text, with its place."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it starts with a capital letter or a digit."""
        return self.text[0].isupper() or self.text[0].isdigit()


def split_words(text: str) -> list[Word]:
    """Return the words of ``text``; a possessive ``'s`` is a word of its own."""
    return [
        Word(
            text=match[0],
            low=match[0].lower().replace("’", "'"),
            start=match.start(),
            end=match.end(),
        )
        for match in _WORD.finditer(text)
    ]


def is_time(low: str) -> bool:
    """Whether a word in lower case is a year, a month or a weekday."""
    return bool(_YEAR.fullmatch(low)) or low in names.MONTHS or low in names.WEEKDAYS


def is_plural(low: str) -> bool:
    """Guess from the ending whether a noun is a plural."""
    if low in {"people", "men", "women", "children", "police", "media", "data", "teeth", "feet"}:
        return True
    if low in _SINGULAR_S:
        return False
    return len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is", "as"))


def is_function_word(words: Sequence[Word], index: int) -> bool:
    """Whether the word at ``index`` is a closed-class word, and not the month of May or the US."""
    word = words[index]
    if word.text == "May" and index:
        after = words[index + 1].low if index + 1 < len(words) else ""
        return not (after.isdigit() or words[index - 1].low in lists.PREPOSITIONS)
    return word.low in lists.FUNCTION_WORDS and word.text != "US"


def is_name(words: Sequence[Word], index: int) -> bool:
    """Whether the word at ``index`` is (part of) a name: a capital inside, or a known place."""
    word = words[index]
    if word.low in names.PLACES and word.low != "us":
        return True
    if not word.capital or is_function_word(words, index) or word.low in lists.FIRST_WORDS:
        return word.text == "US"
    if index == 0:
        return word.low in names.GIVEN_NAMES or word.text[1:2].isupper()
    return True


def is_verb(words: Sequence[Word], index: int) -> bool:
    """Guess whether the word at ``index`` is a verb from its form and its neighbours."""
    if index >= len(words):
        return False
    word = words[index]
    before = words[index - 1].low if index else ""
    if is_function_word(words, index) or is_name(words, index):
        return False
    if before in lists.DETERMINERS | lists.POSSESSIVES | {"of", "'s"}:
        return before in lists.DEMONSTRATIVES and word.low in lists.PAST_FORMS
    if word.low in lists.PAST_FORMS or (word.low.endswith("ed") and word.low not in _NO_PAST):
        return index + 1 >= len(words) or before not in lists.PREPOSITIONS
    base = word.low[:-1] if word.low.endswith("s") else word.low
    base = base if base in lists.VERBS else word.low.removesuffix("es")
    if not index and word.low in lists.IMPERATIVES:
        return True
    if base not in lists.VERBS:
        return False
    if before in {"what", "which"} and word.low != base:
        return index + 1 >= len(words) or words[index + 1].low not in lists.AUXILIARIES
    if before in {"to", "not"} | lists.PRONOUNS or before in lists.WH - {"what", "which", "whose"}:
        return True
    if word.low != base:
        after = words[index + 1].low if index + 1 < len(words) else ""
        has_object = after.isdigit() or after in lists.DETERMINERS | lists.POSSESSIVES
        follows_name = words[index - 1].capital and is_name(words, index - 1)
        return bool(index) and (follows_name or has_object)
    return not _is_first_noun(words, index) and verb_is_due(words, index)


def _is_first_noun(words: Sequence[Word], index: int) -> bool:
    """Whether only numbers and adjectives stand between an article and this word."""
    adjectives = lists.PREDICATE_ADJECTIVES | lists.GENERIC_WORDS
    back = index - 1
    while back > 0 and (words[back].low.isdigit() or words[back].low in adjectives):
        back -= 1
    return back >= 0 and words[back].low in lists.DETERMINERS | lists.POSSESSIVES


def verb_is_due(words: Sequence[Word], index: int) -> bool:
    """Whether a bare verb is due: "did/can <subject> VERB", none having come since."""
    for back in range(index - 1, -1, -1):
        low = words[back].low
        if low in lists.DO | lists.MODAL:
            subject_asked = back > 0 and words[back - 1].low in {"what", "who", "which"}
            return index - back > 1 or (subject_asked and low in lists.MODAL)
        if low in lists.CONJUNCTIONS or low in lists.WH:
            return False
        if low in lists.VERBS and is_verb(words, back):
            return False
    return False
