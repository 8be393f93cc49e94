"""Slips of the keyboard in a question: "truks to ukrane" is searched as "trucks to ukraine".

Only a word in lower case that neither the documents nor English hold is changed, to the word of the
documents that is one letter away (added, left out, changed, or two swapped; Norvig 2007). A name
that the user wrote as one, and a word that exists, stay: they may be meant. The query that was
used is shown with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from chatbot.models.model_files import common_words

Counts = Callable[[Sequence[str]], Mapping[str, int]]
"""For each of some words, in how many sentences of the store it stands."""
Stands = Callable[[str], bool]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"(?<![\w'’.@/-])[a-z]{4,24}(?![\w'’@/-])")
_MOST_WRONG = 0.6  # a question with a larger share of wrong words is in another language, or noise
_MOST_STRANGE = 20  # words that no dictionary has, up to which each is looked up
_MOST_CHANGED = 5
"""Words set right; each costs some hundred look-ups, and who errs more often means noise."""


def respelled(query: str, *, counts: Counts, stands: Stands) -> str:
    """Return the query with its misspelt words set right; as it is where nothing is sure.

    ``stands`` says whether a word stands in what is searched, so that no word of another person's
    documents comes to light.
    """
    plain = list(dict.fromkeys(_PLAIN.findall(query)))
    words = {word.lower() for word in _WORD.findall(query)}
    strange = [word for word in plain if word not in common_words()]
    if len(strange) > _MOST_STRANGE:
        return query
    wrong = [word for word in strange if not stands(word)]
    if not wrong or len(wrong) > min(_MOST_CHANGED, _MOST_WRONG * len(words)):
        return query
    meant = {word: found for word in wrong if (found := _meant(word, counts, stands))}
    return _PLAIN.sub(lambda match: meant.get(match.group(), match.group()), query)


def _meant(word: str, counts: Counts, stands: Stands) -> str | None:
    """Return the word that is one letter away: English ones before others, frequent ones first."""
    stored = counts(sorted(_one_letter_away(word)))
    found = sorted(
        (one for one in stored if stored[one]),
        key=lambda one: (one not in common_words(), -stored[one], one),
    )
    return next((one for one in found if stands(one)), None)


def _one_letter_away(word: str) -> set[str]:
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    changed = {a + c + b[1:] for a, b in splits if b for c in _LETTERS}
    added = {a + c + b for a, b in splits for c in _LETTERS}
    return (left_out | swapped | changed | added) - {word}
