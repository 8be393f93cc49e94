"""Asks syntok where sentences end: the vote where our own rules have no opinion.

syntok knows the abbreviations of three languages and many habits of writing, but it reads token by
token (.5 MB/s) and needs long for text full of brackets. So it is asked only about doubtful places,
in windows, and never twice about the same text: the work stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from syntok.segmenter import State, segment
from syntok.tokenizer import Tokenizer

SYNTOK_ABBREVIATIONS: frozenset[str] = frozenset(State.abbreviations)
"""Words, case kept, that syntok knows as abbreviations."""

_BEFORE = 300
_WINDOW = 2000
_AFTER = 200
_BRACKETS = re.compile(r"[(\[{⟨（［｛]")


@dataclass(slots=True)
class SyntokVotes:
    """syntok's sentence starts of one block, read window by window as they are asked for."""

    text: str
    start: int
    end: int
    _low: int = 0
    _high: int = -1
    _starts: frozenset[int] = field(default_factory=frozenset)
    _tokenizer: Tokenizer = field(default_factory=lambda: Tokenizer(replace_not_contraction=False))

    def splits(self, before: int, after: int) -> bool:
        """Say whether syntok begins a sentence between the offsets ``before`` and ``after``.

        Offsets must not decrease from one call to the next.
        """
        if not self._low <= before < self._high:
            self._read(before)
        return any(position in self._starts for position in range(before, after + 1))

    def _read(self, offset: int) -> None:
        low = max(self.start, offset - _BEFORE)
        high = min(self.end, offset + _WINDOW)
        window = self.text[low:high]
        self._low = offset
        self._high = high - _AFTER if high < self.end else high + 1
        if len(_BRACKETS.findall(window)) * 20 > len(window):
            self._starts = frozenset()  # syntok looks 50 tokens ahead at every bracket
            return
        sentences = segment(self._tokenizer.tokenize(window))
        self._starts = frozenset(low + sentence[0].offset for sentence in sentences if sentence)
