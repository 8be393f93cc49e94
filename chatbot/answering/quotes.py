"""Finds the sentence, or the run of sentences, that a claim is word for word.

White space, outer quotation marks and a final full stop do not count; nothing else is forgiven.
Knows no model.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

from chatbot.answering.claims import bare, same_words

Key = TypeVar("Key", bound=Hashable)
_MARKS = 4
"""Characters that a run may be longer than the claim: quotation marks and full stops."""


class Quotes(Generic[Key]):
    """Some sentences, ready to be found by their words: however many, a claim costs the same."""

    def __init__(self, sentences: Mapping[Key, str]) -> None:
        """Index the sentences, which stand in the order of their source."""
        self._items = list(sentences.items())
        self._places: dict[str, list[int]] = {}
        for place, (_, sentence) in enumerate(self._items):
            self._places.setdefault(same_words(sentence), []).append(place)
        self._places.pop("", None)
        self._lengths = sorted({len(form) for form in self._places})

    def find(self, text: str) -> tuple[Key, ...]:
        """Return the keys of the sentences that a claim quotes; empty where it is no quote."""
        wanted = {form for form in (same_words(text), same_words(bare(text))) if form}
        longest = max((len(form) for form in wanted), default=0)
        for first in self._beginnings(wanted):
            run = ""
            for last in range(first, len(self._items)):
                run = " ".join((run + " " + self._items[last][1]).split())
                if same_words(run) in wanted:
                    return tuple(key for key, _ in self._items[first : last + 1])
                if len(run) > longest + _MARKS:
                    break
        return ()

    def _beginnings(self, wanted: set[str]) -> list[int]:
        """Return the places of the sentences that a claim begins with."""
        beginnings = {form[:length] for form in wanted for length in self._lengths}
        return sorted({place for form in beginnings for place in self._places.get(form, ())})
